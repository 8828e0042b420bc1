"""The list of late indicators on `/plan`, for `overview`: how far behind, since when, why, who acts next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n.babel import words as day_words
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.figures import IndicatorStatus, lower_is_better, targets_of
from app.plan.domain.observations import ObservationState
from app.plan.pages import lines
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import IndicatorLine
from app.plan.queries import figures, planned_needs, published, targets
from app.plan.shapes import FigureCheckRun
from app.ports import AttentionItem, PlanAttention

TEXT_LENGTH = 150  # of the text of an action
LATE = frozenset({IndicatorStatus.AT_RISK, IndicatorStatus.BEHIND})


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionRow:
    """A late indicator or another problem. `details` are sentences; `status` is a text and its shape.

    `buttons`: texts with their addresses.
    """

    title: str
    href: str
    details: Sequence[str]
    status: tuple[str, str]
    action_href: str = ""  # the form of an action about it
    lang: str = ""
    dir: str = ""
    buttons: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How much waits for a second person: figures entered by hand, proposed targets, planned needs by country."""

    figures: int = 0
    targets: int = 0
    needs: Mapping[str, int] = field(default_factory=dict)


def waiting(user: Actor, asked: PlanFilter) -> Waiting:
    """Return the values that wait for a second person, if the user decides them; targets and needs today only."""
    pending = len(figures.observations(state=ObservationState.PENDING)) if allows(user, Action.DECIDE_FIGURE) else 0
    if asked.past or not allows(user, Action.SET_TARGET):
        return Waiting(figures=pending)
    return Waiting(
        figures=pending,
        targets=targets.count_proposed(without=user.id),
        needs=planned_needs.count_proposed(without=user.id),
    )


def rows(
    plan: Plan,
    all_lines: Sequence[IndicatorLine],
    asked: PlanFilter,
    check: FigureCheckRun | None,
    *,
    waits: Waiting,
    further: PlanAttention,
) -> list[AttentionRow]:
    """Return faults of the check, indicators behind, those at risk, late work and actions, then waiting values."""
    late = sorted(
        (line for line in all_lines if line.state in LATE and line.fall is None),
        key=lambda line: line.state is not IndicatorStatus.BEHIND,
    )
    indicators = (_row(plan, line, asked, further.action_url) for line in late)
    attention_rows = [_faults(check, asked), *indicators, *map(_further, further.items)]
    attention_rows += [_targets(waits.targets), *_needs(waits.needs), _figures(waits.figures, asked)]
    return [row for row in attention_rows if row is not None]


def lead(all_lines: Sequence[IndicatorLine]) -> list[str]:
    """Return sentences that count the statuses of all indicators with a target."""
    counts = Counter(line.state for line in all_lines if line.indicator.targets)
    at_risk, behind = counts[IndicatorStatus.AT_RISK], counts[IndicatorStatus.BEHIND]
    no_data, not_due = counts[IndicatorStatus.NO_DATA], counts[IndicatorStatus.NOT_DUE]
    others = [
        (at_risk, ngettext("%(num)s is at risk.", "%(num)s are at risk.", at_risk)),
        (behind, ngettext("%(num)s is behind.", "%(num)s are behind.", behind)),
        (no_data, ngettext("%(num)s has no data yet.", "%(num)s have no data yet.", no_data)),
        (not_due, ngettext("%(num)s is not due yet.", "%(num)s are not due yet.", not_due)),
    ]
    on_track = ngettext(
        "%(num)s indicator is on track.", "%(num)s indicators are on track.", counts[IndicatorStatus.ON_TRACK]
    )
    return [on_track, *(sentence for count, sentence in others if count)]


def _targets(number: int) -> AttentionRow | None:
    if not number:
        return None
    return AttentionRow(
        title=ngettext("%(num)s target waits for a second person", "%(num)s targets wait for a second person", number),
        href=url_for("plan.show_targets"),
        details=[_("Proposed by another coordinator."), _("Next: a coordinator who did not propose it.")],
        status=(_("Waiting"), "wait"),
    )


