from pathlib import Path

import msgspec
import pytest

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder, write_folder
from app.catalogue.domain.items import Level
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.references.competencies import Competencies, Competency, Fading
from app.catalogue.domain.references.rubrics import CASE, EXERCISE, MARK, STEPS, Rubrics, read_rubrics, write_rubrics
from app.catalogue.domain.text import TextFile
from tests.support import courses

COURSES = Path(__file__).parents[2] / "courses"
FRAMEWORK = Competencies(
    competencies=(
        Competency("PRT-01", "PORT", (Level.FOUNDATION, Level.PRACTITIONER), 12, Fading.PROCEDURE),
        Competency("PRT-02", "PORT", (Level.FOUNDATION,), 12, Fading.PROCEDURE),
    )
)
TOML = """# Marks are judgements.

[[rubric]]
id = "PRT-01.practitioner"
competency = "PRT-01"
level = "practitioner"
criteria = ["list", "quay", "note", "call"]  # in the order of the task
mark = 0.6
"""
STEPS_TEXT = """
- not_shown: Does nothing of it.
- with_help: Does it when told.
- alone: Does it alone.
- securely: Does it alone and says why.
"""
CRITERIA = "".join(
    f"\n## PRT-01.practitioner.{one}\nThe {one}\n\nWatch the {one}.\n{STEPS_TEXT}"
    for one in ("list", "quay", "note", "call")
)
MODEL = "model = { list = 2, quay = 1, note = 3, call = 0 }\n"
MODEL_TEXTS = """
## PRT-01.practitioner.exercise
A watch of ten minutes

Material: a list and a lamp.

Stop: when the quay is wet.

## PRT-01.practitioner.case
The watch of an invented officer

She reads the list and forgets to call.

- list: She reads it alone.
- quay: She looks when told.
- note: She says why she writes.
- call: She does not call.
"""
TEXTS = f"# Rubrics\n\n## PRT-01.practitioner\nA watch at the quay\n\nTen minutes.\n{CRITERIA}"


def read(toml: str, text: str = TEXTS) -> tuple[Rubrics, list[str]]:
    rubrics, problems = read_rubrics(
        TextFile("rubrics.toml", toml), {"en": TextFile("rubrics.en.md", text)}, framework=FRAMEWORK
    )
    return rubrics, [str(one) for one in problems]


def test_a_rubric_is_found_by_competency_and_level() -> None:
    rubrics, problems = read(TOML)
    assert problems == []
    found = rubrics.get("PRT-01", Level.PRACTITIONER)
    assert found is not None
    assert (found.criteria, found.mark) == (("list", "quay", "note", "call"), 0.6)
    assert rubrics.get("PRT-01", Level.FOUNDATION) is None


def test_criterion_has_a_title_a_text_and_four_steps() -> None:
    text = read(TOML)[0].text("PRT-01.practitioner.quay", "ar")
    assert text is not None
    assert (text.title, text.body, tuple(text.parts)) == ("The quay", "Watch the quay.", STEPS)


def test_the_mark_is_two_thirds_where_none_is_written() -> None:
    assert read(TOML.replace("mark = 0.6\n", ""))[0].rubrics[0].mark == MARK


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            'competency = "PRT-01"',
            'competency = "PRT-09"',
            5,
            "PRT-09 in competency is not known. Write one of: PRT-01",
        ),
        ('level = "practitioner"', 'level = "specialist"', 6, "specialist in level is not known."),
        ('id = "PRT-01.practitioner"', 'id = "watch"', 4, 'Write "PRT-01.practitioner".'),
        ('["list", "quay", "note", "call"]', '["list", "quay", "note"]', 7, "has 4 to 6 criteria; here are 3."),
        ('"note", "call"]', '"note", "call", "note"]', 7, "A criterion is here twice."),
        ("mark = 0.6", "mark = 2", 8, "Write a number between 0 and 1"),
        ("mark = 0.6", "points = 3", 8, "The key points is not allowed here."),
        ("# Marks are judgements.", "limit = 3", 1, "The key limit is not allowed here."),
    ],
)
def test_problem_has_its_line_and_hint(old: str, new: str, line: int, says: str) -> None:
    told = [one for one in read(TOML.replace(old, new))[1] if one.startswith("rubrics.toml")]
    assert [one.split(":")[1] for one in told] == [str(line)]
    assert says in told[0]


def test_each_criterion_needs_its_text_and_each_of_the_four_steps() -> None:
    gone = TEXTS.replace("## PRT-01.practitioner.call", "## PRT-01.practitioner.shout")
    assert {one.split("error: ")[1].split(".", 2)[2][:20] for one in read(TOML, gone)[1]} == {
        "call has no text her",
        "shout is not an id o",
    }
    _, problems = read(TOML, TEXTS.replace("- alone: Does it alone.\n", "", 1))
    assert [one.partition("error: ")[2] for one in problems] == [
        "PRT-01.practitioner.list lacks the part alone. Add a line - alone: and the text."
    ]


