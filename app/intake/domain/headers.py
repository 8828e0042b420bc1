"""Recognise the columns of a sheet of people by their headers, in three languages and in any order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.folding import fold
from app.kernel.sheets.grid import CUT, FileProblem, Grid, SheetCell, SheetRow, UnreadableError
from app.kernel.sheets.workbook import BEFORE_HEADS


class Column(StrEnum):
    """The columns that a sheet of people may have."""

    MAIL = "mail"
    NAME = "name"
    LATIN_NAME = "latin_name"
    SERVICE_NUMBER = "service_number"
    COUNTRY = "country"
    AGENCY = "agency"
    POSTING = "posting"
    ROLE = "role"
    LANGUAGE = "language"


# the first header of each language is the one of the sheets that this application writes
HEADS: Mapping[Column, Mapping[str, tuple[str, ...]]] = {
    Column.MAIL: {
        "en": ("Work e-mail", "E-mail", "Email", "Work email", "Mail", "E-mail address", "Email address"),
        "ar": ("البريد الإلكتروني المهني", "البريد الإلكتروني", "البريد الإلكتروني للعمل"),
        "fr": ("Adresse électronique professionnelle", "Adresse électronique", "Courriel", "Adresse e-mail"),
    },
    Column.NAME: {
        "en": ("Name as on certificates", "Name", "Full name"),
        "ar": ("الاسم كما يظهر في الشهادات", "الاسم", "الاسم الكامل"),
        "fr": ("Nom tel qu'il figure sur les attestations", "Nom", "Nom complet", "Nom et prénom"),
    },
    Column.LATIN_NAME: {
        "en": ("Name in Latin letters", "Latin name", "Name (Latin)"),
        "ar": ("الاسم بالحروف اللاتينية", "الاسم باللاتينية"),
        "fr": ("Nom en lettres latines", "Nom en caractères latins"),
    },
    Column.SERVICE_NUMBER: {
        "en": ("Service number", "Service no", "Badge number"),
        "ar": ("الرقم الوظيفي", "الرقم المهني"),
        "fr": ("Matricule", "Numéro de service", "Numéro matricule"),
    },
    Column.COUNTRY: {"en": ("Country",), "ar": ("البلد", "الدولة"), "fr": ("Pays",)},
    Column.AGENCY: {
        "en": ("Agency", "Service", "Unit"),
        "ar": ("الجهاز", "الجهة"),
        "fr": ("Service", "Organisme", "Agence"),
    },
    Column.POSTING: {
        "en": ("Role in the agency", "Role in the service", "Role in service", "Roles in the service"),
        "ar": ("الدور في الجهاز", "الدور في الجهة"),
        "fr": ("Fonction dans le service", "Fonctions dans le service"),
    },
    Column.ROLE: {
        "en": ("Role at the academy", "Role", "Academy role"),
        "ar": ("الدور في الأكاديمية", "الدور"),
        "fr": ("Fonction à l'académie", "Fonction"),
    },
    Column.LANGUAGE: {
        "en": ("Language of the invitation", "Language"),
        "ar": ("لغة الدعوة", "اللغة"),
        "fr": ("Langue de l'invitation", "Langue"),
    },
}
NEEDED = (Column.MAIL, Column.NAME, Column.AGENCY)


@dataclass(frozen=True, slots=True)
class HeadedGrid:
    """A sheet with recognised columns: their indexes, the other headers, and the rows below the headers."""

    columns: Mapping[Column, int]
    others: Sequence[str]
    lines: Sequence[SheetRow]
    language: str  # of most headers


def key(text: str) -> str:
    """Return the form in which a header or a value is compared: without case, accents and typographic characters."""
    return fold(text.replace("’", "'").replace("‑", "-")).strip(" *:.")


_COLUMNS = {key(text): column for column, headers in HEADS.items() for texts in headers.values() for text in texts}
_LANGUAGES = {
    language: {key(text) for headers in HEADS.values() for text in headers[language]} for language in ("en", "ar", "fr")
}


def header_text(column: Column, language: str) -> str:
    """Return the header of a column in the sheets that this application writes."""
    return HEADS[column].get(language, HEADS[column]["en"])[0]


def find(grid: Grid, needed: Sequence[Column] = NEEDED) -> HeadedGrid:
    """Return a sheet with its columns; raise UnreadableError if a header is missing or repeated, or without rows."""
    row_index, named = _header_row(grid)
    columns = _indexes(named, grid, row_index)
    missing = [column for column in needed if column not in columns]
    if missing:
        raise UnreadableError(FileProblem.NO_HEADS, " ".join(missing))
    lines = grid.lines[row_index + 1 :]
    if not lines:
        raise UnreadableError(FileProblem.NO_ROWS)
    cells = grid.lines[row_index].cells
    others = [cell.text for index, cell in sorted(cells.items()) if index not in named and cell.text.strip()]
    return HeadedGrid(columns, others, lines, _language(cells[index].text for index in named))


def count_columns(grid: Grid) -> int:
    """Return the highest number of recognised columns in a row that may be the header row."""
    return len(set(_header_row(grid)[1].values()))


def _header_row(grid: Grid) -> tuple[int, Mapping[int, Column]]:
    """Return the index of the row with the most recognised headers, and its columns; -1 if there is none."""
    rows = [(index, _columns(line.cells)) for index, line in enumerate(grid.lines[:BEFORE_HEADS])]
    return max(rows, key=lambda row: len(set(row[1].values())), default=(-1, {}))


def _indexes(named: Mapping[int, Column], grid: Grid, row_index: int) -> dict[Column, int]:
    columns: dict[Column, int] = {}
    for index, column in named.items():
        if column in columns:
            raise UnreadableError(FileProblem.HEAD_TWICE, grid.lines[row_index].cells[index].text)
        columns[column] = index
    return columns


def _columns(cells: Mapping[int, SheetCell]) -> dict[int, Column]:
    columns = {index: _COLUMNS.get(key(cell.text[:CUT])) for index, cell in cells.items()}
    return {index: column for index, column in columns.items() if column is not None}


def _language(texts: Iterable[str]) -> str:
    keys = [key(text) for text in texts]
    return max(_LANGUAGES, key=lambda language: sum(text in _LANGUAGES[language] for text in keys))