def _needs(numbers: Mapping[str, int]) -> list[AttentionRow]:
    return [
        AttentionRow(
            title=_("%(country)s: planned needs wait for a second person", country=country_name(country)),
            href=url_for("plan.show_needs", country=country),
            details=[
                ngettext("%(num)s planned need.", "%(num)s planned needs.", numbers[country]),
                _("Next: the country or a coordinator."),
            ],
            status=(_("Waiting"), "wait"),
        )
        for country in labels.in_alphabet(numbers)
    ]


def _figures(number: int, asked: PlanFilter) -> AttentionRow | None:
    if not number:
        return None
    return AttentionRow(
        title=ngettext("%(num)s figure waits for a second person", "%(num)s figures wait for a second person", number),
        href=asked.link("plan.show_manual_figures"),
        details=[_("Entered by hand."), _("Next: a coordinator who did not enter it.")],
        status=(_("Waiting"), "wait"),
    )


def _faults(check: FigureCheckRun | None, asked: PlanFilter) -> AttentionRow | None:
    if check is None or not check.faults:
        return None
    return AttentionRow(
        title=ngettext("The check found %(num)s fault", "The check found %(num)s faults", check.faults),
        href=asked.link("plan.checks"),
        details=[_("Figures may be wrong until the fault is repaired."), _("Next: the administrator.")],
        status=(_("Behind"), "bad"),
    )


def _further(item: AttentionItem) -> AttentionRow:
    return AttentionRow(
        title=item.title,
        href=item.href,
        details=[*item.details, _("Next: %(who)s.", who=item.owner)],
        status=(item.word, item.kind),
        action_href=item.action_href,
        buttons=[
            (text, href)
            for text, href in (
                (_("Open details"), item.href),
                (_("Remind"), item.remind_href),
                (_("Assign an action"), item.action_href),
            )
            if href and item.remind_href
        ],
    )


def _row(plan: Plan, line: IndicatorLine, asked: PlanFilter, action_url: str) -> AttentionRow:
    title = labels.plan_title(plan, line.code)
    values = {"text": f"{line.code} {title.text}"[:TEXT_LENGTH], "subject": f"indicator:{line.code}"}
    owner = _("Next: %(who)s.", who=labels.owner(line.indicator.owner))
    return AttentionRow(
        title=_("%(code)s %(title)s", code=line.code, title=title.text),
        href=asked.link("plan.indicator", code=line.code),
        details=[text for text in (_progress(line), _since(line), _why(line), owner) if text],
        status=labels.status(line.state),
        action_href=f"{action_url}?{urlencode(values | {'origin': 'attention'})}" if action_url else "",
        lang=title.lang,
        dir=title.dir,
    )


def _progress(line: IndicatorLine) -> str:
    unit = line.indicator.unit
    return _(
        "%(now)s reached, %(planned)s expected today.",
        now=line.now.text,
        planned=labels.goal(line.planned or 0, unit),
    )


def _since(line: IndicatorLine) -> str:
    since: date | None = None
    for day, _headline, state in reversed(line.past):
        if state not in LATE:
            break
        since = day
    if since is None:
        return _("New in this quarter.")
    return _("Late since %(day)s.", day=day_words(since))


def _why(line: IndicatorLine) -> str:
    """Return why a figure is late, as far as the figures themselves show it."""
    if line.before is None:
        return ""
    day, before, _state = line.before
    if line.now.value is None or before.value is None:
        return ""
    moved = lines.moved_by(line, before.value, line.now.value)
    if not moved:
        return _("It has hardly moved since %(day)s.", day=day_words(day))
    if not _is_worse(line, moved):
        return _("It gets better, but too slowly: %(n)s on %(day)s.", n=before.text, day=day_words(day))
    return _worse_text(line.indicator, day_words(day))


def _worse_text(indicator: Indicator, day: str) -> str:
    if indicator.rule in published.VERIFIED:
        return _("Since %(day)s, more verifications expired than were added.", day=day)
    return _("It got worse since %(day)s.", day=day)


def _is_worse(line: IndicatorLine, moved: float) -> bool:
    indicator = line.indicator
    falls = lower_is_better(indicator.baseline, targets_of(indicator), indicator.unit)
    return moved > 0 if falls else moved < 0