def test_model_scores_come_with_an_exercise_sheet_and_a_case() -> None:
    rubrics, problems = read(TOML + MODEL, TEXTS + MODEL_TEXTS)
    assert problems == []
    (rubric,) = rubrics.rubrics
    assert rubric.model == {"list": 2, "quay": 1, "note": 3, "call": 0}
    sheet, case = (rubrics.text(f"{rubric.id}.{name}", "fr") for name in (EXERCISE, CASE))
    assert sheet is not None
    assert sheet.body.startswith("Material: a list")
    assert case is not None
    assert tuple(case.parts) == rubric.criteria


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("call = 0", "call = 4", "The criterion call has no model score from 0 to 3."),
        (", call = 0", "", "The criterion call has no model score from 0 to 3."),
        ("call = 0", "call = 0, shout = 2", "shout in model is not known. Write one of: list, quay, note, call"),
        ("{ list = 2, quay = 1, note = 3, call = 0 }", "3", "Write names and whole numbers in braces"),
    ],
)
def test_model_needs_a_score_for_each_criterion(old: str, new: str, says: str) -> None:
    all_problems = read(TOML + MODEL.replace(old, new), TEXTS + MODEL_TEXTS)[1]
    problems = [problem for problem in all_problems if ".toml" in problem]
    assert [problem.split(":")[1] for problem in problems] == ["9"]
    assert says in problems[0]


def test_model_needs_both_texts_and_a_reason_for_each_criterion() -> None:
    problems = " ".join(read(TOML + MODEL)[1])
    assert "PRT-01.practitioner.exercise has no text here." in problems
    assert "PRT-01.practitioner.case has no text here." in problems
    gap = MODEL_TEXTS.replace("- call: She does not call.\n", "")
    assert "PRT-01.practitioner.case lacks the part call." in read(TOML + MODEL, TEXTS + gap)[1][0]
    assert len(read(TOML, TEXTS + MODEL_TEXTS)[1]) == 2  # texts that no model asks for


def test_criterion_is_not_called_like_a_text_of_the_rubric() -> None:
    assert "A criterion cannot be called case." in " ".join(read(TOML.replace('"call"', '"case"'))[1])


def test_writing_keeps_model_scores() -> None:
    rubrics = read(TOML + MODEL, TEXTS + MODEL_TEXTS)[0]
    assert write_rubrics(rubrics, TOML + MODEL) == TOML + MODEL
    assert read(write_rubrics(rubrics), TEXTS + MODEL_TEXTS)[0] == rubrics
    assert read(write_rubrics(rubrics, TOML), TEXTS + MODEL_TEXTS)[0] == rubrics


def test_writing_keeps_comments_and_order() -> None:
    rubrics = read(TOML)[0]
    assert write_rubrics(rubrics, TOML) == TOML
    harder = msgspec.structs.replace(rubrics.rubrics[0], mark=0.7)
    assert write_rubrics(msgspec.structs.replace(rubrics, rubrics=(harder,)), TOML) == TOML.replace("0.6", "0.7")
    assert read(write_rubrics(rubrics))[0] == rubrics


def test_rubrics_of_a_folder_survive_writing_it() -> None:
    shared = {
        "competencies.toml": courses.SHARED["competencies.toml"],
        "competencies.en.md": courses.SHARED["competencies.en.md"],
        "rubrics.toml": TOML.replace("practitioner", "foundation"),
        "rubrics.en.md": TEXTS.replace("practitioner", "foundation"),
    }
    library, problems = read_folder({path: text.encode() for path, text in shared.items()})
    assert [one for one in problems if one.weight is Weight.ERROR] == []
    assert library.references.rubrics.get("PRT-01", Level.FOUNDATION) is not None
    written = write_folder(library)
    assert written["rubrics.toml"].decode() == shared["rubrics.toml"]
    assert read_folder(written)[0].references.rubrics.rubrics == library.references.rubrics.rubrics


def test_core_competencies_of_the_plan_have_rubrics() -> None:
    shared = {path: raw for path, raw in files_on_disk(COURSES).items() if "/" not in path}
    references = read_folder(shared)[0].references
    wanted = {
        (name, framework_level)
        for indicator in references.plan.indicator
        if indicator.id in {"OC1.1", "OC2.1"}
        for role in indicator.settings["roles"]
        for name in indicator.settings["core"]
        if (framework_level := references.competencies.required_of(role).get(name))
    }
    assert len(wanted) > 10
    assert [pair for pair in sorted(wanted) if references.rubrics.get(*pair) is None] == []
    assert set(references.rubrics.texts) == {"en", "ar", "fr"}


CORE_AREAS = ("LRE", "VIC")  # areas whose rubrics are complete


def test_core_competencies_have_a_rubric_with_a_calibration_case() -> None:
    shared = {path: raw for path, raw in files_on_disk(COURSES).items() if "/" not in path}
    references = read_folder(shared)[0].references
    framework = references.competencies
    wanted = {
        (name, level)
        for role in framework.roles
        for name in role.core_first_year
        if name.startswith(CORE_AREAS) and (level := framework.required_of(role.id).get(name))
    }
    assert len(wanted) > 15
    rubrics = {pair: references.rubrics.get(*pair) for pair in sorted(wanted)}
    assert [pair for pair, rubric in rubrics.items() if rubric is None or not rubric.model] == []
    for rubric in rubrics.values():
        assert rubric is not None
        case = references.rubrics.text(f"{rubric.id}.{CASE}", "en")
        assert case is not None
        assert (rubric.id, 120 <= len(case.body.split()) <= 250) == (rubric.id, True)
        assert len(set(rubric.model.values())) > 1, f"{rubric.id}: equal model scores calibrate no assessor"
