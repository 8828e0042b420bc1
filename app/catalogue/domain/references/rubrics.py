"""`rubrics.toml` and its texts: the criteria and steps by which an assessor scores a competency at a level."""

from collections.abc import Mapping
from typing import Any

import msgspec

from app.catalogue.domain.items import Level
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.domain.references.entries import (
    Id,
    Share,
    read_entries,
    texts_in,
    unknown,
    unknown_tables,
)
from app.catalogue.domain.references.located import Located, locate
from app.catalogue.domain.references.texts import Text, Texts, Wanted, read_all_texts
from app.catalogue.domain.references.toml_writer import plain, toml_text
from app.catalogue.domain.text import TextFile

STEPS = ("not_shown", "with_help", "alone", "securely")  # what a score of 0, 1, 2 and 3 is called
MARK = 2 / 3
EXERCISE, CASE = "exercise", "case"  # the last parts of the ids of two texts: the sheet and the calibration case
_FEWEST, _MOST = 4, 6
_SCORES = range(len(STEPS))


class Rubric(msgspec.Struct, frozen=True):
    """A rubric; its id is `<competency>.<level>`. `mark` is the share of points that a just competent officer earns.

    `model` holds the right scores of the calibration case by criterion; without it there is no case and no sheet.
    """

    id: Id
    competency: str
    level: Level
    criteria: tuple[Id, ...]
    mark: Share = MARK
    model: dict[str, int] = {}


class Rubrics(msgspec.Struct, frozen=True):
    """All rubrics; `texts` by language: of a rubric by its id, of a criterion as `VIC-02.practitioner.place`.

    A rubric with `model` has two more texts: `VIC-02.practitioner.exercise` is the exercise sheet of the assessor,
    `VIC-02.practitioner.case` the calibration case, whose parts are the reasons of the model scores by criterion.
    """

    rubrics: tuple[Rubric, ...] = ()
    texts: dict[str, Texts] = {}

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of all rubrics."""
        return frozenset(rubric.id for rubric in self.rubrics)

    def get(self, competency: str, level: Level) -> Rubric | None:
        """Return the rubric of a competency at exactly this level, or None."""
        return next(
            (rubric for rubric in self.rubrics if (rubric.competency, rubric.level) == (competency, level)), None
        )

    def text(self, name: str, language: str, source_language: str = "en") -> Text | None:
        """Return the text of a rubric or criterion in a language, else in the source language, else None."""
        texts = (self.texts[code].get(name) for code in (language, source_language) if code in self.texts)
        return next((text for text in texts if text is not None), None)


def read_rubrics(
    toml_source: TextFile,
    md_sources: Mapping[str, TextFile],
    *,
    framework: Competencies,
    source_language: str = "en",
) -> tuple[Rubrics, list[Problem]]:
    """Return the rubrics and every problem of their files; competencies and levels are those of the framework."""
    file, problems = locate(toml_source)
    rubrics, new_problems = read_entries(file, "rubric", Rubric)
    problems += new_problems + unknown_tables(file, ["rubric"])
    for index, values in enumerate(file.tables("rubric")):
        problems += _links(file, index, values, framework) + _criteria(file, index, values)
        problems += _model(file, index, values)
    wanted = {name: Wanted() for name in file.ids("rubric")}
    wanted |= {f"{rubric.id}.{line}": Wanted(STEPS) for rubric in rubrics for line in rubric.criteria}
    wanted |= {f"{rubric.id}.{EXERCISE}": Wanted() for rubric in rubrics if rubric.model}
    wanted |= {f"{rubric.id}.{CASE}": Wanted(rubric.criteria) for rubric in rubrics if rubric.model}
    texts, new_problems = read_all_texts(md_sources, wanted, source_language=source_language)
    return Rubrics(rubrics, texts), problems + new_problems


def write_rubrics(rubrics: Rubrics, before: str = "") -> str:
    """Write `rubrics.toml` into its earlier text; `write_texts` writes the texts of a language."""
    return toml_text({"rubric": [plain(rubric) for rubric in rubrics.rubrics]} if rubrics.rubrics else {}, before)


def _links(file: Located, index: int, values: dict[str, Any], framework: Competencies) -> list[Problem]:
    name, level = values.get("competency"), values.get("level")
    if not isinstance(name, str) or not isinstance(level, str):
        return []
    competency = framework.get(name)
    if competency is None:
        known_ids = [other.id for other in framework.competencies]
        return unknown(file, ("rubric", index, "competency"), [name], known_ids)
    problems = unknown(file, ("rubric", index, "level"), [level], [allowed.value for allowed in competency.levels])
    return problems or _check_id(file, index, values.get("id"), f"{name}.{level}")


def _check_id(file: Located, index: int, rubric_id: Any, wanted: str) -> list[Problem]:
    if not isinstance(rubric_id, str) or rubric_id == wanted:
        return []
    message, hint = "The id %(id)s does not name the competency and the level.", 'Write "%(wanted)s".'
    return [Problem(file.file, file.line("rubric", index, "id"), message, hint, {"id": rubric_id, "wanted": wanted})]


def _criteria(file: Located, index: int, values: dict[str, Any]) -> list[Problem]:
    named = values.get("criteria")
    if not isinstance(named, list):
        return []
    line = file.line("rubric", index, "criteria")
    problems = []
    if not _FEWEST <= len(named) <= _MOST:
        message = "A rubric has %(fewest)d to %(most)d criteria; here are %(number)d."
        hint = "Add or remove criteria."
        counts: dict[str, str | int | float] = {"fewest": _FEWEST, "most": _MOST, "number": len(named)}
        problems.append(Problem(file.file, line, message, hint, counts))
    if len(set(map(str, named))) < len(named):
        problems.append(Problem(file.file, line, "A criterion is here twice.", "Remove one of the two."))
    for name in sorted({EXERCISE, CASE}.intersection(texts_in(named))):
        message, hint = "A criterion cannot be called %(id)s.", "Choose another name: this is the id of a text."
        problems.append(Problem(file.file, line, message, hint, {"id": name}))
    return problems


def _model(file: Located, index: int, values: dict[str, Any]) -> list[Problem]:
    """Compare the model scores with the criteria: each has one, a whole number from 0 to 3."""
    model, criteria = values.get("model"), texts_in(values.get("criteria"))
    if not isinstance(model, dict):
        return []
    problems = unknown(file, ("rubric", index, "model"), [name for name in model if name not in criteria], criteria)
    line = file.line("rubric", index, "model")
    for name in criteria:
        if model.get(name) not in _SCORES:
            message = "The criterion %(id)s has no model score from 0 to %(most)d."
            hint = "Write it in model, such as %(id)s = 2."
            problems.append(Problem(file.file, line, message, hint, {"id": name, "most": _SCORES[-1]}))
    return problems
