"""`competencies.toml` and its texts: what can be learned, the level a role needs, how long it holds."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from app.catalogue.domain.items import Level
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.entries import Id, Positive, read_entries, unknown
from app.catalogue.domain.references.located import Located, locate
from app.catalogue.domain.references.texts import Texts, Wanted, check_texts, read_texts
from app.catalogue.domain.references.toml_writer import plain, toml_text
from app.catalogue.domain.text import Source

_TABLES = ("level", "area", "role", "competency")


class Fading(StrEnum):
    """How a skill is lost: procedures more slowly than knowledge and decisions."""

    KNOWLEDGE = "knowledge"
    DECISION = "decision"
    PROCEDURE = "procedure"


class LevelRule(msgspec.Struct, frozen=True):
    """A level, low to high in the file; `evidence` brings an officer on, `verified_by` alone verifies."""

    id: Level
    evidence: tuple[Literal["quiz", "scenario", "observed_practice", "portfolio", "panel"], ...]
    verified_by: tuple[Literal["watched_check", "assessor", "two_assessors"], ...]


class Area(msgspec.Struct, frozen=True):
    id: Id


class Role(msgspec.Struct, frozen=True):
    """A role; `core_first_year` are the competencies that a new officer starts with."""

    id: Id
    core_first_year: tuple[str, ...] = ()


class Competency(msgspec.Struct, frozen=True):
    """One competency; `months` a verification may last; `required` is the level by role; `modules` teach it.

    `half_gain` are the days until half of what was learned is gone, where they were measured; None: `fading` says.
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
    roles: tuple[Role, ...] = ()
    competencies: tuple[Competency, ...] = ()
    texts: dict[str, Texts] = {}

    def get(self, name: str) -> Competency | None:
        """Return the competency of an id, or None."""
        return next((one for one in self.competencies if one.id == name), None)

    def required_of(self, role: str) -> dict[str, Level]:
        """Return the level that a role needs, by competency, in the order of the file."""
        return {one.id: one.required[role] for one in self.competencies if role in one.required}


def read_competencies(
    toml_source: Source, md_sources: Mapping[str, Source], *, source_language: str = "en"
) -> tuple[Competencies, list[Problem]]:
    """Return the framework and every mistake of its files."""
    file, mistakes = locate(toml_source)
    levels, wrong_levels = read_entries(file, "level", LevelRule)
    areas, wrong_areas = read_entries(file, "area", Area)
    roles, wrong_roles = read_entries(file, "role", Role)
    competencies, wrong = read_entries(file, "competency", Competency)
    mistakes += [*wrong_levels, *wrong_areas, *wrong_roles, *wrong, *_keys(file)]
    mistakes += _links(file, roles, competencies)
    texts = {}
    for language, source in md_sources.items():
        texts[language], wrong = read_texts(source)
        mistakes += wrong
    wanted = {name: Wanted() for table in _TABLES for name in file.ids(table)}
    wanted |= {one.id: Wanted(tuple(level.value for level in one.levels), ("validity",)) for one in competencies}
    mistakes += check_texts(texts, wanted, source_language=source_language)
    return Competencies(levels, areas, roles, competencies, texts), mistakes


def write_competencies(framework: Competencies, before: str = "") -> str:
    """Write `competencies.toml` into its earlier text; `write_texts` writes the texts of a language."""
    entries = (framework.levels, framework.areas, framework.roles, framework.competencies)
    return toml_text(
        {name: [plain(one) for one in group] for name, group in zip(_TABLES, entries, strict=True) if group}, before
    )


def _keys(file: Located) -> list[Problem]:
    message, hint = "There is no key %(key)s here.", "Known keys: %(known)s."
    return [
        Problem(file.file, file.line("", 0, key), message, hint, {"key": key, "known": ", ".join(_TABLES)})
        for key in file.data
        if key not in _TABLES
    ]


def _links(file: Located, roles: tuple[Role, ...], competencies: tuple[Competency, ...]) -> list[Problem]:
    known = {table: file.ids(table) for table in _TABLES}
    mistakes = []
    for role in roles:
        place = known["role"].index(role.id)
        mistakes += unknown(file, ("role", place, "core_first_year"), role.core_first_year, known["competency"])
    for one in competencies:
        place = known["competency"].index(one.id)
        mistakes += unknown(file, ("competency", place, "area"), [one.area], known["area"])
        mistakes += unknown(file, ("competency", place, "levels"), [x.value for x in one.levels], known["level"])
        mistakes += unknown(file, ("competency", place, "required"), one.required, known["role"])
        offered = [level.value for level in one.levels]
        needed = [level.value for level in one.required.values()]
        mistakes += unknown(file, ("competency", place, "required"), dict.fromkeys(needed), offered)
    return mistakes
