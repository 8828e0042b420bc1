"""Check `plan.toml`: named ids and rules exist, countries are members, years are within the period."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.entries import texts_in, unknown
from app.catalogue.domain.references.located import Located
from app.catalogue.domain.references.texts import Texts, Wanted

TEXT_PARTS = {
    "indicator": Wanted(("unit", "verification"), ("caution", "baseline", "country_title", "country_unit")),
    "activity": Wanted(("lead",)),
}
# the rules that `plan` implements; its tests compare both lists
RULES = frozenset({
    "action_points_on_time", "active_countries", "assessors_agree", "commitments_done",
    "completed_of_started", "completers", "contact_pairs", "content_marked", "countries_present", "evaluation_mean",
    "events_closed", "exercise_mean_rubric", "exercise_median_time", "follow_up_reports",
    "incidents", "mean_gain", "modules_current", "observed", "observed_countries",
    "offered_seats_used", "offline_share", "practices_taken_up", "research_cited", "research_published",
    "retained_share", "scenario_accuracy", "session_attendance", "survey_share",
    "translations_reviewed", "verified_in_all", "verified_in_all_share", "women_among_attended",
})  # fmt: skip
COUNTING_COUNTRIES = frozenset({"active_countries", "contact_pairs", "countries_present", "observed_countries"})
OF_ONE_COUNTRY = ("country_title", "country_unit")  # parts of the text of an indicator that counts countries
_LINKS: dict[str, dict[str, tuple[str, ...]]] = {  # table: key: tables whose ids it may name
    "expected_result": {"objectives": ("objective",)},
    "need": {"expected_results": ("expected_result",)},
    "outcome": {"needs": ("need",), "expected_results": ("expected_result",)},
    "output": {"outcomes": ("outcome",)},
    "activity": {"contributes_to": ("output", "outcome"), "needs": ("need",)},
}


def check_plan(file: Located, *, rules: Collection[str] | None, countries: Collection[str] | None) -> list[Problem]:
    """Return a problem for each unknown id, rule, country or year, each repeated id, and a reversed period."""
    members = texts_in(file.data.get("members"))
    problems = unknown(file, ("", 0, "members"), members, countries) if countries is not None else []
    problems += unknown(file, ("", 0, "co_chairs"), texts_in(file.data.get("co_chairs")), members)
    for table, index, values in _entries(file, *_LINKS):
        for key, tables in _LINKS[table].items():
            known_ids = [name for other in tables for name in file.ids(other)]
            problems += unknown(file, (table, index, key), texts_in(values.get(key)), known_ids)
    return problems + _indicators(file, rules, members) + _order(file) + _one_id(file)


def _indicators(file: Located, rules: Collection[str] | None, members: list[str]) -> list[Problem]:
    results = ["impact", *file.ids("outcome"), *file.ids("output")]
    problems = []
    for table, index, values in _entries(file, "indicator"):
        problems += unknown(file, (table, index, "result"), texts_in([values.get("result")]), results)
        if rules is not None:
            problems += unknown(file, (table, index, "rule"), texts_in([values.get("rule")]), rules)
        problems += _targets(file, index, _tables(values.get("targets")), members)
    return problems


def check_country_labels(file: Located, source: Texts | None) -> list[Problem]:
    """Return a problem for each indicator that counts countries and has no title and unit for one country."""
    problems: list[Problem] = []
    if source is None:
        return []
    for _table, _index, values in _entries(file, "indicator"):
        text = source.get(str(values.get("id")))
        if text is None or values.get("rule") not in COUNTING_COUNTRIES:
            continue
        for part in OF_ONE_COUNTRY:
            if not text.parts.get(part):
                message = "%(id)s counts countries and has no %(part)s: what the number of one country is."
                hint = "Add the line - %(part)s: to its text."
                problems.append(Problem(source.file, text.line, message, hint, {"id": text.id, "part": part}))
    return problems


def _targets(file: Located, index: int, targets: list[dict[str, Any]], members: list[str]) -> list[Problem]:
    position = ("indicator", index, "targets")
    problems = unknown(file, position, texts_in([target.get("country") for target in targets]), members)
    years = _years(file)
    if years:
        named = [str(target["period"]) for target in targets if isinstance(target.get("period"), int)]
        problems += unknown(file, position, named, years)
    cells = [(target.get("period"), target.get("quarter"), target.get("country")) for target in targets]
    if len(cells) != len(set(cells)):
        message, hint = "There are two targets for the same year and country.", "Remove one of them."
        problems.append(Problem(file.file, file.line(*position), message, hint))
    return problems


def _years(file: Located) -> list[str]:
    starts, ends = _period(file)
    return [str(year) for year in range(starts.year, ends.year + 1)] if starts and ends else []


def _order(file: Located) -> list[Problem]:
    starts, ends = _period(file)
    if starts and ends and ends < starts:
        return [Problem(file.file, file.line("", 0, "period"), "The period ends before it starts.", "Change a day.")]
    return []


def _one_id(file: Located) -> list[Problem]:
    """Return a problem for each id in two tables, because texts are found by id alone."""
    tables_of_ids: dict[str, str] = {}
    problems = []
    tables = [table for table, value in file.data.items() if isinstance(value, list)]
    for table, index, values in _entries(file, *tables):
        name = values.get("id")
        if isinstance(name, str) and tables_of_ids.setdefault(name, table) != table:
            message, hint = "The id %(id)s is already used, in [[%(table)s]].", "Give this entry another id."
            line = file.line(table, index, "id")
            problems.append(Problem(file.file, line, message, hint, {"id": name, "table": tables_of_ids[name]}))
    return problems


def _period(file: Located) -> tuple[date | None, date | None]:
    period = file.data.get("period")
    if not isinstance(period, dict):
        return None, None
    starts, ends = period.get("starts"), period.get("ends")
    return (starts if isinstance(starts, date) else None), (ends if isinstance(ends, date) else None)


def _entries(file: Located, *tables: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for table in tables:
        for index, values in enumerate(file.tables(table)):
            yield table, index, values


def _tables(values: Any) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
