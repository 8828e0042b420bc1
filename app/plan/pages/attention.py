"""What needs somebody: how far behind, since when, why, who acts next."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.catalogue.domain.references.plan import Plan
from app.i18n.babel import words as day_words
from app.plan import labels
from app.plan.domain import cells
from app.plan.domain.figures import Status, lower_is_better, targets_of
from app.plan.pages import published
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import IndicatorLine
from app.plan.shapes import Checked

LATE = frozenset({Status.AT_RISK, Status.BEHIND})


def rows(plan: Plan, lines: Sequence[IndicatorLine], asked: PlanFilter) -> list[dict[str, Any]]:
    """Return the indicators that are behind or at risk, what is behind first."""
    late = sorted((line for line in lines if line.state in LATE), key=lambda line: line.state is not Status.BEHIND)
    return [_row(plan, line, asked) for line in late]


def lead(lines: Sequence[IndicatorLine]) -> list[str]:
    """Return sentences that count the statuses of all indicators with a target."""
    aimed = [line for line in lines if line.indicator.targets]
    number = {state: sum(line.state is state for line in aimed) for state in Status}
    n = number[Status.ON_TRACK]
    found = [ngettext("%(num)s indicator is on track.", "%(num)s indicators are on track.", n)]
    if n := number[Status.AT_RISK]:
        found.append(ngettext("%(num)s is at risk.", "%(num)s are at risk.", n))
    if n := number[Status.BEHIND]:
        found.append(ngettext("%(num)s is behind.", "%(num)s are behind.", n))
    if n := number[Status.NO_DATA]:
        found.append(ngettext("%(num)s has no data yet.", "%(num)s have no data yet.", n))
    if n := number[Status.NOT_DUE]:
        found.append(ngettext("%(num)s is not due yet.", "%(num)s are not due yet.", n))
    return found


def waiting(number: int, asked: PlanFilter) -> dict[str, Any] | None:
    """Return a row for figures that wait for a second person."""
    if not number:
        return None
    title = ngettext("%(num)s figure waits for a second person", "%(num)s figures wait for a second person", number)
    return {
        "title": title,
        "href": asked.link("plan.show_manual_figures"),
        "sub": [_("Entered by hand."), _("Next: a coordinator who did not enter it.")],
        "word": _("Waiting"),
        "kind": "wait",
        "lang": "",
        "dir": "",
    }


def faults(check: Checked | None, asked: PlanFilter) -> dict[str, Any] | None:
    """Return a row for what the last check found."""
    if check is None or not check.faults:
        return None
    title = ngettext("The check found %(num)s fault", "The check found %(num)s faults", check.faults)
    return {
        "title": title,
        "href": asked.link("plan.checks"),
        "sub": [_("Figures may be wrong until it is mended."), _("Next: the administrator.")],
        "word": _("Behind"),
        "kind": "bad",
        "lang": "",
        "dir": "",
    }


def _row(plan: Plan, line: IndicatorLine, asked: PlanFilter) -> dict[str, Any]:
    word, kind = labels.status(line.state)
    title = labels.said(plan, line.code)
    return {
        "title": _("%(code)s %(title)s", code=line.code, title=title.text),
        "href": asked.link("plan.indicator", code=line.code),
        "sub": [text for text in (_far(line), _since(line), _why(line), _next(line)) if text],
        "word": word,
        "kind": kind,
        "lang": title.lang,
        "dir": title.dir,
    }


def _far(line: IndicatorLine) -> str:
    unit = line.indicator.unit
    return _(
        "%(now)s reached, %(planned)s expected by now.",
        now=line.now.text,
        planned=labels.goal(line.planned or 0, unit),
    )


def _since(line: IndicatorLine) -> str:
    since: date | None = None
    for day, _one, state in reversed(line.past):
        if state not in LATE:
            break
        since = day
    if since is None:
        return _("New in this quarter.")
    return _("Late since %(day)s.", day=day_words(since))


def _why(line: IndicatorLine) -> str:
    """Return why a figure is late, as far as the figures themselves tell it."""
    if line.before is None or line.now.value is None or line.before[1].value is None:
        return ""
    day, before = day_words(line.before[0]), line.before[1].value
    moved: float | None = line.now.value - before
    if published.about_officers(line.indicator):
        moved = cells.change(before, line.now.value)
    if not moved:
        return _("It has hardly moved since %(day)s.", day=day)
    worse = (
        moved > 0
        if lower_is_better(line.indicator.baseline, targets_of(line.indicator), line.indicator.unit)
        else moved < 0
    )
    if not worse:
        return _("It gets better, but too slowly: %(n)s on %(day)s.", n=line.before[1].text, day=day)
    if line.indicator.rule in published.VERIFIED:
        return _("More verifications ended than new ones came since %(day)s.", day=day)
    return _("It got worse since %(day)s.", day=day)


def _next(line: IndicatorLine) -> str:
    return _("Next: %(who)s.", who=labels.owner(line.indicator.owner))
