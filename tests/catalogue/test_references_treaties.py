import re
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder, write_folder
from app.catalogue.domain.lessons import COUNTRIES
from app.catalogue.domain.references.sources import CitedSource, SourceCheck, SourceKind, Sources
from app.catalogue.domain.references.treaties import (
    AgreementForm,
    Basis,
    CopyIs,
    CountryLink,
    DateIs,
    Depositary,
    Instrument,
    InstrumentKind,
    ReadingKind,
    Treaties,
    TreatyCell,
    TreatyReading,
    TreatyStatus,
    overdue,
    read_treaties,
    write_treaties,
)
from app.catalogue.domain.text import TextFile
from tests.support.examples import examples

COURSES = Path(__file__).resolve().parent.parent.parent / "courses"
LAND = ("BG", "IQ", "PK")
TOML = """# kept
as_of = 2026-11-25

[[instrument]]
id = "PACT"
kind = "treaty"
year = 2000
depositary = "un"
sources = ["pact-2000"]
in_force = 2003-09-29
in_motion = false
check_by = 2027-11-30

[instrument.cells]
BG = { status = "party", date = "2001-12", date_is = "ratification", checked = true, readings = ["list"] }  # kept
IQ = { status = "signed", date = "2008-03-17", date_is = "signature", checked = true, readings = ["list"] }
PK = { status = "unknown", checked = false, recheck_soon = true, readings = ["memory"], note = "nothing" }

[[instrument]]
id = "HOUSE"
kind = "membership"
year = 1999
depositary = "europol"
in_motion = true
check_by = 2027-02-28

[instrument.cells]
BG = { status = "member", basis = "inferred", checked = true, readings = ["list"] }
IQ = { status = "agreement", form = "operational_agreement", secondary = true, checked = true, readings = ["list"] }
PK = { status = "not_member", basis = "absent_from_list", checked = true, readings = ["list"] }

[[reading]]
id = "list"
name = "A list"
kind = "official"
copy_as_of = "2024"
copy_is = "or_later"

[[reading]]
id = "memory"
name = "Nothing was read"
kind = "memory"
"""
TEXTS = "## PACT\nThe pact\n\nGood for much.\n\n## HOUSE\nThe house\n\n## nothing\nNothing was found.\n"
CITED = Sources(
    (CitedSource("pact-2000", "P", "U", SourceKind.TREATY, "x", "y", SourceCheck.YES, "z", date(2027, 1, 1)),)
)
DAYS = st.dates(date(1900, 1, 1)).map(date.isoformat) | st.from_regex(r"[12][0-9]{3}(-0[1-9])?", fullmatch=True)
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
IDS = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
CELLS = st.builds(
    TreatyCell,
    status=st.sampled_from(TreatyStatus),
    checked=st.booleans(),
    readings=st.lists(IDS, max_size=2).map(tuple),
    form=st.none() | st.sampled_from(AgreementForm),
    date=st.none() | DAYS,
    date_is=st.none() | st.sampled_from(DateIs),
    date_checked=st.booleans(),
    date_1967_protocol=st.none() | DAYS,
    basis=st.sampled_from(Basis),
    secondary=st.booleans(),
    recheck_soon=st.booleans(),
    note=st.just("") | IDS,
)
INSTRUMENTS = st.builds(
    Instrument,
    id=IDS,
    kind=st.sampled_from(InstrumentKind),
    year=st.integers(1900, 2100),
    depositary=st.sampled_from(Depositary),
    in_motion=st.booleans(),
    check_by=st.dates(date(2000, 1, 1)),
    sources=st.lists(IDS, max_size=2).map(tuple),
    in_force=st.none() | st.dates(date(1900, 1, 1)),
    in_force_checked=st.booleans(),
    in_force_readings=st.lists(IDS, max_size=2).map(tuple),
    cells=st.dictionaries(st.sampled_from(LAND), CELLS, max_size=3),
)
READINGS = st.builds(
    TreatyReading,
    id=IDS,
    name=WORDS,
    kind=st.sampled_from(ReadingKind),
    copy_as_of=st.none() | DAYS,
    copy_is=st.sampled_from(CopyIs),
    copy_until=st.none() | DAYS,
)
TABLES = st.builds(
    Treaties,
    as_of=st.dates(date(2000, 1, 1)),
    instruments=st.lists(INSTRUMENTS, max_size=3, unique_by=lambda one: one.id).map(tuple),
    readings=st.lists(READINGS, max_size=3, unique_by=lambda one: one.id).map(tuple),
)


def read(toml=TOML, text=TEXTS):
    sources = {"en": TextFile("treaties.en.md", text)}
    return read_treaties(TextFile("treaties.toml", toml), sources, sources=CITED, countries=LAND)


