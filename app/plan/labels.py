"""Labels in the user's language: texts of the plan file, statuses, units, roles, kinds of agencies, countries."""

from collections.abc import Iterable, Mapping
from datetime import date

from babel import Locale
from flask_babel import format_decimal, format_percent, get_locale, gettext as _, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import role_titles
from app.i18n.languages import country_name, current
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.kernel.folding import fold
from app.learning.domain.recorded_completions import CompletionProof
from app.plan.domain.definitions import Collected
from app.plan.domain.figures import IndicatorStatus
from app.plan.domain.targets import TargetPeriod, TargetState
from app.web.request_state import request_state

RECORD_KINDS = {
    "version": lazy_gettext("Course published, facts checked within a year"),
    "language": lazy_gettext("Course checked in a language"),
    "completion": lazy_gettext("First course completed"),
    "enrolment": lazy_gettext("Course begun"),
    "active": lazy_gettext("Time of learning"),
    "event": lazy_gettext("Event closed"),
    "session": lazy_gettext("Seat at a session"),
    "core": lazy_gettext("All that is asked for is verified"),
    "gain": lazy_gettext("Pre-test and first test of a course"),
    "retained": lazy_gettext("Delayed questions of a passed course"),
    "unanswered": lazy_gettext("Delayed questions not answered in 45 days"),
    "case": lazy_gettext("First finished case"),
    "agreement": lazy_gettext("Result scored by two assessors"),
    "content": lazy_gettext("Version of a course with its content"),
    "incident": lazy_gettext("Security incident"),
    "action": lazy_gettext("Action agreed at a meeting"),
    "evaluation": lazy_gettext("Closed evaluation of an event"),
    "follow_up": lazy_gettext("Officer asked after an event"),
    "commitment": lazy_gettext("Commitment of a study visit"),
    "seat": lazy_gettext("Offered seat"),
    "women": lazy_gettext("Nominees of an event who told their sex"),
    "report": lazy_gettext("Figure entered by hand"),
}


PROOFS: Mapping[CompletionProof, LazyString] = {
    CompletionProof.CERTIFICATE: lazy_gettext("Certificate"),
    CompletionProof.ATTENDANCE_LIST: lazy_gettext("Attendance list"),
    CompletionProof.SERVICE_RECORD: lazy_gettext("Record of the agency"),
    CompletionProof.OTHER: lazy_gettext("Other proof"),
}
DECIMAL_UNITS = frozenset({"ratio", "score"})  # with one decimal place at least
ARTICLES = {"ar": "ال"}  # left out of the order of the alphabet


def plan_title(plan: Plan, name: str) -> TranslatedText:
    """Return the title of a part of the plan in the user's language or the source's, or its id."""
    for code in (current(), SOURCE):
        text = plan.texts[code].get(name) if code in plan.texts else None
        if text is not None and text.title:
            return TranslatedText(text.title, code)
    return TranslatedText(name, SOURCE)


def body(plan: Plan, name: str) -> TranslatedText:
    """Return the sentences of a part of the plan, empty where there are none."""
    for code in (current(), SOURCE):
        text = plan.texts[code].get(name) if code in plan.texts else None
        if text is not None and text.body:
            return TranslatedText(text.body, code)
    return TranslatedText("", SOURCE)


def part(plan: Plan, name: str, wanted: str) -> TranslatedText:
    """Return a named line of a part of the plan (unit, caution, verification, lead), empty where there is none."""
    for code in (current(), SOURCE):
        text = plan.texts[code].get(name) if code in plan.texts else None
        if text is not None and text.parts.get(wanted):
            return TranslatedText(text.parts[wanted], code)
    return TranslatedText("", SOURCE)


def status(value: IndicatorStatus) -> tuple[str, str]:
    """Return a status in words, and its shape."""
    return {
        IndicatorStatus.ON_TRACK: (_("On track"), "good"),
        IndicatorStatus.AT_RISK: (_("At risk"), "risk"),
        IndicatorStatus.BEHIND: (_("Behind"), "bad"),
        IndicatorStatus.NO_DATA: (_("No data"), "none"),
        IndicatorStatus.NOT_DUE: (_("Not due"), "open"),
    }[value]


