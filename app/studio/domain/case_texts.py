"""The text of a case while it is written: its problems, whether it can be played, and the text of a new case."""

from collections.abc import Collection
from dataclasses import dataclass

from app.catalogue.domain.folder import in_order
from app.catalogue.domain.folder_names import Name, Part, name_of, path_in_course
from app.catalogue.domain.invented_names import check_real_looking
from app.catalogue.domain.page_limits import check_limits
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.scenario_checks import check_scenario
from app.catalogue.domain.scenario_reader import read_scenario
from app.catalogue.domain.scenarios import Scenario
from app.catalogue.domain.text import TextFile
from app.studio.domain.course_edits import Changes, Files, facts_of, slug_of

UNNAMED = "scenario"  # the address of the case whose file has no name, as for learners

# The placeholder {title} is the title, {id} the id of the case.
TEMPLATE = """# {title}
id: {id}
truth: mixed
start: d1

Describe the scene: the time, the location, and what the officer sees.

## d1
pass_value: 0.62

What do you do first?

---

- Describe the best option -> d2 (best)
  > Describe what follows.
  > Why: Give the reason of the rating.
- Describe an option that is a mistake -> r1 (poor)
  > Describe what follows.
  > Why: Give the reason of the rating.

## r1 recovery

You notice the mistake. What do you do now?

---

- Describe how to correct it -> d2 (best)
  > Describe what follows.
  > Why: Give the reason of the rating.
- Describe how it gets worse -> d2 (harmful)
  > Describe what follows.
  > Why: Give the reason of the rating.

## d2
pass_value: 0.62

What do you do next?

---

- Describe the best option -> end (best)
  > Describe what follows.
  > Why: Give the reason of the rating.
- Describe an acceptable option -> end (acceptable)
  > Describe what follows.
  > Why: Give the reason of the rating.

## end

Describe how the case ends.
"""


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """A case as the checker reads it: None without a usable title and keys. `problems` in the order of their lines."""

    scenario: Scenario | None
    problems: tuple[Problem, ...]


def check_case(path: str, text: str) -> CheckedCase:
    """Return the case of a text, with all problems that the checker reports for it."""
    page = TextFile(path, text)
    scenario, problems = read_scenario(page)
    problems += check_limits(page) + check_real_looking(text, path)
    if scenario is not None:
        problems += check_scenario(scenario, path)
    return CheckedCase(scenario, tuple(in_order(problems)))


def can_be_played(scenario: Scenario) -> bool:
    """Return whether the start and the target of each option exist."""
    ids = {node.id for node in scenario.nodes}
    return scenario.start in ids and all(move.to in ids for node in scenario.nodes for move in node.moves)


def case_path(address: str, language: str) -> str:
    """Return the path of a case within the folder of its course, by its name in addresses."""
    return path_in_course(Part.SCENARIO, language, "" if address == UNNAMED else address)


def add_case(files: Files, title: str) -> tuple[str, Changes]:
    """Return the name of a new case in addresses, and the file to write."""
    facts = facts_of(files)
    names = {name.name for path in files if (name := _case_name(path))}
    address = slug_of(title, names | {UNNAMED}, fallback="case")
    text = new_case_text(title, facts.id, _ids(files))
    return address, {case_path(address, facts.source_language): text.encode()}


def new_case_text(title: str, course_code: str, taken: Collection[str]) -> str:
    """Return the text of a new case; its id is the first of the course that no other case has."""
    number = 1
    while f"{course_code}-S{number:02}" in taken:
        number += 1
    return TEMPLATE.format(title=title, id=f"{course_code}-S{number:02}")


def _case_name(path: str) -> Name | None:
    name = name_of(f"course/{path}")
    return name if isinstance(name, Name) and name.part is Part.SCENARIO else None


def _ids(files: Files) -> set[str]:
    ids = set()
    for path, content in files.items():
        case = read_scenario(TextFile(path, content.decode(errors="replace")))[0] if _case_name(path) else None
        if case is not None:
            ids.add(case.id)
    return ids
