"""Texts about nominations for the secretariat: phase and days, states, obstacles, why a decision was taken."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_decimal, gettext as _, ngettext

from app.i18n import babel
from app.i18n.languages import country_name, language_name
from app.workshops.domain.allocation import ExceptionCategory, LostSeat, Reason, SeatSource
from app.workshops.domain.eligibility import Obstacle, ObstacleKind
from app.workshops.domain.nominations import LanguageLevel
from app.workshops.domain.phases import NominationRules, Phase, phase
from app.workshops.labels import nominations as nomination_labels
from app.workshops.queries.selection import ComparedCountry
from app.workshops.service.selection import NOT_NOMINATED
from app.workshops.shapes import WorkshopFacts


def phase_text(workshop: WorkshopFacts, rules: NominationRules, now: datetime) -> str:
    """Return where an event is in its nominations, and the next day with the days left."""
    today = now.astimezone(ZoneInfo(workshop.time_zone)).date()
    current = phase(workshop.times, now)
    if current is Phase.NOMINATIONS_OPEN:
        day = babel.short_day(rules.deadline)
        left = (rules.deadline - today).days
        if not left:
            return _("Nominations close today.")
        return ngettext(
            "Nominations close on %(day)s, in %(num)s day.", "Nominations close on %(day)s, in %(num)s days.", left,
            day=day,
        )  # fmt: skip
    return {
        Phase.DRAFT: _("The event is a draft. Nominations open once it is announced."),
        Phase.CLEARED: _("The event is cleared. Nominations open once it is announced."),
        Phase.ANNOUNCED: _("Nominations open on %(day)s.", day=babel.short_day(rules.opens)),
        Phase.NOMINATIONS_CLOSED: _("Nominations are closed. Check the proposal and confirm the selection."),
        Phase.SELECTION_MADE: _(
            "The seats are shared. Next: the offers, then the decision whether the event takes place."
        ),
        Phase.SEATS_CONFIRMED: _("The event takes place."),
        Phase.RUNNING: _("The event is taking place."),
        Phase.FINISHED: _("The event is over."),
        Phase.CLOSED: _("The event is closed. It can only be read."),
        Phase.POSTPONED: _("The event is postponed. Its nominations stay. Set a new date, then resume it."),
        Phase.CANCELLED: _("It was cancelled: %(reason)s", reason=workshop.reason),
    }[current]


def sum_line(*, countries: int, guaranteed: int, capacity: int) -> str:
    """Return how the seats are shared, such as: 13 countries × 1 seat + 13 shared = 26."""
    return _(
        "%(countries)s × %(seats)s + %(pool)s shared = %(total)s",
        countries=ngettext("%(num)s country", "%(num)s countries", countries),
        seats=ngettext("%(num)s seat", "%(num)s seats", guaranteed),
        pool=capacity - countries * guaranteed,
        total=capacity,
    )


def days(workshop: WorkshopFacts, rules: NominationRules) -> list[tuple[str, str]]:
    """Return the days of a nominated event with their terms, in the order of the process.

    Those that depend on the days of the event are marked as of before while it has none.
    """
    nominations = [(_("Nominations open"), rules.opens), (_("Nominations close"), rules.deadline)]
    later = [
        (_("Go or no go"), rules.decide_by),
        (_("Free seats are shared again"), rules.reallocation),
        (_("Withdrawal without a reason until"), rules.withdraw_by),
    ]
    return [
        *((term, babel.short_day(day)) for term, day in nominations),
        *((term, _day_before_event(workshop, day)) for term, day in later if day is not None),
    ]


def _day_before_event(workshop: WorkshopFacts, day: date) -> str:
    text = babel.short_day(day)
    return text if workshop.has_days else _("Before: %(day)s", day=text)


def source(value: SeatSource | None) -> str:
    """Return the label of the source of a seat, or a dash."""
    if value is None:
        return "–"
    return str(nomination_labels.SOURCES[value])


def language_level(value: LanguageLevel | None) -> str:
    """Return the label of a level of the working language, or a dash."""
    if value is None:
        return "–"
    return str(nomination_labels.LANGUAGE_LEVELS[value])


def obstacle(value: Obstacle, roles: Mapping[str, str]) -> str:
    """Return what an officer lacks; `roles` are the titles of the framework's roles."""
    if value.kind is ObstacleKind.SENSITIVITY:
        return _("Is no practitioner of law enforcement")
    names = {
        ObstacleKind.ROLE: lambda code: roles.get(code, code),
        ObstacleKind.LANGUAGE: language_name,
    }.get(value.kind, str)
    codes = babel.joined([str(names(code)) for code in value.codes])
    return {
        ObstacleKind.ROLE: _("Role missing: %(codes)s", codes=codes),
        ObstacleKind.COURSES: _("Course missing: %(codes)s", codes=codes),
        ObstacleKind.COMPETENCIES: _("Competency missing: %(codes)s", codes=codes),
        ObstacleKind.LANGUAGE: _("Language missing: %(codes)s", codes=codes),
        ObstacleKind.OVERLAP: _("Has a seat on the same days: %(codes)s", codes=codes),
    }[value.kind]