def test_the_table_is_read():
    table, problems = read()
    assert problems == []
    assert table.as_of == date(2026, 11, 25)
    assert table.get("PACT").cells["BG"] == TreatyCell(
        TreatyStatus.PARTY, checked=True, readings=("list",), date="2001-12", date_is=DateIs.RATIFICATION
    )
    assert table.get("PACT").cells["PK"].recheck_soon
    assert table.get("HOUSE").cells["IQ"].form is AgreementForm.OPERATIONAL
    assert table.text("nothing", "ar")[0].title == "Nothing was found."
    assert table.get("TRUCE") is None
    assert table.text("TRUCE", "ar") == (None, "en")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            'BG = { status = "party"',
            'AT = { status = "party"',
            15,
            "AT is not one of the countries. Write one of: BG, IQ, PK.",
        ),
        (
            '"signed"',
            '"bound"',
            16,
            "The status bound is not possible for this instrument. Write one of: party, signed, ratified",
        ),
        ('"signed"', '"maybe"', 16, "The value of status has the wrong form. Write one of: party, signed"),
        ('"signed", date', '"party", day', 16, "The key day is not allowed here. Known keys: status"),
        ('"2008-03-17"', '"17.3.2008"', 16, 'Write a day in quotes, such as "2004-09-23"'),
        ('"2008-03-17"', "2008-03-17", 16, "The value of date has the wrong form."),
        ('"2008-03-17"', '"2008-02-30"', 16, "This date does not exist: 2008-02-30."),
        ('"2008-03-17"', '"2008-13"', 16, "This date does not exist: 2008-13."),
        (' date_is = "signature",', "", 16, "date and date_is must be used together"),
        (
            'date_is = "signature"',
            'date_is = "accession"',
            16,
            "The date of a signed treaty is the day of its signature.",
        ),
        ('status = "signed"', 'status = "not_party"', 16, "A cell with the status not_party has no date."),
        ('"unknown", checked', '"unknown", date_checked = false, checked', 17, "There is date_checked, but no date"),
        ('["memory"]', '["rumour"]', 17, "There is no reading rumour. Name one of this file, or add it there."),
        ('["memory"]', "[]", 17, "The cell names no reading."),
        ("checked = false, recheck", "checked = true, recheck", 17, "A cell from memory only cannot be checked."),
        ("checked = false, recheck", "recheck", 17, "The key checked is missing."),
        ('note = "nothing"', 'note = "PACT"', 17, "The note PACT has the id of an instrument."),
        ("in_force = 2003-09-29\n", "", 14, "party does not fit the day of entry into force."),
        ('"party"', '"ratified"', 15, "ratified does not fit the day of entry into force."),
        ('form = "operational_agreement", ', "", 29, "Only a cell with the status agreement has a form."),
        ('"pact-2000"', '"pact-1900"', 9, "pact-1900 in sources is not known. Write one of: pact-2000."),
        ('PK = { status = "not_member"', 'pk = { status = "not_member"', 27, "PK has no cell here. Add one"),
        ('BG = { status = "member"', 'BG = ["member"] # {', 28, "The cell of BG has the wrong form."),
        ("check_by = 2027-02-28", 'check_by = "soon"', 25, "Write a date without quotes"),
        ("as_of = 2026-11-25", "asof = 2026-11-25", 2, "The key asof is not allowed here. Known keys: as_of."),
        ('copy_as_of = "2024"', 'copy_as_of = "2024"\ncopy_until = "2023"', 36, "ends before it begins."),
        ('copy_as_of = "2024"\n', "", 32, "A reading needs copy_as_of, unless it is memory."),
        ("[[reading]]", "[[book]]", 32, "The key book is not allowed here."),
    ],
)
def test_problem_has_its_line_and_hint(old, new, line, says):
    told = [one for one in read(TOML.replace(old, new))[1] if says in str(one)]
    assert [(one.file, one.line) for one in told] == [("treaties.toml", line)]


def test_each_instrument_and_each_note_needs_its_text():
    text = TEXTS.replace("## PACT\nThe pact\n\nGood for much.\n\n", "").replace("## nothing\nNothing was found.\n", "")
    assert [one.values["id"] for one in read(text=text)[1]] == ["PACT", "nothing"]


def test_treaty_not_in_force_needs_a_text():
    toml = TOML.replace("in_force = 2003-09-29\n", "").replace('"party"', '"ratified"')
    assert ["PACT lacks the part in_force." in str(one) for one in read(toml)[1]] == [True]
    assert read(toml, TEXTS.replace("much.\n", "much.\n\n- in_force: Needs five.\n"))[1] == []


def test_invalid_toml_is_one_problem():
    assert [one.line for one in read("as_of = \n", "")[1]] == [1]


def test_changed_cell_changes_only_its_line():
    table = read()[0]
    assert write_treaties(table, TOML) == TOML
    pact = table.instruments[0]
    joined = msgspec.structs.replace(pact.cells["IQ"], status=TreatyStatus.PARTY, date_is=DateIs.ACCESSION)
    pact = msgspec.structs.replace(pact, cells={**pact.cells, "IQ": joined})
    written = write_treaties(msgspec.structs.replace(table, instruments=(pact, *table.instruments[1:])), TOML)
    lines = [
        (n, new)
        for n, (old, new) in enumerate(zip(TOML.split("\n"), written.split("\n"), strict=True), 1)
        if old != new
    ]
    assert [n for n, _new in lines] == [16]
    assert read(written)[0].instruments[0] == pact


