import io
import random
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings, strategies as st
from openpyxl import Workbook

from app.intake.domain import reading
from app.intake.domain.headers import HEADS, Column
from app.intake.domain.reading import PeopleSheet
from app.kernel.sheets import workbook, xlsx_parts
from app.kernel.sheets.delimited import unguarded
from app.kernel.sheets.grid import (
    MOST_BYTES,
    MOST_ROWS,
    CellDefect,
    FileProblem,
    Remark,
    SheetCell,
    UnreadableError,
)
from app.web.table_files import without_formula
from tests.support import people_sheets as sheets
from tests.support.examples import examples

ARABIC, CYRILLIC, FRENCH = "سميرة الحسن", "Ірина Петренко", "Hélène Lefèvre"
SHEET = "xl/worksheets/sheet1.xml"


def cells(sheet: PeopleSheet, column: Column) -> list[str]:
    where = sheet.headed.columns[column]
    return [line.cells.get(where, SheetCell("")).text for line in sheet.headed.lines]


def odds(sheet: PeopleSheet) -> dict[tuple[int, Column], CellDefect]:
    """Return what is odd, by row and column."""
    by_place = {where: column for column, where in sheet.headed.columns.items()}
    return {
        (line.number, by_place[where]): cell.defect
        for line in sheet.headed.lines
        for where, cell in line.cells.items()
        if cell.defect is not None and where in by_place
    }


def trouble(raw: bytes) -> FileProblem:
    with pytest.raises(UnreadableError) as caught:
        reading.read_sheet(raw)
    return caught.value.problem


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", [ARABIC, CYRILLIC, FRENCH])
def test_text_is_read_in_self_describing_encodings(separator: str, encoding: str, name: str) -> None:
    raw = sheets.csv([sheets.row(1, name=name)], separator=separator, encoding=encoding)
    sheet = reading.read_sheet(raw)
    assert cells(sheet, Column.NAME) == [name]
    assert sheet.notes == ()


@pytest.mark.parametrize(
    ("encoding", "name", "language", "said"),
    [
        ("cp1256", ARABIC, "ar", "Windows-1256"),
        ("cp1256", ARABIC, "en", "Windows-1256"),
        ("cp1251", "Петър Димитров", "en", "Windows-1251"),
        ("cp1252", FRENCH, "fr", "Windows-1252"),
        ("cp1252", "Jürgen Müller", "en", "Windows-1252"),
    ],
)
def test_old_encoding_is_guessed_with_a_note(encoding: str, name: str, language: str, said: str) -> None:
    heads = [words.get(language, words["en"])[0] for column, words in HEADS.items() if column is not Column.COUNTRY]
    sheet = reading.read_sheet(sheets.csv([sheets.row(1, name=name)], heads=heads, encoding=encoding))
    assert cells(sheet, Column.NAME) == [name]
    assert [(note.remark, note.value) for note in sheet.notes] == [(Remark.ENCODING_GUESSED, said)]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp1250", "Petrović Čedomir"), ("cp1252", FRENCH), ("cp437", "Ünal Öz"), ("koi8-r", "Иванов Пётр")],
)
def test_ambiguous_encoding_is_refused(encoding: str, name: str) -> None:
    assert trouble(sheets.csv([sheets.row(1, name=name)], encoding=encoding)) is FileProblem.ENCODING


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_headers_are_recognised_in_each_language_and_order(language: str) -> None:
    order = list(HEADS)
    random.Random(3).shuffle(order)
    heads = ["Remarks", *(HEADS[column][language][0].upper() for column in order)]
    for raw in (
        sheets.csv([["x", *map(str, order)]], heads=heads),
        sheets.xlsx([["x", *map(str, order)]], heads=heads),
    ):
        sheet = reading.read_sheet(raw)
        assert {column: cells(sheet, column) for column in order} == {column: [str(column)] for column in order}
        assert [(note.remark, note.value) for note in sheet.notes] == [(Remark.COLUMNS_LEFT_OUT, "Remarks")]


def test_header_belongs_to_one_column_in_all_languages() -> None:
    seen: dict[str, Column] = {}
    for column, words in HEADS.items():
        for text in {text for texts in words.values() for text in texts}:
            assert seen.setdefault(text.casefold(), column) is column


