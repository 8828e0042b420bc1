"""Falls on `/plan`: indicators of verification whose number drops soon, with what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.access.targets import Target
from app.catalogue.domain.references.plan import Plan
from app.i18n.babel import joined, words as day_words
from app.plan import labels
from app.plan.domain.definitions import SHARES
from app.plan.domain.falls import DATED_RULES, ComingFigure, Fall, fall_of, limited, quarter_ends_ahead
from app.plan.domain.figures import IndicatorStatus
from app.plan.pages.attention import AttentionRow
from app.plan.pages.filters import PlanFilter
from app.plan.pages.frame import Frame
from app.plan.pages.lines import History, IndicatorLine
from app.plan.queries import falls as queries
from app.ports import PlanAttention, ports

ACTION_LENGTH = 150  # characters of an agreed action


def days(asked: PlanFilter) -> list[date]:
    """Return the coming days that falls are read from; none for an earlier day."""
    return [] if asked.past else quarter_ends_ahead(asked.on)


def marked(plan: Plan, lines: Iterable[IndicatorLine], history: History, asked: PlanFilter) -> list[IndicatorLine]:
    """Return the lines with their falls; the status of a line with a fall is at most "at risk"."""
    return [_marked(plan, line, history, asked) for line in lines]


def rows(frame: Frame, lines: Iterable[IndicatorLine], further: PlanAttention) -> list[AttentionRow]:
    """Return the falls as rows of "Needs attention"."""
    return [_row(frame, line, line.fall, further) for line in lines if line.fall is not None]


def what_if_href(frame: Frame, code: str) -> str:
    """Return the address of the what-if page of an indicator, "" for a reader who may not see it."""
    return url_for("plan.show_what_if", code=code) if allows(frame.actor, Action.TRY_WHAT_IF) else ""


def action_href(actor: Actor, code: str, text: str) -> str:
    """Return the address of the form for a new action about an indicator, "" for a reader who may not agree one."""
    if not allows(actor, Action.CREATE_ACTION):
        return ""
    values = {"text": text[:ACTION_LENGTH], "subject": f"indicator:{code}", "origin": "attention"}
    return f"{ports().path_to(Target.NEW_ACTION)}?{urlencode(values)}"


def _marked(plan: Plan, line: IndicatorLine, history: History, asked: PlanFilter) -> IndicatorLine:
    if line.indicator.rule not in DATED_RULES:
        return line
    ahead = [queries.coming(plan, line.indicator, history, asked, day) for day in days(asked)]
    fall = fall_of(queries.number_of(line.now), line.state, ahead)
    return line if fall is None else replace(line, fall=fall, state=limited(line.state))


def _row(frame: Frame, line: IndicatorLine, fall: Fall, further: PlanAttention) -> AttentionRow:
    title = labels.plan_title(frame.plan, line.code)
    href = frame.asked.link("plan.indicator", code=line.code)
    action_text = _("Stop the fall of %(code)s: watched checks or practice before dates end.", code=line.code)
    buttons = [
        (_("Open details"), href),
        (_("What if"), what_if_href(frame, line.code)),
        (_remind_text(further.contact_points), _remind_href(further, line.code)),
        (_("Assign an action"), action_href(frame.actor, line.code, action_text)),
    ]
    return AttentionRow(
        title=_("%(code)s %(title)s", code=line.code, title=title.text),
        href=href,
        details=[
            text for text in (*sentences(line, fall, frame.asked.on), _("Next: contact points, who see whose.")) if text
        ],
        status=labels.status(line.state),
        lang=title.lang,
        dir=title.dir,
        buttons=[button for button in buttons if button[1]],
    )


def _remind_text(count: int) -> str:
    return ngettext("Remind %(num)s contact point", "Remind all %(num)s contact points", count)


def _remind_href(further: PlanAttention, code: str) -> str:
    """Return the form of one reminder to all contact points, "" for a reader who may not remind."""
    return f"{further.remind_url}?{urlencode({'row': f'fall:{code}:'})}" if further.contact_points else ""


def sentences(line: IndicatorLine, fall: Fall, today: date) -> list[str]:
    """Return a fall in words: from what to what, and how many dates end."""
    return [_today(line, fall, today), _ahead(line, fall.ahead), _ending(line, fall)]


def _today(line: IndicatorLine, fall: Fall, today: date) -> str:
    is_ratio = line.now.n is not None and line.now.of is not None
    number = labels.ratio(line.now.n, line.now.of) if is_ratio else line.now.text
    if line.day != today:  # a reader of published numbers
        return _("Falls: %(n)s on %(day)s.", n=number, day=day_words(line.day))
    if fall.status is IndicatorStatus.ON_TRACK:
        return _("On track today, falls: %(n)s today.", n=number)
    return _("Falls: %(n)s today.", n=number)


def _ahead(line: IndicatorLine, ahead: Sequence[ComingFigure]) -> str:
    parts = [_("%(n)s on %(day)s", n=_text(line, figure), day=day_words(figure.day)) for figure in ahead]
    return _("If nothing new is proven: %(figures)s.", figures=joined(parts))


def _text(line: IndicatorLine, figure: ComingFigure) -> str:
    if figure.number is None:
        return _("fewer than 5")
    is_share = line.indicator.rule in SHARES and line.now.n is None
    return labels.number(figure.number, line.indicator.unit if is_share else "count")


def _ending(line: IndicatorLine, fall: Fall) -> str:
    """Return how many officers lose their date, for a reader of exact numbers."""
    last = fall.ahead[-1].number
    ending = 0 if last is None or not line.is_exact else round(fall.number - last)
    if ending <= 0:
        return ""
    return ngettext(
        "%(num)s officer needs a watched check or practice before the date ends.",
        "%(num)s officers need a watched check or practice before their dates end.",
        ending,
    )
