"""Extract message ids from Python and templates, and update the catalogues (`.pot`, `.po`) with them."""

import ast
import re
from collections.abc import Iterator
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
# the sentence of a refusal is shown through gettext (app/web/errors.py); the rules that give it know no language
REFUSALS = ("DomainError", "IllegalMoveError", "InputError", "NotFinishedError", "TooLargeError")
# Babel's own list has the others; the first word of a pgettext says which of its meanings a word has
LAZY = {"lazy_gettext": None, "lazy_ngettext": (1, 2), "lazy_pgettext": ((1, "c"), 2)}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY, **dict.fromkeys(REFUSALS)}
# folders and modules whose rules report problems of a text, shown through gettext (app/studio/labels.py): each sentence
# in them that is no docstring is a message. Examples and templates have texts of their own; references have no page
CHECKERS = ("catalogue/domain", "studio/domain", "markup/errors.py", "kernel/archives.py")
NO_CHECKERS = (
    "references",
    "format_examples.py",
    "word_template.py",
    "word_template_texts.py",
    "word_lesson_template.py",
)
_SENTENCE = re.compile(r"\A[A-Z\"%][^\n]* [^\n]*[.?]\Z")
# one date for ever: a catalogue changes when a sentence does
DATE = datetime(2026, 1, 1, tzinfo=UTC)


def extract(folder: Path) -> Catalog:
    """Return the catalogue of all messages in the Python files and templates under a folder."""
    catalog = _catalog(None)
    for path, _line, message, comments, context in extract_from_dir(
        folder, METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        catalog.add(message, locations=[(path, 1)], auto_comments=comments, context=context)
    for path, sentence in _sentences(folder):
        catalog.add(sentence, locations=[(path, 1)])
    return catalog


def _sentences(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield path and text of each sentence in the modules of checkers."""
    for name in CHECKERS:
        place = folder / name
        for module in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            if module.exists() and not set(module.parts) & set(NO_CHECKERS):
                path = module.relative_to(folder).as_posix()
                yield from ((path, sentence) for sentence in _literals(ast.parse(module.read_text("utf-8"))))


def _literals(tree: ast.Module) -> Iterator[str]:
    """Yield the sentences among the string literals, without docstrings and parts of f-strings."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | docstrings:
            yield from _SENTENCE.findall(node.value)


def update(folder: Path, wanted: Catalog, locales: list[str]) -> list[Path]:
    """Write the template and update each locale's catalogue; return the written paths.

    A changed message starts without a translation, not with a fuzzy one; an unused message is removed.
    """
    written = [folder / TEMPLATE]
    written[0].write_bytes(template(wanted))
    for locale in locales:
        po = folder / locale / "LC_MESSAGES" / "messages.po"
        catalog = catalogues.read(po) if po.exists() else _catalog(locale)
        catalog.update(wanted, no_fuzzy_matching=True)
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_bytes(_text(catalog, header=True))
        written.append(po)
    return written


def template(catalog: Catalog) -> bytes:
    """Return the bytes of the template file."""
    return _text(catalog, header=False)


def _text(catalog: Catalog, *, header: bool) -> bytes:
    # sorted by sentence and without line numbers, so that changes stay small
    file = BytesIO()
    write_po(
        file, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False, omit_header=not header
    )
    return file.getvalue()


def _catalog(locale: str | None) -> Catalog:
    return Catalog(
        locale=locale,
        project="COLEP Academy",
        version="1",
        header_comment="# Sentences of the interface.",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=DATE,
        revision_date=DATE,
        charset="utf-8",
        fuzzy=False,
    )