def number(value: float, unit: str = "count") -> str:
    """Return a figure with its unit in the user's language."""
    if unit == "percent":
        return _percent(value)
    plain = str(format_decimal(value, "#,##0.0#" if unit in DECIMAL_UNITS else "#,##0.#"))
    if unit == "percentage_points":
        return ngettext("%(n)s point", "%(n)s points", round(value), n=plain)
    if unit == "hours":
        return ngettext("%(n)s hour", "%(n)s hours", round(value), n=plain)
    if unit == "days":
        return ngettext("%(n)s day", "%(n)s days", round(value), n=plain)
    return plain


def _percent(value: float) -> str:
    whole = (get_locale() or Locale("en")).percent_formats[None].pattern  # French has a space before the sign
    has_decimal = value % 1 and value < 10
    return str(format_percent(value / 100, whole.replace("0", "0.#") if has_decimal else whole))


def ratio(n: float | None, of: float | None) -> str:
    """Return "12 of 40", or "" for a figure that is not a ratio."""
    return "" if n is None or of is None else _("%(n)s of %(of)s", n=number(n), of=number(of))


def goal(value: float, unit: str = "count") -> str:
    """Return an expected value: whole officers, whole workshops."""
    return number(round(value) if unit in {"count", "percent"} else value, unit)


def period(due: TargetPeriod) -> str:
    """Return the year or quarter of a target."""
    return str(due.year) if due.quarter is None else _("Q%(n)s %(year)s", n=due.quarter, year=due.year)


def values(value: float, second: float | None, unit: str = "count") -> str:
    """Return the value of a target, or both values."""
    first = number(value, unit)
    return first if second is None else _("%(first)s and %(second)s", first=first, second=number(second, unit))


def target_state(value: TargetState) -> tuple[str, str]:
    """Return the state of a version of a target in words, and its shape."""
    return {
        TargetState.DRAFT: (_("Draft"), "here"),
        TargetState.PROPOSED: (_("Proposed"), "wait"),
        TargetState.AGREED: (_("Agreed"), "good"),
        TargetState.REPLACED: (_("Replaced"), "none"),
    }[value]


def quarter(day: date) -> str:
    """Return the quarter that a day is in."""
    return _("Q%(n)s %(year)s", n=(day.month + 2) // 3, year=day.year)


def owner(value: str) -> str:
    """Return the owner of an indicator."""
    return {
        "secretariat": _("Secretariat"),
        "coordinator": _("Coordinator"),
        "trainer": _("Trainers"),
        "national_contact_point": _("National contact points"),
    }.get(value, value)


def frequency(value: str) -> str:
    """Return how often an indicator is looked at."""
    return {
        "monthly": _("Reviewed monthly"),
        "quarterly": _("Reviewed quarterly"),
        "twice_a_year": _("Reviewed twice a year"),
        "yearly": _("Reviewed yearly"),
        "each_event": _("Reviewed after each event"),
    }.get(value, value)


def source(entered: str) -> str:
    """Return where the figures of an indicator come from."""
    return {
        "platform": _("Counted by the academy"),
        "manual": _("Entered by hand"),
        "mixed": _("From short forms, confirmed by a second person"),
    }.get(entered, entered)


def interim(value: Collected) -> str:
    """Return the mark of figures that are entered by hand until the academy counts them, "" for others."""
    return _("interim, by hand") if value is Collected.INTERIM else ""


def agency_kind(value: str) -> str:
    """Return a kind of agency."""
    return {
        "border": _("Border service"),
        "police": _("Police"),
        "prosecution": _("Prosecution"),
        "labour": _("Labour inspection"),
        "migration": _("Migration service"),
        "other": _("Another agency"),
        "": _("No agency known"),
    }.get(value, value)


def roles() -> Mapping[str, str]:
    """Return the titles of the roles of officers, read once a page; the empty code is an unknown role."""
    titles = request_state().role_titles
    if current() not in titles:
        titles[current()] = {**role_titles(catalogue.competencies(), current()), "": _("No role known")}
    return titles[current()]


def in_alphabet(countries: Iterable[str]) -> list[str]:
    """Return the codes of countries in alphabetical order of the user's language."""
    article = ARTICLES.get(current(), "")
    return sorted(
        countries, key=lambda code: fold(country_name(code).removeprefix(article) if article else country_name(code))
    )
