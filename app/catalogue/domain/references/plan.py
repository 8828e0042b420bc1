"""`plan.toml` and its texts: results, activities, indicators and targets of the capacity-building plan."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.entries import Country, Id, Positive, Quarter, read_entries, read_entry
from app.catalogue.domain.references.located import Located, locate
from app.catalogue.domain.references.plan_checks import TEXT_PARTS, check_country_labels, check_plan
from app.catalogue.domain.references.texts import Texts, Wanted, read_all_texts
from app.catalogue.domain.references.toml_writer import plain, toml_text
from app.catalogue.domain.text import TextFile

Lead = Literal["secretariat", "trainers", "host_country", "co_chairs", "reviewing_countries", "coordinators"]
Rhythm = Literal["once", "yearly", "twice_a_year", "rolling"]
Split = Literal[
    "country", "country_pair", "host_country", "owner_country", "agency_type", "role", "gender", "language", "module",
    "delivery", "sensitivity", "topic", "theme", "format", "event", "product", "rubric", "type", "urgency", "offence",
    "sex", "child_adult", "form_of_exploitation",
]  # fmt: skip
Unit = Literal["count", "percent", "percentage_points", "ratio", "score", "hours", "days"]
Mailbox = Annotated[str, msgspec.Meta(pattern=r"^[^@\s<>]+@[^@\s<>]+$", max_length=200)]
Year = Annotated[int, msgspec.Meta(ge=2000, le=2100)]
Frequency = Literal["monthly", "quarterly", "twice_a_year", "yearly", "each_event"]


class PlanResult(msgspec.Struct, frozen=True):
    """An objective, expected result, need, outcome or output, with the ids above it that it serves."""

    id: Id
    objectives: tuple[str, ...] = ()
    expected_results: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    source: str = ""


class Activity(msgspec.Struct, frozen=True):
    """An activity of the plan; `starts` and `ends` are quarters, the last one included."""

    id: Id
    type: str
    contributes_to: tuple[str, ...]
    needs: tuple[str, ...]
    lead: Lead
    rhythm: Rhythm
    starts: Quarter | None = None
    ends: Quarter | None = None
    quantity: Positive | None = None
    modules: tuple[str, ...] = ()
    illustrative: bool = False


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`value` None: to be measured. `as_of` is the day of the value, or the first day of the quarter to measure in."""

    as_of: date | None = None
    value: float | None = None
    illustrative: bool = False


class IndicatorTarget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The target for the end of a year or of an earlier quarter; without a country, for all members.

    `second` if it is two figures. The last quarter ends with the year: its target is the year's.
    """

    period: int
    value: float
    second: float | None = None
    country: Country | None = None
    illustrative: bool = False
    quarter: Annotated[int, msgspec.Meta(ge=1, le=3)] | None = None

    @property
    def ends(self) -> date:
        """Return the last day of its year or quarter."""
        month = 3 * (self.quarter or 4)
        return date(self.period, month, 30 if month in (6, 9) else 31)


class Indicator(msgspec.Struct, frozen=True):
    """An indicator, stored as JSON. `rule` and `settings` define its value; a changed rule needs a new version."""

    id: Id
    level: Literal["context", "outcome", "output"]
    result: str
    rule: str
    definition_version: Positive
    valid_from: date
    unit: Unit
    entered: Literal["platform", "manual", "mixed"]
    frequency: Frequency
    owner: Literal["secretariat", "coordinator", "trainer", "national_contact_point"]
    split_by: tuple[Split, ...]
    baseline: Baseline
    settings: dict[str, Any] = {}
    targets: tuple[IndicatorTarget, ...] = ()

    @property
    def fixed(self) -> tuple[str, dict[str, Any], str, date]:
        """Return the values that cannot change within a version: rule, settings, unit, first day."""
        return self.rule, self.settings, self.unit, self.valid_from


class PlanPeriod(msgspec.Struct, frozen=True):
    """First and last day, both included."""

    starts: date
    ends: date
    illustrative: bool = False


class PlanPoint(msgspec.Struct, frozen=True):
    """An entry with texts only: a frame, an assumption, a risk."""

    id: Id


class Secretariat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mailbox of a role, never of a person."""

    mailbox: Mailbox
    illustrative: bool = False