def test_title_above_the_headers_is_not_a_row() -> None:
    sheet = reading.read_sheet(sheets.csv([["List of officers"], [], list(sheets.HEADS), sheets.row(1)], heads=[""]))
    assert [line.number for line in sheet.headed.lines] == [5]


def test_pasted_text_is_read() -> None:
    text = sheets.csv([sheets.row(1), sheets.row(2)], separator="\t").decode()
    assert cells(reading.pasted(text), Column.MAIL) == ["new1@police.example", "new2@police.example"]
    with pytest.raises(UnreadableError):
        reading.pasted("  \n ")


def test_workbook_notes_name_hidden_and_ignored_parts() -> None:
    def change(book: object, sheet: object) -> None:
        sheet.set_column(2, 3, None, None, {"hidden": True})  # type: ignore[attr-defined]
        sheet.set_row(2, None, None, {"hidden": True})  # type: ignore[attr-defined]
        book.add_worksheet("Codes")  # type: ignore[attr-defined]
        book.add_worksheet("Secret").hide()  # type: ignore[attr-defined]

    sheet = reading.read_sheet(sheets.xlsx([sheets.row(1), sheets.row(2)], change=change))
    assert len(sheet.headed.lines) == 2
    assert [(note.remark, note.value) for note in sheet.notes] == [
        (Remark.SHEET_READ, "People"),
        (Remark.SHEETS_LEFT_OUT, "Codes"),
        (Remark.SHEETS_HIDDEN, "Secret"),
        (Remark.COLUMNS_HIDDEN, "C, D"),
        (Remark.ROWS_HIDDEN, "1"),
    ]


def test_cells_that_were_not_typed_have_a_defect() -> None:
    def change(book: object, sheet: object) -> None:
        day = book.add_format({"num_format": "d mmm yyyy"})  # type: ignore[attr-defined]
        sheet.write_formula(1, 1, '=CONCAT("a","b")', None, "ab")  # type: ignore[attr-defined]
        sheet.merge_range(2, 4, 3, 4, sheets.AGENCY)  # type: ignore[attr-defined]
        sheet.write_datetime(4, 3, datetime(2027, 3, 12, tzinfo=UTC).replace(tzinfo=None), day)  # type: ignore[attr-defined]
        sheet.write_number(5, 3, 12345678901234567890)  # type: ignore[attr-defined]
        sheet.write_formula(6, 5, "=1/0", None, "#DIV/0!")  # type: ignore[attr-defined]

    sheet = reading.read_sheet(sheets.xlsx([sheets.row(number) for number in range(1, 8)], change=change))
    assert odds(sheet) == {
        (2, Column.NAME): CellDefect.FORMULA,
        (3, Column.AGENCY): CellDefect.MERGED,
        (4, Column.AGENCY): CellDefect.MERGED,
        (5, Column.SERVICE_NUMBER): CellDefect.DATE,
        (6, Column.SERVICE_NUMBER): CellDefect.LONG_NUMBER,
        (7, Column.POSTING): CellDefect.FORMULA,
    }


def test_formula_in_text_is_a_defect_unless_guarded() -> None:
    rows = [sheets.row(1, name="=1+1"), sheets.row(2, name="\u200b =cmd"), sheets.row(3, name="'=x"), sheets.row(4)]
    sheet = reading.read_sheet(sheets.csv(rows))
    assert odds(sheet) == {(2, Column.NAME): CellDefect.FORMULA, (3, Column.NAME): CellDefect.FORMULA}
    assert cells(sheet, Column.NAME)[2] == "=x"