@settings(max_examples=examples(20), deadline=None)
@given(TABLES, TABLES)
def test_any_table_survives_writing_fresh_and_into_another(table, other):
    before = write_treaties(other)
    assert write_treaties(other, before) == before
    for text in (write_treaties(table), write_treaties(table, before)):
        again = read(text, "")[0]
        for one, held in zip(again.instruments, table.instruments, strict=True):
            assert msgspec.structs.replace(one, cells={}) == msgspec.structs.replace(held, cells={})
            assert one.cells == held.cells
        assert (again.as_of, again.readings) == (table.as_of, table.readings)


@pytest.mark.parametrize(
    ("one", "other", "links"),
    [
        ("party", "party", CountryLink.LINKED),
        ("party", "signed", CountryLink.NOT_LINKED),
        ("party", "unknown", CountryLink.UNKNOWN),
        ("unknown", "unknown", CountryLink.UNKNOWN),
        ("unknown", "not_party", CountryLink.NOT_LINKED),
        ("member", "agreement", CountryLink.BY_AGREEMENT),
        ("member", "not_member", CountryLink.NOT_LINKED),
        ("bound", "bound", CountryLink.LINKED),
    ],
)
def test_a_treaty_links_two_countries_when_both_are_party(one, other, links):
    cells = {
        name: TreatyCell(TreatyStatus(status), checked=True, readings=())
        for name, status in (("BG", one), ("IQ", other))
    }
    pact = msgspec.structs.replace(read()[0].instruments[0], cells=cells)
    assert pact.link("BG", "IQ") is pact.link("IQ", "BG") is links
    assert msgspec.structs.replace(pact, in_force=None).link("BG", "IQ") is CountryLink.NOT_LINKED


def test_overdue_check_is_a_warning_at_its_line():
    table = read()[0]
    assert overdue(TextFile("treaties.toml", TOML), table, date(2027, 2, 28)) == []
    assert [str(one) for one in overdue(TextFile("treaties.toml", TOML), table, date(2027, 3, 1))] == [
        "treaties.toml:25: warning: The statuses of HOUSE were due for a check by 2027-02-28. "
        "Check them with the depositary, then set check_by."
    ]


@pytest.fixture(scope="module")
def own_references():
    """The references of the site, and the problems of their files."""
    return read_folder({path: raw for path, raw in files_on_disk(COURSES).items() if "/" not in path})


def test_own_table_is_complete(own_references):
    library, problems = own_references
    table = library.references.treaties
    assert [str(one) for one in problems if one.file.startswith("treaties.")] == []
    cells = [cell for one in table.instruments for cell in one.cells.values()]
    assert len(table.instruments) == 22
    assert all(one.cells.keys() == COUNTRIES for one in table.instruments)
    assert len(cells) == 286
    assert Counter(cell.checked for cell in cells)[True] == 231
    assert sum(cell.checked and cell.basis is not Basis.LISTED for cell in cells) == 99
    assert sum(cell.status is TreatyStatus.UNKNOWN for cell in cells) == 17
    assert sum(not cell.checked and cell.status is not TreatyStatus.UNKNOWN for cell in cells) == 38
    assert sum(cell.checked and not cell.date_checked for cell in cells) == 20
    used = {name for cell in cells for name in cell.readings}
    used |= {name for one in table.instruments for name in one.in_force_readings}
    assert used == {one.id for one in table.readings}


def test_four_treaties_link_every_pair_of_members(own_references):
    table = own_references[0].references.treaties
    pairs = list(combinations(sorted(COUNTRIES), 2))
    linking = {one.id for one in table.instruments if all(one.link(*pair) is CountryLink.LINKED for pair in pairs)}
    assert linking == {"UNTOC", "TIP", "C182", "OPSC", "INTERPOL"}


def test_a_folder_keeps_its_table():
    files = {
        "treaties.toml": (COURSES / "treaties.toml").read_bytes(),
        "sources.toml": (COURSES / "sources.toml").read_bytes(),
    }
    files["treaties.en.md"] = (COURSES / "treaties.en.md").read_bytes()
    library, problems = read_folder(files)
    assert problems == []
    assert write_folder(library) == files


@pytest.mark.parametrize(("day", "warnings"), [("2099-11-30", 0), ("2027-02-28", 1)])
def test_folder_check_warns_of_overdue_statuses(app: Flask, tmp_path: Path, day: str, warnings: int) -> None:
    text = (COURSES / "treaties.toml").read_text()
    text = re.sub(r"check_by = [0-9-]+", "check_by = 2099-11-30", text).replace("2099-11-30", day, 1)
    (tmp_path / "treaties.toml").write_text(text)
    for name in ("sources.toml", "treaties.en.md"):
        (tmp_path / name).write_bytes((COURSES / name).read_bytes())
    told = app.test_cli_runner().invoke(args=["courses", "check", str(tmp_path)])
    assert told.exit_code == 0
    assert f"0 mistakes, {warnings} warnings" in told.output
    assert ("UNTOC were due for a check by 2027-02-28" in told.output) == bool(warnings)