def obstacle_kind(kind: str) -> str:
    """Return the label of the kind of obstacle that a stored decision names."""
    return {
        ObstacleKind.ROLE: _("the role"),
        ObstacleKind.COURSES: _("a course"),
        ObstacleKind.COMPETENCIES: _("a competency"),
        ObstacleKind.SENSITIVITY: _("work in law enforcement"),
        ObstacleKind.LANGUAGE: _("the language"),
        ObstacleKind.OVERLAP: _("free days: another event overlaps"),
    }[ObstacleKind(kind)]


def result(reason: Reason, reserve: int | None) -> tuple[str, str]:
    """Return the result of a decision and its shape."""
    return {
        Reason.GUARANTEED_SEAT: (_("Seat"), "good"),
        Reason.POOL_SEAT: (_("Seat"), "good"),
        Reason.SET_IN: (_("Seat"), "good"),
        Reason.NO_SEAT_LEFT: (_("Waiting %(n)s", n=reserve), "wait"),
        Reason.NOT_ELIGIBLE: (_("Not eligible"), "bad"),
        Reason.SET_OUT: (_("Set out"), "none"),
    }[reason]


def why(
    reason: Reason,
    *,
    rank: int | None,
    exception: str,
    category: ExceptionCategory | None,
    lacks: Sequence[str],
    compared: Sequence[ComparedCountry],
    lost_seat: LostSeat | None = None,
) -> str:
    """Return why a decision was taken; `lacks` are the missing requirements, `exception` is the note for staff."""
    if lost_seat:
        text = _("The guaranteed seat of its country went to an officer selected by exception")
        return f"{text}: {nomination_labels.EXCEPTION_CATEGORIES[lost_seat.category]}" if lost_seat.category else text
    if category:
        exception = f"{nomination_labels.EXCEPTION_CATEGORIES[category]}. {exception}"
    return {
        Reason.SET_IN: _("Exception: %(reason)s", reason=exception),
        Reason.SET_OUT: _("Exception: %(reason)s", reason=exception),
        Reason.NOT_ELIGIBLE: ". ".join(lacks) or _("Its country is not invited"),
        Reason.GUARANTEED_SEAT: _guaranteed(rank),
        Reason.POOL_SEAT: _difference(compared),
        Reason.NO_SEAT_LEFT: _("No seat left. Seats that become free are offered in this order"),
    }[reason]


def _guaranteed(rank: int | None) -> str:
    """Return why a nominee has a guaranteed seat; a nomination that ended has no rank."""
    if rank is None:
        return _("A guaranteed seat of its country")
    return _("Rank %(n)s of its country: a guaranteed seat", n=rank)


def _difference(compared: Sequence[ComparedCountry]) -> str:
    """Return the first value by which the winner goes before the next country."""
    if not compared:
        return _("A shared seat, by the rule")
    if len(compared) == 1:
        return _("The only country with an officer left")
    first, second = compared[:2]
    other = country_name(second.country)
    shares = _(
        "Smallest share of seats used: %(share)s, before %(other)s with %(others)s",
        share=rate(first.used_rate),
        other=other,
        others=rate(second.used_rate),
    )
    differences = [
        (first.used_rate != second.used_rate, shares),
        (
            first.has_named_role != second.has_named_role,
            _("Same share as %(other)s, and has a role of the event", other=other),
        ),
        (
            first.has_done_courses != second.has_done_courses,
            _("Same share as %(other)s, and the needed courses are done", other=other),
        ),
        (
            first.women != second.women,
            _("Same share as %(other)s, and fewer women have seats than are nominated", other=other),
        ),
        (
            first.nominated_at != second.nominated_at,
            _("Same share as %(other)s, and nominated earlier", other=other),
        ),
    ]
    return next((text for differs, text in differences if differs), _("Equal to %(other)s, by lot", other=other))


def stored_reason(reason: str) -> str:
    """Return the reason of a change: the text of a person, or the label of a code that a rule wrote."""
    return {
        str(Reason.GUARANTEED_SEAT): _("A guaranteed seat of its country"),
        str(Reason.POOL_SEAT): _("A shared seat, by the rule"),
        str(Reason.NO_SEAT_LEFT): _("No seat left"),
        str(Reason.NOT_ELIGIBLE): _("A requirement of the event is missing"),
        NOT_NOMINATED: _("The country did not nominate the officer in time"),
        **{code: str(label) for code, label in nomination_labels.EXCEPTION_CODES.items()},
    }.get(reason, reason)


def rate(value: float) -> str:
    """Return a share of used seats with two decimals."""
    return str(format_decimal(value, "0.00"))


def compared_lines(compared: Sequence[ComparedCountry]) -> list[str]:
    """Return the compared values of each country, in the order in which they decide."""
    counts_women = len({value.women for value in compared}) > 1  # equal values decide nothing
    return [_compared_line(value, counts_women=counts_women) for value in compared]


def _compared_line(value: ComparedCountry, *, counts_women: bool) -> str:
    parts = [
        _("share used %(n)s", n=rate(value.used_rate)),
        _("role of the event") if value.has_named_role else _("another role"),
        _("courses done") if value.has_done_courses else _("courses missing"),
        *([_("women first")] if counts_women and value.women == 0 else []),
        _("nominated on %(day)s", day=babel.short_day(value.nominated_at.date())),
        _("lot %(lot)s", lot=value.draw[:6]),
    ]
    return _("%(country)s: %(values)s", country=country_name(value.country), values=", ".join(parts))