def test_numbers_are_read_as_displayed() -> None:
    def change(book: object, sheet: object) -> None:
        zeros = book.add_format({"num_format": "000000"})  # type: ignore[attr-defined]
        sheet.write_number(1, 3, 123, zeros)  # type: ignore[attr-defined]
        sheet.write_number(2, 3, 4711)  # type: ignore[attr-defined]
        sheet.write_number(3, 3, 1.5)  # type: ignore[attr-defined]

    sheet = reading.read_sheet(sheets.xlsx([sheets.row(n) for n in range(3)], change=change))
    assert cells(sheet, Column.SERVICE_NUMBER) == ["000123", "4711", "1.5"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", FileProblem.EMPTY),
        (b" \r\n\t", FileProblem.EMPTY),
        (b"a" * (MOST_BYTES + 1), FileProblem.TOO_LARGE),
        (b"%PDF-1.7", FileProblem.NOT_A_SHEET),
        (b"<html><table>", FileProblem.NOT_A_SHEET),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, FileProblem.OLD_OR_LOCKED),
        (b"PK\x03\x04 and nothing else", FileProblem.DAMAGED),
        (b"mail,name\0,service\r\na,b,c", FileProblem.NUL),
        (b"\xff\xfea\xd8", FileProblem.ENCODING),
        (b"first,second\r\n1,2", FileProblem.NO_HEADS),
        (b"mail,name\r\na,b", FileProblem.NO_HEADS),
        (b"mail,name,service", FileProblem.NO_ROWS),
        (b"mail,e-mail,name,service\r\na,b,c,d", FileProblem.HEAD_TWICE),
        (b'mail,name,service\r\na,"b,c\r\nd,e,f', FileProblem.QUOTES),
        (b"mail,name,service\r\n" + b"a,b,c\r\n" * (MOST_ROWS + 1), FileProblem.TOO_MANY_ROWS),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),
)
def test_file_that_is_not_a_sheet_of_people_is_refused(raw: bytes, expected: FileProblem) -> None:
    assert trouble(raw) is expected


def test_more_than_five_thousand_rows_are_refused() -> None:
    heads, rows = ("mail", "name", "service"), [("a", "b", "c")] * MOST_ROWS
    assert len(reading.read_sheet(sheets.xlsx(rows, heads=heads)).headed.lines) == MOST_ROWS
    assert trouble(sheets.xlsx([*rows, rows[0]], heads=heads)) is FileProblem.TOO_MANY_ROWS


def _with(bodies: dict[str, bytes]) -> bytes:
    return sheets.tampered(sheets.xlsx([sheets.row(1)]), bodies)


def test_archive_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    grain = b"".join(random.Random(1).randbytes(1) + b"a" * 40 for _ in range(50_000))  # packs thirty to one
    bombs = [
        _with({f"a/{n}": b"" for n in range(xlsx_parts.LIMITS.entries + 1)}),
        _with({"xl/media/a": b"\0" * (xlsx_parts.LIMITS.ratio_from * 8)}),
        _with({f"xl/media/{n}": grain for n in range(18)}),
    ]

    def opened(*_given: object) -> bytes:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", opened)
    assert [len(one) < MOST_BYTES for one in bombs] == [True, True, True]
    assert [trouble(one) for one in bombs] == [FileProblem.UNPACKS_TOO_LARGE] * 3


def test_workbook_with_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_parts, "MOST_ELEMENTS", 1000)
    assert trouble(sheets.xlsx([sheets.row(n) for n in range(200)])) is FileProblem.UNPACKS_TOO_LARGE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "declared",
    ['<!DOCTYPE a [<!ENTITY b "c">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">', "<!DOCTYPE a>"],
    ids=["entity", "outside", "bare"],
)
def test_part_with_document_type_declaration_is_refused(declared: str, encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?>{declared}<worksheet><sheetData/></worksheet>'
    assert trouble(sheets.tampered(sheets.xlsx([sheets.row(1)]), {SHEET: body.encode(encoding)})) is FileProblem.DOCTYPE


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("../outside.xml", FileProblem.DAMAGED),
        ("/outside.xml", FileProblem.DAMAGED),
        ("a" * 201, FileProblem.DAMAGED),
        (SHEET, FileProblem.DAMAGED),
    ],
    ids=["up", "root", "long", "broken"],
)
def test_damaged_workbook_is_refused(part: str, expected: FileProblem) -> None:
    assert trouble(sheets.tampered(sheets.xlsx([sheets.row(1)]), {part: b"<worksheet><row>"})) is expected


