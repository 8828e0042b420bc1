from pathlib import Path

import pytest

from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.references.competencies import read_competencies, write_competencies
from app.catalogue.domain.references.glossary import read_glossary, write_glossary
from app.catalogue.domain.references.plan import changed_definitions, read_plan, write_plan
from app.catalogue.domain.references.plan_checks import RULES
from app.catalogue.domain.references.sources import read_sources, write_sources
from app.catalogue.domain.references.texts import write_texts
from app.catalogue.domain.text import TextFile, read

COURSES = Path(__file__).parents[2] / "courses"
PLAN = """period = { starts = 2027-01-01, ends = 2029-12-31, illustrative = true }
members = ["BG", "IQ"]
co_chairs = ["IQ"]

[[outcome]]
id = "OC1"

[[activity]]
id = "A01"
type = "workshop"
contributes_to = ["OC1"]
needs = []
lead = "trainers"
rhythm = "yearly"
starts = "2027-Q3"

[[indicator]]
id = "OC1.1"
level = "outcome"
result = "OC1"
rule = "verified_in_all"
definition_version = 1
valid_from = 2027-01-01
unit = "count"
entered = "platform"
frequency = "monthly"
owner = "coordinator"
split_by = ["country"]
baseline = { as_of = 2027-01-01, value = 0 }
settings = { core = ["LRE-03"] }
targets = [
  { period = 2027, value = 60, illustrative = true },  # to be decided
  { period = 2027, value = 4.5, country = "IQ" },
]
"""
TEXTS = """## impact
Impact

## OC1
Practitioners work lawfully

## A01
A workshop

- lead: Trainers

## OC1.1
Officers

- unit: officers
- verification: records
"""


def take(toml, **more):
    return read_plan(TextFile("plan.toml", toml), {"en": TextFile("plan.en.md", TEXTS)}, **more)


def test_a_plan_is_read_with_targets_by_year_and_country():
    plan, problems = take(PLAN, rules=["verified_in_all"], countries=["BG", "IQ"])
    assert problems == []
    assert plan.head is not None
    assert plan.head.period.illustrative
    assert [(one.value, one.country) for one in plan.indicator[0].targets] == [(60, None), (4.5, "IQ")]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('co_chairs = ["IQ"]', 'co_chairs = ["XX"]', 3, "XX in co_chairs is not known. Write one of: BG, IQ."),
        ('country = "IQ"', 'country = "DE"', 31, "DE in targets is not known."),
        ("{ period = 2027, value = 60", "{ period = 2035, value = 60", 31, "2035 in targets is not known."),
        (', country = "IQ"', "", 31, "There are two targets for the same year and country."),
        ("valid_from = 2027-01-01", 'valid_from = "soon"', 23, "Write a date without quotes, such as 2027-11-30."),
        ('contributes_to = ["OC1"]', 'contributes_to = ["OC9"]', 11, "OC9 in contributes_to is not known."),
        ('starts = "2027-Q3"', 'starts = "2027-Q5"', 15, "Write a quarter in quotes"),
        ("ends = 2029-12-31", "ends = 2026-12-31", 1, "The period ends before it starts."),
        ('result = "OC1"', 'result = "OC3"', 20, "OC3 in result is not known."),
        ('members = ["BG", "IQ"]', 'members = ["BG", "IQ", "bg"]', 2, "Write a list of texts"),
    ],
)
def test_problem_has_its_line_and_hint(old, new, line, says):
    _, problems = take(PLAN.replace(old, new))
    assert (problems[0].file, problems[0].line) == ("plan.toml", line)
    assert says in str(problems[0])


def test_rules_and_members_are_compared_with_known_lists():
    assert take(PLAN)[1] == []
    problems = take(PLAN, rules=["other"], countries=["BG"])[1]
    assert [(m.line, m.values["name"]) for m in problems] == [(2, "IQ"), (21, "verified_in_all")]


def test_an_id_names_one_thing_in_the_whole_plan():
    _, problems = take(PLAN + '\n[[risk]]\nid = "OC1"\n')
    assert [(m.line, m.values["table"]) for m in problems] == [(37, "outcome")]


def test_writing_a_plan_preserves_its_comments():
    plan = take(PLAN)[0]
    assert write_plan(plan, PLAN) == PLAN
    assert take(write_plan(plan)) == (plan, [])


def committed(name):
    source, problems = read(name, (COURSES / name).read_bytes())
    assert problems == []
    return source


def languages(name):
    return {language: committed(f"{name}.{language}.md") for language in ("en", "ar", "fr")}


@pytest.mark.parametrize(
    ("name", "reader", "writer"),
    [
        ("competencies", read_competencies, write_competencies),
        ("plan", read_plan, write_plan),
        ("glossary", read_glossary, write_glossary),
    ],
)
def test_committed_plan_is_read_and_written_unchanged(name, reader, writer):
    toml, texts = committed(f"{name}.toml"), languages(name)
    value, problems = reader(toml, texts)
    assert [str(problem) for problem in problems] == []
    assert writer(value, toml.text) == toml.text
    assert {language: write_texts(value.texts[language]) for language in texts} == {
        language: source.text for language, source in texts.items()
    }


def test_committed_sources_are_read_and_written_unchanged():
    toml = committed("sources.toml")
    sources, problems = read_sources(toml)
    assert problems == []
    assert write_sources(sources, toml.text) == toml.text


V2 = PLAN.replace("definition_version = 1", "definition_version = 2")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (PLAN, PLAN, ""),
        (PLAN, PLAN.replace("value = 60", "value = 70"), ""),
        (PLAN, V2.replace('core = ["LRE-03"]', 'core = ["LRE-04"]'), ""),
        (PLAN, PLAN.replace('core = ["LRE-03"]', 'core = ["LRE-04"]'), "changed, and its version did not"),
        (PLAN, PLAN.replace('rule = "verified_in_all"', 'rule = "completers"'), "changed, and its version did not"),
        (PLAN, PLAN.replace('unit = "count"', 'unit = "percent"'), "changed, and its version did not"),
        (PLAN, PLAN.replace("valid_from = 2027", "valid_from = 2028"), "changed, and its version did not"),
        (V2, PLAN, "goes back to an earlier version"),
    ],
)
def test_changed_definition_without_new_version_is_a_problem(before, after, says):
    problems = changed_definitions(TextFile("plan.toml", after), take(after)[0], take(before)[0])
    assert [(one.file, one.line) for one in problems] == ([("plan.toml", 22)] if says else [])
    assert says in "".join(str(one) for one in problems)


def test_committed_plan_names_exactly_the_known_rules():
    toml = committed("plan.toml")
    plan, problems = read_plan(toml, languages("plan"), rules=RULES)
    assert problems == []
    assert {one.rule for one in plan.indicator} == RULES


def test_a_rule_that_does_not_exist_is_refused_in_the_folder():
    raw = PLAN.replace('"verified_in_all"', '"guessed"').encode()
    problems = read_folder({"plan.toml": raw, "plan.en.md": TEXTS.encode()})[1]
    assert [(one.file, one.line) for one in problems] == [("plan.toml", 21)]
    assert "guessed in rule is not known. Write one of:" in str(problems[0])
