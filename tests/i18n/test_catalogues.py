import errno
import gettext
import os
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from flask.testing import FlaskClient

from app import cli
from app.i18n import catalogues, extraction
from app.i18n.babel import TRANSLATIONS
from tests.support import courses, sites

LOCALES = tuple(cli.TRANSLATED)
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
APART = frozenset({"bdi", "time", "code", "script", "style", "svg"})
SAID = ("aria-label", "alt", "title", "placeholder")
# names and signs of the world that Arabic text leaves as they are
NAMES = frozenset({"COLEP", "Academy", "WCAG", "AA", "CC", "BY", "Apache", "English", "Français"})
# what courses and people say themselves, inside sentences of the pages
GIVEN = (
    "Night at the harbour",
    "Harbour watch",
    "The list",
    "The quay",
    "After the watch",
    "The ship without a name",
    "First responder",
    "Sofia",
    "Rules of the port of Belmora, Port of Belmora (invented), 2024, rule 3",
    "A person in distress is spoken of. You may skip to the next lesson.",
)
ALIAS = re.compile(r"Officer \d+")
COURSE = f"/courses/{courses.SLUG}"
OWN = (
    "/",
    "/courses",
    COURSE,
    f"{COURSE}/lessons/the-list",
    f"{COURSE}/lessons/the-quay",
    f"{COURSE}/test",
    f"{COURSE}/cases/scenario",
    "/attempts/{done.open_attempt}/1",
    "/attempts/{done.open_attempt}/check",
    "/attempts/{done.ended_attempt}/result",
    "/cases/{done.open_case}",
    "/cases/{done.ended_case}/debrief",
    "/record",
    "/notices",
    "/search?q=quay",
    "/search?q=nothing-has-this",
    "/settings",
    "/about",
    "/about/help",
    "/about/support",
    "/about/privacy",
    "/about/accessibility",
    "/not-here",
)


class Text(HTMLParser):
    """The pieces of text that a page says in its own language."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._page = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self._page = given.get("lang") or ""
        other = given.get("lang") not in {None, self._page} or tag in APART
        shut = other or bool(self._open and self._open[-1][1])
        if not shut:
            self.pieces += [value for name in SAID if (value := given.get(name))]
        if tag not in VOID:
            self._open.append((tag, shut))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and not self._open[-1][1] and data.strip():
            self.pieces.append(" ".join(data.split()))


def _catalogue(locale: str) -> Catalog:
    return catalogues.read(TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po")


def _pieces(client: FlaskClient, path: str) -> list[str]:
    text = Text()
    text.feed(client.get(path).get_data(as_text=True))
    return text.pieces


def _reader(site: sites.Site, name: str, language: str) -> FlaskClient:
    client = site.client(name)
    sites.post(site.app, client, "/sign-in/language", {"to": language, "next": "/"})
    return client


def _without_compiled(folder: Path) -> Path:
    return Path(shutil.copytree(TRANSLATIONS, folder, ignore=shutil.ignore_patterns("*.mo")))


def test_missing_catalogues_are_written(tmp_path: Path) -> None:
    folder = _without_compiled(tmp_path / "translations")
    assert catalogues.make_missing(folder) == {}
    assert sorted(mo.parent.parent.name for mo in folder.glob("*/LC_MESSAGES/*.mo")) == sorted(LOCALES)


def test_catalogues_that_cannot_be_written_are_read_from_their_sources(tmp_path: Path) -> None:
    """The program folder of an installed site belongs to root: nothing can take the place of these."""
    folder = _without_compiled(tmp_path / "translations")
    for locale in LOCALES:
        blocked = folder / locale / "LC_MESSAGES" / "messages.mo"
        blocked.mkdir()
        os.utime(blocked, (0, 0))
    unwritten = catalogues.make_missing(folder)
    assert {locale: texts.gettext("Sign in") for locale, texts in unwritten.items()} == {
        locale: _catalogue(locale).get("Sign in").string for locale in LOCALES
    }


def test_catalogues_of_a_read_only_file_system_are_read_from_their_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a file system also refuses to delete a file that it does not have."""
    folder = _without_compiled(tmp_path / "translations")

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for name in ("write_bytes", "unlink"):
        monkeypatch.setattr(Path, name, refuse)
    unwritten = catalogues.make_missing(folder)
    assert sorted(unwritten) == sorted(LOCALES)
    assert unwritten["fr"].gettext("Sign in") == _catalogue("fr").get("Sign in").string


