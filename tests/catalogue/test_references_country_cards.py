"""Cards of countries: what is read, every problem with its line, the age of sources, numbers that may be shown."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder, write_folder
from app.catalogue.domain.lessons import COUNTRIES
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.references.country_card_checks import expired_numbers, read_checked_cards
from app.catalogue.domain.references.country_cards import (
    CopyAge,
    CountryCards,
    FactName,
    FactStatus,
    read_names,
    write_country_cards,
)
from app.catalogue.domain.text import TextFile
from tests.support.country_cards import LAND, TEXT, TOML

COURSES = Path(__file__).resolve().parent.parent.parent / "courses"


def _read(toml: str = TOML, texts: Mapping[str, str] | None = None) -> tuple[CountryCards, list[Problem]]:
    files = {code: TextFile(f"countries.{code}.md", text) for code, text in (texts or {"en": TEXT}).items()}
    return read_checked_cards(TextFile("countries.toml", toml), files, countries=LAND)


def _messages(toml: str = TOML, texts: Mapping[str, str] | None = None) -> list[str]:
    return [problem.message % problem.values for problem in _read(toml, texts)[1]]


def _replaced(before: str, after: str) -> str:
    assert before in TOML
    return TOML.replace(before, after, 1)


def test_cards_are_read_with_sources_and_texts() -> None:
    cards, problems = _read()
    assert problems == []
    card = cards.get("BG")
    assert card is not None
    assert [name for name, fact in card.facts() if fact.status is FactStatus.READ] == [
        FactName.OFFENCE,
        FactName.HOTLINE,
    ]
    assert card.offence.also == ("report",)
    assert cards.text("BG", FactName.OFFENCE, "ar") == ("An act for exploitation; no means are named.", "en")
    assert cards.text("IQ", FactName.OFFENCE, "en") == ("", "en")
    assert cards.get("AT") is None


def test_written_cards_keep_comments_and_read_the_same() -> None:
    cards, _problems = _read()
    assert write_country_cards(cards, TOML) == TOML
    assert _read(write_country_cards(cards))[0] == cards
    changed = _replaced('law = "Art. 1"', 'law = "Art. 2"')
    assert write_country_cards(_read(changed)[0], TOML) == changed


def test_cards_of_the_house_have_no_problem_and_are_written_unchanged() -> None:
    files = {path: raw for path, raw in files_on_disk(COURSES).items() if path.startswith("countries.")}
    library, problems = read_folder(files)
    assert problems == []
    assert {card.id for card in library.references.countries.cards} == COUNTRIES
    assert {name: text for name, text in write_folder(library).items() if name in files} == files


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('id = "IQ"', 'id = "XX"', "XX is not one of the countries."),
        ('id = "IQ"', 'id = "XX"', "IQ has no card."),
        ('also = ["report"]', 'also = ["rumour"]', "There is no source rumour."),
        ('source = "code"\n', "", "A fact that was read needs a source."),
        ("read_on = 2026-12-01\n", "", "A fact that was read needs the day of reading."),
        ('law = "Art. 1"\n', 'number = "1"\n', "The key number is of the fact hotline alone."),
        ('law = "Art. 1"\n', 'colour = "red"\n', "The key colour is not allowed here."),
        ('law = "Art. 1"\n', "law = 1\n", "The value of law has the wrong form."),
        ('status = "read"', 'status = "heard"', "The value of status has the wrong form."),
        ('[card.smuggling]\nstatus = "not_found"\n', "", "The key smuggling is missing."),
        (
            '[card.smuggling]\nstatus = "not_found"\n',
            '[card.smuggling]\nstatus = "not_found"\nlaw = "Art. 2"\n',
            "A fact that was not found has no law.",
        ),
        ('service = "Line of help"\n', "", "A number needs the name of its service."),
        (
            'copy_as_of = "2026-03-01"',
            'copy_as_of = "2025-11-01"',
            "The number +359 00 000 has no source of the twelve months before it was read.",
        ),
        (
            'copy_as_of = "2026-03-01"\n',
            "",
            "The number +359 00 000 has no source of the twelve months before it was read.",
        ),
        ('copy_as_of = "2022-11"', 'copy_as_of = "2022-11-31"', "This date does not exist: 2022-11-31."),
        ("https://report.example/", "report.example (page 3)", "report.example (page 3) is not an address."),
        ('also = ["report"]\n', "", "No fact names the source report."),
    ],
)
def test_problem_of_toml_is_named(before: str, after: str, message: str) -> None:
    assert message in _messages(_replaced(before, after))


def test_problem_has_the_line_of_its_fact() -> None:
    toml = _replaced('source = "line"', 'source = "rumour"')
    problem = next(problem for problem in _read(toml)[1] if problem.values.get("name") == "rumour")
    assert toml.split("\n")[problem.line - 1] == "[card.hotline]"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("- hotline: Day and night, in three languages.\n", "", "BG lacks the part hotline."),
        ("Iraq\n", "Iraq\n\n- child: Under 18.\n", "IQ has no part named child."),
        ("no means are named", "word " * 40, "The text of offence of BG has 45 words."),
        ("## IQ\nIraq\n", "", "IQ has no text here."),
    ],
)
def test_problem_of_texts_is_named(before: str, after: str, message: str) -> None:
    assert before in TEXT
    assert message in _messages(texts={"en": TEXT.replace(before, after)})


def test_gap_and_length_in_a_translation_are_warnings() -> None:
    head = "---\nfollows: 000000 000000\nstate: draft\n---\n\n"
    arabic = head + TEXT.replace("no means are named", "word " * 40).replace("- hotline: Day and night", "- hotline: x")
    problems = _read(texts={"en": TEXT, "ar": arabic.replace("\n- hotline: x, in three languages.", "")})[1]
    assert {problem.weight for problem in problems} == {Weight.WARNING}
    assert {problem.file for problem in problems} == {"countries.ar.md"}
    assert len(problems) == 2


def test_source_is_old_after_three_years_and_undated_without_a_date() -> None:
    cards, _problems = _read()
    code, report = cards.source("code"), cards.source("report")
    assert code is not None
    assert report is not None
    assert code.age(date(2025, 12, 31)) is CopyAge.RECENT
    assert code.age(date(2026, 1, 1)) is CopyAge.OLD
    assert report.age(date(2026, 1, 1)) is CopyAge.UNDATED


def test_number_is_shown_for_twelve_months_then_warned_of() -> None:
    cards, _problems = _read()
    card = cards.get("BG")
    assert card is not None
    last, after = date(2027, 3, 2), date(2027, 3, 3)
    assert cards.confirmed_number(card.hotline, last) == "+359 00 000"
    assert cards.confirmed_number(card.hotline, after) == ""
    file = TextFile("countries.toml", TOML)
    assert expired_numbers(file, cards, last) == []
    (warning,) = expired_numbers(file, cards, after)
    assert warning.weight is Weight.WARNING
    assert TOML.split("\n")[warning.line - 1] == "[card.hotline]"


def test_names_of_facts_are_read_from_a_block() -> None:
    assert read_names("offence, child") == ([FactName.OFFENCE, FactName.CHILD], [])
    assert read_names("offence,colour,") == ([FactName.OFFENCE], ["colour"])