class PlanHeader(msgspec.Struct, frozen=True):
    """The single values at the top of the file."""

    period: PlanPeriod
    members: tuple[Country, ...]
    co_chairs: tuple[Country, ...] = ()
    since: Year | None = None
    secretariat: Secretariat | None = None
    min_group: Positive = 5


class Plan(msgspec.Struct, frozen=True):
    """The plan; `texts` by language. `head` is None if the file lacks a required key."""

    head: PlanHeader | None = None
    frame: tuple[PlanPoint, ...] = ()
    objective: tuple[PlanResult, ...] = ()
    expected_result: tuple[PlanResult, ...] = ()
    need: tuple[PlanResult, ...] = ()
    outcome: tuple[PlanResult, ...] = ()
    output: tuple[PlanResult, ...] = ()
    activity: tuple[Activity, ...] = ()
    indicator: tuple[Indicator, ...] = ()
    assumption: tuple[PlanPoint, ...] = ()
    risk: tuple[PlanPoint, ...] = ()
    texts: dict[str, Texts] = {}


_TABLES: dict[str, type[msgspec.Struct]] = {
    "frame": PlanPoint, "objective": PlanResult, "expected_result": PlanResult, "need": PlanResult,
    "outcome": PlanResult, "output": PlanResult, "activity": Activity, "indicator": Indicator,
    "assumption": PlanPoint, "risk": PlanPoint,
}  # fmt: skip


def read_plan(
    toml_source: TextFile,
    md_sources: Mapping[str, TextFile],
    *,
    rules: Collection[str] | None = None,
    countries: Collection[str] | None = None,
    source_language: str = "en",
) -> tuple[Plan, list[Problem]]:
    """Return the plan and every problem; rules and member countries are compared with these lists where given."""
    file, problems = locate(toml_source)
    head, new_problems = _head(file)
    problems += new_problems
    groups: dict[str, Any] = {}
    for table, kind in _TABLES.items():
        groups[table], new_problems = read_entries(file, table, kind)
        problems += new_problems
    problems += check_plan(file, rules=rules, countries=countries)
    wanted = {"impact": Wanted()} if file.data else {}
    wanted |= {name: TEXT_PARTS.get(table, Wanted()) for table in _TABLES for name in file.ids(table)}
    texts, new_problems = read_all_texts(md_sources, wanted, source_language=source_language)
    new_problems += check_country_labels(file, texts.get(source_language))
    return Plan(head, **groups, texts=texts), problems + new_problems


def changed_definitions(toml_source: TextFile, plan: Plan, before: Plan) -> list[Problem]:
    """Return a problem for each definition that changed without a new version or went back to an older one."""
    file, _ = locate(toml_source)
    earlier = {indicator.id: indicator for indicator in before.indicator}
    problems = []
    for indicator in plan.indicator:
        previous = earlier.get(indicator.id)
        if previous is None or (indicator.definition_version > previous.definition_version):
            continue
        line = file.line("indicator", file.ids("indicator").index(indicator.id), "definition_version")
        names: dict[str, str | int | float] = {"id": indicator.id, "next": previous.definition_version + 1}
        if indicator.definition_version < previous.definition_version:
            message = "The definition of %(id)s goes back to an earlier version."
        elif indicator.fixed != previous.fixed:
            message = "The rule, settings, unit or first day of %(id)s changed, and its version did not."
        else:
            continue
        hint = "Write definition_version = %(next)d and the day from which it is valid."
        problems.append(Problem(file.file, line, message, hint, names))
    return problems


def write_plan(plan: Plan, before: str = "") -> str:
    """Write `plan.toml` into its earlier text; `write_texts` writes the texts of a language."""
    values = plain(plan.head) if plan.head else {}
    groups = {table: [plain(entry) for entry in getattr(plan, table)] for table in _TABLES}
    return toml_text(values | {table: group for table, group in groups.items() if group}, before)


def _head(file: Located) -> tuple[PlanHeader | None, list[Problem]]:
    values = {key: value for key, value in file.data.items() if key not in _TABLES}
    return read_entry(file, values, PlanHeader) if file.data else (None, [])