def _sheet(inside: str, *, before: str = "") -> bytes:
    return f"<worksheet>{before}<sheetData>{inside}</sheetData></worksheet>".encode()


def test_thousands_of_merged_cells_are_refused() -> None:
    for merged in ("".join(f'<mergeCell ref="A{n}:J{n}"/>' for n in range(1, 2100)), '<mergeCell ref="A1:A1048576"/>'):
        body = f"<worksheet><sheetData/><mergeCells>{merged}</mergeCells></worksheet>".encode()
        assert trouble(sheets.tampered(sheets.xlsx([sheets.row(1)]), {SHEET: body})) is FileProblem.MERGED


def test_long_contents_are_processed_once() -> None:
    """Files that cost time out of proportion: one text that all cells name, formats and names without end, no words."""
    long, style = "a" * 200_000 + " ", '<numFmt numFmtId="200" formatCode="%s"/>' % ("[" * 50_000)
    cells = "".join(f'<row r="{n}"><c t="s"><v>0</v></c><c s="0"><v>1</v></c></row>' for n in range(1, 4000))
    strings = f"<sst><si><t>{long}</t></si></sst>".encode()
    styles = f'<styleSheet><numFmts>{style}</numFmts><cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'.encode()
    parts_of_it = {SHEET: _sheet(cells), "xl/sharedStrings.xml": strings, "xl/styles.xml": styles}
    assert trouble(sheets.tampered(sheets.xlsx([sheets.row(1)]), parts_of_it)) is FileProblem.NO_HEADS
    assert trouble(b"a" * 1_900_000 + b"\xe9") is FileProblem.QUOTES  # what such a cell mostly comes from
    assert trouble(b"mail,name,service\r\n" + b"\n" * 1_900_000) is FileProblem.TOO_MANY_ROWS


