"""What the interface says, taken from code and templates, and the catalogues brought up to it."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from app.i18n import catalogues

TEMPLATE = "messages.pot"
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"silent": "false"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
# one date for ever: a catalogue changes when a sentence does
DATE = datetime(2026, 1, 1, tzinfo=UTC)


def extract(folder: Path) -> Catalog:
    """Return every sentence of the Python files and templates under a folder."""
    found = Catalog(project="COLEP Academy", creation_date=DATE, revision_date=DATE, charset="utf-8")
    for place, _line, message, comments, context in extract_from_dir(
        folder, METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        found.add(message, locations=[(place, 1)], auto_comments=comments, context=context)
    return found


def update(folder: Path, wanted: Catalog, locales: list[str]) -> list[Path]:
    """Write the template and bring each locale's catalogue up to it; return what was written.

    A changed sentence starts empty instead of with a guess; one that is no longer said goes.
    """
    written = [folder / TEMPLATE]
    _write(folder / TEMPLATE, wanted)
    for locale in locales:
        po = folder / locale / "LC_MESSAGES" / "messages.po"
        given = catalogues.read(po) if po.exists() else _fresh(locale)
        given.update(wanted, no_fuzzy_matching=True)
        po.parent.mkdir(parents=True, exist_ok=True)
        _write(po, given)
        written.append(po)
    return written


def text(catalog: Catalog) -> bytes:
    """Return a catalogue as its file, sorted by sentence and without line numbers, so that changes stay small."""
    file = BytesIO()
    write_po(file, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return file.getvalue()


def _fresh(locale: str) -> Catalog:
    return Catalog(locale=locale, project="COLEP Academy", creation_date=DATE, revision_date=DATE, charset="utf-8")


def _write(path: Path, catalog: Catalog) -> None:
    path.write_bytes(text(catalog))
