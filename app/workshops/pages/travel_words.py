"""Texts about visa and travel: the next step with the days left, warnings, and dates as facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _, ngettext, pgettext

from app.i18n import babel
from app.workshops.domain.travel import Travel, TravelStatus, TravelStep, TravelWarning, Visa

SHAPES = {TravelWarning.LATE: "bad", TravelWarning.SOON: "risk"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelLine:
    """What is next for a participant: the step, its last day with the days left, a state with its shape, warnings."""

    step: str
    left: str
    word: str
    kind: str
    warnings: Sequence[str]
    dates: Sequence[str]


def line(travel: Travel, status: TravelStatus, *, is_own: bool = False) -> TravelLine:
    """Return what is next for a participant; `is_own`: the participant reads it."""
    word, kind = _state(status)
    return TravelLine(
        step=step(status.step),
        left=left(status),
        word=word,
        kind=kind,
        warnings=[_warning(warning, is_own=is_own) for warning in status.warnings if warning not in SHAPES],
        dates=dates(travel, has_days=status.step is not TravelStep.WAIT_FOR_DAYS),
    )


def step(value: TravelStep) -> str:
    """Return what is to be done next."""
    return {
        TravelStep.SAY_IF_VISA: _("Say whether a visa is needed"),
        TravelStep.ASK_FOR_VISA: _("Request the visa"),
        TravelStep.RECEIVE_VISA: _("Receive the visa"),
        TravelStep.SET_TRAVEL: _("Enter the travel dates"),
        TravelStep.WAIT_FOR_DAYS: _("Wait for the new days"),
        TravelStep.READY: _("Ready to travel"),
    }[value]


def left(status: TravelStatus) -> str:
    """Return the last day of the next step with the days left, "" when all is done."""
    if status.until is None or status.days_left is None:
        return ""
    day = babel.short_day(status.until)
    if status.days_left < 0:
        number = -status.days_left
        return ngettext("By %(day)s, %(num)s day late", "By %(day)s, %(num)s days late", number, day=day)
    return ngettext("By %(day)s, %(num)s day left", "By %(day)s, %(num)s days left", status.days_left, day=day)


def dates(travel: Travel, *, has_days: bool) -> list[str]:
    """Return the visa and travel dates that are known, as short texts; no travel dates to an event without days."""
    texts = [
        (travel.visa_asked_on, _("Visa requested on %(day)s")),
        (travel.visa_received_on, _("Visa received on %(day)s")),
    ]
    if has_days:
        texts += [(travel.arrives_on, _("Arrives on %(day)s")), (travel.departs_on, _("Leaves on %(day)s"))]
    lines = [text % {"day": babel.short_day(day)} for day, text in texts if day is not None]
    return [_("No visa needed"), *lines] if travel.visa is Visa.NOT_NEEDED else lines


def _state(status: TravelStatus) -> tuple[str, str]:
    if status.step is TravelStep.READY:
        return (_("Check the dates"), "risk") if status.warnings else (pgettext("travel", "Ready"), "good")
    if status.step is TravelStep.WAIT_FOR_DAYS:
        return _("Waiting"), "wait"
    if TravelWarning.LATE in status.warnings:
        return _("Late"), "bad"
    if TravelWarning.SOON in status.warnings:
        return _("Due soon"), "risk"
    return pgettext("travel", "Open"), "open"


def _warning(warning: TravelWarning, *, is_own: bool) -> str:
    own = {
        TravelWarning.ARRIVES_LATE: _("You arrive after the event begins."),
        TravelWarning.LEAVES_EARLY: _("You leave before the event ends."),
    }
    others = {
        TravelWarning.ARRIVES_LATE: _("Arrives after the event begins."),
        TravelWarning.LEAVES_EARLY: _("Leaves before the event ends."),
    }
    return own[warning] if is_own else others[warning]