def test_command_writes_catalogues_that_are_newer_than_their_sources(
    lite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of a new version may be older than the catalogues that the version before compiled."""
    folder = _without_compiled(tmp_path / "translations")
    monkeypatch.setattr(cli, "TRANSLATIONS", folder)
    catalogues.make_missing(folder)
    compiled = {mo: mo.read_bytes() for mo in folder.glob("*/LC_MESSAGES/*.mo")}
    for mo in compiled:
        mo.write_bytes(b"of the version before")
    assert catalogues.make_missing(folder) == {}
    result = lite_app.test_cli_runner().invoke(args=["translations", "compile"])
    assert result.exit_code == 0, result.output
    assert {mo: mo.read_bytes() for mo in compiled} == compiled


def test_catalogues_are_complete(wanted: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "extract", lambda _sources: wanted)
    assert cli.translation_faults(TRANSLATIONS) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_plural_has_all_forms_of_its_language(locale: str) -> None:
    given = _catalogue(locale)
    short = [
        message.id
        for message in given
        if isinstance(message.id, tuple) and (len(message.string) != given.num_plurals or not all(message.string))
    ]
    assert short == []
    assert given.num_plurals == {"ar": 6, "fr": 2}[locale]


def test_arabic_numbers_name_the_right_form() -> None:
    catalogue = _catalogue("ar")
    forms = catalogue.get("%(num)s seat").string
    rule = gettext.c2py(catalogue.plural_expr)
    assert {number: forms[rule(number)] for number in (1, 2, 7, 11, 99, 100, 103)} == {
        1: "مقعد واحد",
        2: "مقعدان",
        7: "%(num)s مقاعد",
        11: "%(num)s مقعدًا",
        99: "%(num)s مقعدًا",
        100: "%(num)s مقعد",
        103: "%(num)s مقاعد",
    }


def test_arabic_plural_follows_the_number() -> None:
    catalogue = _catalogue("ar")
    rule = gettext.c2py(catalogue.plural_expr)
    # a masculine thing has the mark of the accusative after 11 to 99, and never after 100
    marked = re.compile(r"(?:%\(\w+\)s |^)\S*\u064b")
    wrong = []
    for message in catalogue:
        if isinstance(message.id, tuple):
            some, hundred = message.string[rule(11)], message.string[rule(100)]
            if marked.search(hundred) or (some != hundred and not marked.search(some)):
                wrong.append(message.id[0])
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_digits_are_western(locale: str) -> None:
    assert [m.id for m in _catalogue(locale) if re.search("[٠-٩۰-۹]", str(m.string))] == []


def test_french_punctuation_follows_a_no_break_space() -> None:
    bare = re.compile(r"(?<![\u00a0\u202f])[;?!»]|«(?![\u00a0\u202f])|(?<![\u00a0\u202f\d]):|'\w")
    # the words of the course format stay as they are
    literal = re.compile(r'"[^"]*"|!\[\]|\{[^}]*\}|\b(?:ANSWER|Why|key|pass_value):|2001:db8::')
    texts = [text for message in _catalogue("fr") if message.id for text in catalogues._texts(message)]
    assert [text for text in texts if bare.search(literal.sub("", text))] == []


def test_messages_of_domain_errors_are_in_the_catalogues(wanted: Catalog) -> None:
    assert wanted.get("This question is not on the paper.") is not None


def test_messages_of_course_problems_are_in_the_catalogues(wanted: Catalog) -> None:
    assert wanted.get("The lesson has no title.") is not None


def test_translated_pages_contain_no_english(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    owner, administrator = _reader(site, "owner", "ar"), _reader(site, "administrator", "ar")
    read = [*((owner, path) for path in OWN), (administrator, "/operations")]
    assert _left(site, read, lambda piece: bool(_latin(piece))) == {}


def test_public_pages_contain_no_english(lite_app: Flask) -> None:
    client = lite_app.test_client()
    sites.post(lite_app, client, "/sign-in/language", {"to": "ar", "next": "/"})
    left = {piece for path in ("/sign-in", "/about") for piece in _pieces(client, path) if _latin(piece)}
    assert left == set()


def test_french_pages_contain_no_english_message(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    owner, administrator = _reader(site, "owner", "fr"), _reader(site, "administrator", "fr")
    read = [*((owner, path) for path in OWN), (administrator, "/operations")]
    same = {message.id for message in _catalogue("fr") if message.id == message.string}
    english = {str(message.id) for message in _catalogue("fr")} - same
    assert _left(site, read, english.__contains__) == {}


def _left(
    site: sites.Site, read: list[tuple[FlaskClient, str]], english: Callable[[str], bool]
) -> dict[str, list[str]]:
    left = {}
    for client, path in read:
        pieces = _pieces(client, path.format(done=site.done))
        assert pieces, path
        if found := [piece for piece in pieces if english(piece)]:
            left[path] = found
    return left


def _latin(piece: str) -> list[str]:
    piece = ALIAS.sub("", piece)
    for given in GIVEN:
        piece = piece.replace(given, "")
    return [word for word in re.findall("[A-Za-zÀ-ÿ]{2,}", piece) if word not in NAMES]
