"""The columns of a sheet of people, by their heads in three languages, in any order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.intake.domain.grid import CUT, Cell, Grid, SheetRow, Trouble, UnreadableError
from app.intake.domain.workbook import BEFORE_HEADS
from app.kernel.folding import fold


class Column(StrEnum):
    """What a column holds."""

    MAIL = "mail"
    NAME = "name"
    LATIN_NAME = "latin_name"
    SERVICE_NUMBER = "service_number"
    COUNTRY = "country"
    AGENCY = "agency"
    POSTING = "posting"
    ROLE = "role"
    LANGUAGE = "language"


# the first of each language is the one that our own sheets carry
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
class Headed:
    """A sheet whose columns are known: where each is, what is called otherwise, and the lines below the heads."""

    columns: Mapping[Column, int]
    others: Sequence[str]
    lines: Sequence[SheetRow]
    language: str  # of most heads


def key(text: str) -> str:
    """Return a head or a value as it is compared: without case, marks, typographic signs and ends."""
    return fold(text.replace("’", "'").replace("‑", "-")).strip(" *:.")


_KNOWN = {key(text): column for column, words in HEADS.items() for texts in words.values() for text in texts}
_LANGUAGES = {
    language: {key(text) for words in HEADS.values() for text in words[language]} for language in ("en", "ar", "fr")
}


def head(column: Column, language: str) -> str:
    """Return the head that our own sheets carry."""
    words = HEADS[column]
    return words.get(language, words["en"])[0]


def find(grid: Grid, needed: Sequence[Column] = NEEDED) -> Headed:
    """Return a sheet by its columns; raise UnreadableError when its heads are missing or stand twice."""
    best: dict[int, Column] = {}
    place = -1
    for number, line in enumerate(grid.lines[:BEFORE_HEADS]):
        named = _named(line.cells)
        if len(set(named.values())) > len(set(best.values())):
            best, place = named, number
    columns: dict[Column, int] = {}
    for where, column in best.items():
        if column in columns:
            raise UnreadableError(Trouble.HEAD_TWICE, grid.lines[place].cells[where].text)
        columns[column] = where
    missing = [column for column in needed if column not in columns]
    if missing:
        raise UnreadableError(Trouble.NO_HEADS, " ".join(missing))
    if len(grid.lines) == place + 1:
        raise UnreadableError(Trouble.NO_ROWS)
    cells = grid.lines[place].cells
    others = [cell.text for where, cell in sorted(cells.items()) if where not in best and cell.text.strip()]
    return Headed(columns, others, grid.lines[place + 1 :], _language(cells[where].text for where in best))


def known(grid: Grid) -> int:
    """Return how many columns of a sheet have a head that is known."""
    return max((len(set(_named(line.cells).values())) for line in grid.lines[:BEFORE_HEADS]), default=0)


def _named(cells: Mapping[int, Cell]) -> dict[int, Column]:
    found = {where: _KNOWN.get(key(cell.text[:CUT])) for where, cell in cells.items()}
    return {where: column for where, column in found.items() if column is not None}


def _language(texts: Iterable[str]) -> str:
    keys = [key(text) for text in texts]
    return max(_LANGUAGES, key=lambda language: sum(one in _LANGUAGES[language] for one in keys))