def test_column_letters_match_a_spreadsheet() -> None:
    assert [workbook.get_column_letter(n + 1) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


@given(st.text(max_size=40))
@example('"\n=')
@settings(max_examples=examples(100), deadline=None)
def test_guard_of_an_export_is_removed_on_import(text: str) -> None:
    assert unguarded(str(without_formula(text))) in {text, unguarded(text)}


def _end(raw: bytes) -> PeopleSheet | FileProblem:
    """Return what a file comes to: a sheet, or what is wrong with it; everything else is a fault of ours."""
    try:
        return reading.read_sheet(raw)
    except UnreadableError as error:
        return error.problem


@given(st.binary(max_size=300))
@settings(max_examples=examples(100), deadline=None)
def test_random_bytes_never_raise_other_errors(raw: bytes) -> None:
    for given_bytes in (raw, b"PK\x03\x04" + raw, b"mail,name,service\r\n" + raw):
        assert isinstance(_end(given_bytes), (PeopleSheet, FileProblem))


_BOOK = sheets.xlsx([sheets.row(n) for n in range(3)])


_WORDS = (b"-1", b"99999999999", b"nan", b"1e999", b"A1:B2", b"hidden", b"e", b"str", b"d", b"xl/styles.xml", b"")


def _odd_book() -> bytes:
    """Return a book with a bit of everything."""

    def change(book: object, sheet: object) -> None:
        day, zeros = (book.add_format({"num_format": one}) for one in ("d mmm yyyy", "0000"))  # type: ignore[attr-defined]
        for place, value in (("D2", 44_000), ("D4", 99_999_999)):
            sheet.write_number(place, value, day)  # type: ignore[attr-defined]
        sheet.write_number("D3", 12, zeros)  # type: ignore[attr-defined]
        sheet.merge_range("E4:F5", "x")  # type: ignore[attr-defined]
        sheet.write_formula("B3", "=A1")  # type: ignore[attr-defined]
        sheet.write_rich_string("B2", "a", day, "b")  # type: ignore[attr-defined]
        sheet.set_column(2, 3, None, None, {"hidden": True})  # type: ignore[attr-defined]
        sheet.set_row(2, None, None, {"hidden": True})  # type: ignore[attr-defined]
        book.add_worksheet("Other").hide()  # type: ignore[attr-defined]

    return sheets.xlsx([sheets.row(n) for n in range(5)], change=change)


def _changed(raw: bytes, chance: random.Random) -> bytes:
    """Return bytes with some of them changed, or with another word in the place of one."""
    if chance.random() < 0.5:
        found = bytearray(raw)
        for _ in range(chance.randint(1, 4)):
            found[chance.randrange(len(raw))] = chance.choice([*b'<>/="012', chance.randrange(256)])
        return bytes(found)
    words = list(re.finditer(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)|(?<=<)/?\w+|$', raw))
    word = chance.choice(words)
    return raw[: word.start()] + chance.choice(_WORDS) + raw[word.end() :]


def test_damaged_workbooks_never_raise_other_errors() -> None:
    """Changed as a whole, and within its parts, where no check sum gives it away."""
    chance, book = random.Random(7), _odd_book()
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        whole = {name: file.read(name) for name in file.namelist() if name.startswith(("xl/w", "xl/_", "xl/s", "["))}
    ends: Counter[str] = Counter()
    for turn in range(500):
        name = chance.choice(list(whole))
        raw = _changed(book, chance) if turn % 5 == 0 else sheets.tampered(book, {name: _changed(whole[name], chance)})
        try:
            reading.read_sheet(raw)
            ends["read"] += 1
        except UnreadableError as error:
            ends[error.problem] += 1
    assert min(ends["read"], ends[FileProblem.DAMAGED]) > 50  # neither is all that was tried


@given(st.text(alphabet='<>/="wrcvtsidf0123A ', max_size=120))
@settings(max_examples=examples(50), deadline=None)
def test_random_parts_never_raise_other_errors(inside: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_BOOK)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            raw = (
                f"<worksheet><sheetData>{inside}</sheetData></worksheet>".encode() if name == SHEET else old.read(name)
            )
            new.writestr(name, raw)
    assert isinstance(_end(file.getvalue()), (PeopleSheet, FileProblem))


def test_workbooks_of_other_programs_are_read() -> None:
    """Some write texts into the cells, leave addresses out, name parts from the root, or use the strict space."""
    heads = "".join(
        f'<c t="inlineStr"><is><r><t>{text[:2]}</t></r><r><t>{text[2:]}</t></r></is></c>' for text in sheets.HEADS
    )
    values = "".join(f'<c t="str"><v>{text}</v></c>' for text in sheets.row(1, name="A_x0041_ &amp; B_xD800_"))
    space = 'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'
    body = f"<worksheet {space}><sheetData><row>{heads}</row><row>{values}</row></sheetData></worksheet>".encode()
    kind = "http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet"
    targets = f'<Relationships><Relationship Id="rId1" Type="{kind}" Target="/{SHEET}"/></Relationships>'.encode()
    sheet = reading.read_sheet(_with({SHEET: body, "xl/_rels/workbook.xml.rels": targets}))
    assert [line.number for line in sheet.headed.lines] == [2]
    assert cells(sheet, Column.NAME) == ["AA & B_xD800_"]


def test_workbook_written_by_openpyxl_is_read() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (sheets.HEADS, sheets.row(1, name=ARABIC), sheets.row(2)):
        sheet.append(line)
    sheet["D2"], sheet["D2"].number_format = 123, "000000"
    sheet["D3"] = "=1+1"
    sheet["A2"].hyperlink = "mailto:new1@police.example"
    sheet.merge_cells("F2:F3")
    sheet.column_dimensions.group("G", "H", hidden=True)
    file = io.BytesIO()
    book.save(file)
    read = reading.read_sheet(file.getvalue())
    assert (cells(read, Column.NAME), cells(read, Column.SERVICE_NUMBER)) == ([ARABIC, "Test Person 2"], ["000123", ""])
    assert cells(read, Column.MAIL) == ["new1@police.example", "new2@police.example"]
    assert odds(read) == {
        (2, Column.POSTING): CellDefect.MERGED,
        (3, Column.POSTING): CellDefect.MERGED,
        (3, Column.SERVICE_NUMBER): CellDefect.FORMULA,
    }
    assert [(note.remark, note.value) for note in read.notes] == [(Remark.COLUMNS_HIDDEN, "G, H")]


def test_invalid_date_is_a_defect_and_boolean_is_read_as_displayed() -> None:
    def change(book: object, sheet: object) -> None:
        day = book.add_format({"num_format": "d mmm yyyy"})  # type: ignore[attr-defined]
        sheet.write_number(1, 3, 99_999_999, day)  # type: ignore[attr-defined]
        sheet.write_boolean(2, 3, True)  # type: ignore[attr-defined]

    sheet = reading.read_sheet(sheets.xlsx([sheets.row(1), sheets.row(2)], change=change))
    assert odds(sheet) == {(2, Column.SERVICE_NUMBER): CellDefect.ERROR_VALUE}
    assert cells(sheet, Column.SERVICE_NUMBER)[1] == "TRUE"


def _sheet_of(raw: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return book.read(SHEET).decode()


def test_openpyxl_receives_only_cells() -> None:
    """No cell that is coloured and empty, no size that a sheet claims, nothing that leads to other parts or places."""
    own = _sheet_of(_BOOK)
    empty = "".join(
        f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(9, 5000)
    )
    link = '<hyperlinks><hyperlink ref="A1:XFD1048576" r:id="rId1"/></hyperlinks>'
    far = f'<row r="1048576"><c r="B1048576" t="str"><v>x</v></c><c r="XFD1048576"><v>1</v></c>{link}</row>'
    after = (
        f'{link}<dataValidations><dataValidation sqref="A1:XFD1048576"/></dataValidations><drawing r:id="rId2"/>'
        '<tableParts><tablePart r:id="rId3"/></tableParts></worksheet>'
    )
    body = re.sub("<dimension[^>]*>", '<dimension ref="A1:XFD1048576"/>', own)
    body = body.replace("</sheetData>", f"{empty}{far}</sheetData>").replace("</worksheet>", after)
    book = sheets.tampered(_BOOK, {SHEET: body.encode(), "xl/vbaProject.bin": b"x", "xl/media/a.zip": _BOOK})
    assert _sheet_of(xlsx_parts.cells_only(book).read()).count("<row") == 5
    with zipfile.ZipFile(xlsx_parts.cells_only(book)) as sifted:
        assert {name.rpartition("/")[2] for name in sifted.namelist()} == {
            "[Content_Types].xml", ".rels", "workbook.xml", "workbook.xml.rels", "sheet1.xml", "sharedStrings.xml",
            "styles.xml",
        }  # fmt: skip
        whole = b"".join(sifted.read(name) for name in sifted.namelist())
    assert not re.search(b"dimension|hyperlink|dataValid|tablePart|drawing", whole.replace(b"openxmlformats", b""))
    assert [line.number for line in reading.read_sheet(book).headed.lines] == [2, 3, 4, 1048576]


@pytest.mark.parametrize(
    "inside",
    [
        "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 60)),
        "<row>" + '<c t="inlineStr"><is><t>a</t></is></c>' * 60 + "</row>",
    ],
    ids=["numbers", "texts"],
)
def test_workbook_with_too_many_cells_is_refused_before_openpyxl(inside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_parts, "MOST_CELLS", 50)
    monkeypatch.setattr(workbook, "load_workbook", None)
    assert trouble(_with({SHEET: _sheet(inside)})) is FileProblem.UNPACKS_TOO_LARGE


def test_sheet_with_several_names_is_refused() -> None:
    links = "".join(f'<Relationship Id="r{n}" Type="a/worksheet" Target="{"./" * n}{SHEET[3:]}"/>' for n in range(9))
    names = "".join(f'<sheet name="s{n}" sheetId="{n + 1}" id="rId1"/>' for n in range(9))
    for part, body in (
        ("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>"),
        ("xl/workbook.xml", f"<workbook><sheets>{names}</sheets></workbook>"),
    ):
        assert trouble(_with({part: body.encode()})) is FileProblem.DAMAGED


def test_archive_that_is_not_a_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as other:
        other.writestr("[Content_Types].xml", "<Types/>")
        other.writestr("word/document.xml", "<document/>")
        other.writestr("sheet.xlsx", _BOOK)
    assert trouble(file.getvalue()) is FileProblem.NOT_A_SHEET
