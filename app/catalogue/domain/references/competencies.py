"""`competencies.toml` and its texts: competencies, levels, roles, and how long a verification is valid."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from app.catalogue.domain.items import Level
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.entries import Id, Positive, read_entries, unknown, unknown_tables
from app.catalogue.domain.references.located import Located, locate
from app.catalogue.domain.references.texts import Texts, Wanted, read_all_texts
from app.catalogue.domain.references.toml_writer import plain, toml_text
from app.catalogue.domain.text import TextFile

_TABLES = ("level", "area", "role", "competency")


class Fading(StrEnum):
    """How a skill is lost: procedures more slowly than knowledge and decisions."""

    KNOWLEDGE = "knowledge"
    DECISION = "decision"
    PROCEDURE = "procedure"


class LevelRule(msgspec.Struct, frozen=True):
    """A level, in ascending order; `evidence` counts as progress, only `verified_by` verifies a competency."""

    id: Level
    evidence: tuple[Literal["quiz", "scenario", "observed_practice", "portfolio", "panel"], ...]
    verified_by: tuple[Literal["watched_check", "assessor", "two_assessors"], ...]


class Area(msgspec.Struct, frozen=True):
    id: Id


class JobRole(msgspec.Struct, frozen=True):
    """A role; `core_first_year` are the competencies that a new officer starts with."""

    id: Id
    core_first_year: tuple[str, ...] = ()


class Competency(msgspec.Struct, frozen=True):
    """One competency; `months` a verification may last; `required` is the level by role; `modules` teach it.

    `half_gain` is the measured number of days until half of the gain is lost; if it is None, `fading` is used.
    """

    id: Id
    area: str
    levels: tuple[Level, ...]
    months: Positive
    fading: Fading
    half_gain: Positive | None = None
    required: dict[str, Level] = {}
    modules: tuple[str, ...] = ()


class Competencies(msgspec.Struct, frozen=True):
    """The framework; `texts` by language: areas, levels, roles and competencies (a part a level, and `validity`)."""

    levels: tuple[LevelRule, ...] = ()
    areas: tuple[Area, ...] = ()
    roles: tuple[JobRole, ...] = ()
    competencies: tuple[Competency, ...] = ()
    texts: dict[str, Texts] = {}

    def get(self, name: str) -> Competency | None:
        """Return the competency of an id, or None."""
        return next((competency for competency in self.competencies if competency.id == name), None)

    def required_of(self, role: str) -> dict[str, Level]:
        """Return the level that a role needs, by competency, in the order of the file."""
        return {
            competency.id: competency.required[role] for competency in self.competencies if role in competency.required
        }


def read_competencies(
    toml_source: TextFile, md_sources: Mapping[str, TextFile], *, source_language: str = "en"
) -> tuple[Competencies, list[Problem]]:
    """Return the framework and every problem of its files."""
    file, problems = locate(toml_source)
    levels, wrong_levels = read_entries(file, "level", LevelRule)
    areas, wrong_areas = read_entries(file, "area", Area)
    roles, wrong_roles = read_entries(file, "role", JobRole)
    competencies, new_problems = read_entries(file, "competency", Competency)
    problems += [*wrong_levels, *wrong_areas, *wrong_roles, *new_problems, *unknown_tables(file, _TABLES)]
    problems += _links(file, roles, competencies)
    wanted = {name: Wanted() for table in _TABLES for name in file.ids(table)}
    wanted |= {
        competency.id: Wanted(tuple(level.value for level in competency.levels), ("validity",))
        for competency in competencies
    }
    texts, new_problems = read_all_texts(md_sources, wanted, source_language=source_language)
    return Competencies(levels, areas, roles, competencies, texts), problems + new_problems


def write_competencies(framework: Competencies, before: str = "") -> str:
    """Write `competencies.toml` into its earlier text; `write_texts` writes the texts of a language."""
    entries = (framework.levels, framework.areas, framework.roles, framework.competencies)
    return toml_text(
        {name: [plain(entry) for entry in group] for name, group in zip(_TABLES, entries, strict=True) if group}, before
    )


def _links(file: Located, roles: tuple[JobRole, ...], competencies: tuple[Competency, ...]) -> list[Problem]:
    known_ids = {table: file.ids(table) for table in _TABLES}
    problems = []
    for role in roles:
        index = known_ids["role"].index(role.id)
        problems += unknown(file, ("role", index, "core_first_year"), role.core_first_year, known_ids["competency"])
    for competency in competencies:
        index = known_ids["competency"].index(competency.id)
        problems += unknown(file, ("competency", index, "area"), [competency.area], known_ids["area"])
        offered = [level.value for level in competency.levels]
        problems += unknown(file, ("competency", index, "levels"), offered, known_ids["level"])
        problems += unknown(file, ("competency", index, "required"), competency.required, known_ids["role"])
        needed = [level.value for level in competency.required.values()]
        problems += unknown(file, ("competency", index, "required"), dict.fromkeys(needed), offered)
    return problems
