import msgspec
import pytest

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import read_competencies, write_competencies
from app.catalogue.domain.references.glossary import read_glossary, write_glossary
from app.catalogue.domain.text import TextFile

FRAMEWORK = """[[level]]
id = "foundation"
evidence = ["quiz"]
verified_by = ["watched_check"]

[[area]]
id = "LRE"

[[role]]
id = "investigator"
core_first_year = ["LRE-01"]

[[competency]]
id = "LRE-01"
area = "LRE"
levels = ["foundation"]
months = 24
fading = "knowledge"  # a judgement
required = { investigator = "foundation" }
"""
TEXTS = """## foundation
Foundation

## LRE
Law

## investigator
Investigator

## LRE-01
Apply the definition

- foundation: Names the elements.
"""
GLOSSARY = """[[term]]
id = "act-element"
source = "Art. 3"
aliases = ["act"]
links = ["child"]

[[term]]
id = "child"
source = "Art. 3"
"""
WORDS = "## act-element\nact\n\nWhat was done.\n\n## child\nchild\n\nUnder 18.\n"


def read(toml, text=TEXTS):
    return read_competencies(TextFile("competencies.toml", toml), {"en": TextFile("competencies.en.md", text)})


def test_a_framework_is_read():
    framework, problems = read(FRAMEWORK)
    assert problems == []
    assert framework.required_of("investigator") == {"LRE-01": Level.FOUNDATION}
    assert framework.roles[0].core_first_year == ("LRE-01",)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('["LRE-01"]', '["LRE-02"]', 11, "LRE-02 in core_first_year is not known."),
        ("{ investigator", "{ pilot", 19, "pilot in required is not known. Write one of: investigator."),
        ("months = 24", "months = 0", 17, "Write a whole number above 0"),
        ("months = 24", "months = -3", 17, "Write a whole number above 0"),
        ('area = "LRE"', 'area = "XXX"', 15, "XXX in area is not known."),
        ('"knowledge"', '"slow"', 18, "Write one of: knowledge, decision, procedure."),
        ('= "foundation" }', '= "specialist" }', 19, "specialist in required is not known."),
        ('levels = ["foundation"]', 'levels = ["expert"]', 16, "Write a list of some of: foundation"),
    ],
)
def test_problem_has_its_line_and_hint(old, new, line, says):
    _, problems = read(FRAMEWORK.replace(old, new))
    assert [m.line for m in problems if m.file == "competencies.toml"] == [line]
    assert says in str(problems[0])


def test_each_offered_level_needs_its_text():
    _, problems = read(FRAMEWORK, TEXTS.replace("- foundation: Names the elements.\n", ""))
    assert [str(m) for m in problems] == [
        "competencies.en.md:10: error: LRE-01 lacks the part foundation. Add a line - foundation: and the text."
    ]


def test_writing_a_framework_keeps_its_comments():
    framework = read(FRAMEWORK)[0]
    assert write_competencies(framework, FRAMEWORK) == FRAMEWORK
    longer = msgspec.structs.replace(framework.competencies[0], months=36)
    text = write_competencies(msgspec.structs.replace(framework, competencies=(longer,)), FRAMEWORK)
    assert text == FRAMEWORK.replace("24", "36")


def test_a_framework_survives_fresh_writing():
    framework = read(FRAMEWORK)[0]
    assert read(write_competencies(framework)) == (framework, [])


def read_words(toml, text=WORDS):
    return read_glossary(TextFile("glossary.toml", toml), {"en": TextFile("glossary.en.md", text)})


def test_a_term_is_found_by_id_and_alias():
    glossary, problems = read_words(GLOSSARY)
    assert problems == []
    assert glossary.find("act") is glossary.find("act-element")
    assert glossary.find("means") is None
    assert read_words(write_glossary(glossary)) == (glossary, [])


def test_broken_links_and_repeated_names_are_problems():
    _, problems = read_words(GLOSSARY.replace('["child"]', '["kid"]').replace('["act"]', '["child"]'))
    assert [(m.line, m.values["name"]) for m in problems] == [(5, "kid"), (4, "child")]
