from datetime import date

from hypothesis import given, settings, strategies as st

from app.catalogue.domain.references.sources import (
    CitedSource,
    SourceCheck,
    SourceKind,
    Sources,
    read_sources,
    write_sources,
)
from app.catalogue.domain.text import TextFile

ENTRY = """# kept
[[source]]
id = "tip"  # the protocol
title = "Protocol"
publisher = "United Nations"
kind = "treaty"
binding_for = "its Parties"
where = "a collection"
checked = "yes"
how = "read"
check_by = 2027-11-30
year = 2000
"""
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
SOURCES = st.builds(
    CitedSource,
    id=st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True),
    title=WORDS,
    publisher=WORDS,
    kind=st.sampled_from(SourceKind),
    binding_for=WORDS,
    where=WORDS,
    checked=st.sampled_from(SourceCheck),
    how=WORDS,
    check_by=st.dates(date(2000, 1, 1)),
    year=st.none() | st.integers(1900, 2100),
    year_note=WORDS,
    note=WORDS,
)


def read(text):
    return read_sources(TextFile("sources.toml", text))


def test_a_source_is_read_and_knows_when_it_is_due():
    sources, problems = read(ENTRY)
    assert problems == []
    found = sources.get("tip")
    assert found is not None
    assert found.year == 2000
    assert not found.is_due(date(2027, 11, 30))
    assert found.is_due(date(2027, 12, 1))


@settings(max_examples=40, deadline=None)
@given(st.lists(SOURCES, unique_by=lambda source: source.id, max_size=3).map(tuple))
def test_sources_survive_writing_and_reading(sources):
    text = write_sources(Sources(sources))
    assert read(text) == (Sources(sources), [])
    assert write_sources(read(text)[0], text) == text


def test_writing_keeps_comments_and_changes_only_what_changed():
    sources = read(ENTRY)[0]
    assert write_sources(sources, ENTRY) == ENTRY
    text = ENTRY.replace("Protocol", "New title")
    assert write_sources(read(text)[0], ENTRY) == text


def test_removed_entry_leaves_the_others_unchanged():
    two = ENTRY + "\n" + ENTRY.replace('"tip"', '"other"')
    text = write_sources(Sources(read(two)[0].sources[:1]), two)
    assert text.startswith(ENTRY)
    assert [one.id for one in read(text)[0].sources] == ["tip"]


def test_all_problems_are_reported_with_line_and_hint():
    text = ENTRY.replace("2027-11-30", '"2027-11-30"').replace('"yes"', '"perhaps"').replace("year =", "yaer =")
    _, problems = read(text)
    assert [(m.line, m.values["key"]) for m in problems] == [(12, "yaer"), (9, "checked"), (11, "check_by")]
    assert "Write a date without quotes" in str(problems[2])
    assert "yes, partly, no" in str(problems[1])


def test_missing_key_is_reported_at_the_head_of_its_table():
    _, problems = read(ENTRY.replace('how = "read"\n', ""))
    assert [(m.line, m.message) for m in problems] == [(2, "The key %(key)s is missing.")]


def test_two_sources_with_the_same_id_are_a_problem():
    _, problems = read(ENTRY + ENTRY)
    assert [(m.line, m.values) for m in problems] == [(15, {"id": "tip", "line": 3})]


def test_invalid_toml_is_one_problem_with_its_line():
    sources, problems = read(ENTRY.replace('"Protocol"', '"Protocol'))
    assert sources == Sources()
    assert [m.line for m in problems] == [4]


def test_single_and_unknown_tables_are_problems():
    assert len(read("[source]\nid = 'x'\n")[1]) == 1
    assert [m.line for m in read("\n[[sauce]]\nid = 'x'\n")[1]] == [2]
