from pathlib import Path

import pytest

from app.i18n import catalogues, extraction

CODE = """
from flask_babel import gettext as _, lazy_gettext, ngettext
A = lazy_gettext("Lazy sentence.")
def say(n):
    return _("Named %(name)s.", name=n) + ngettext("%(num)s lesson", "%(num)s lessons", n)
"""
PAGE = '{% macro x() %}{{ _("In a template.") }}{{ ngettext("%(num)s page", "%(num)s pages", 2) }}{% endmacro %}'


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    (folder / "room" / "templates" / "room").mkdir(parents=True)
    (folder / "room" / "views.py").write_text(CODE)
    (folder / "room" / "templates" / "room" / "page.html").write_text(PAGE)
    return folder


def test_sentences_of_code_and_templates_are_found(sources: Path) -> None:
    ids = {message.id for message in extraction.extract(sources) if message.id}
    assert ids == {
        "Lazy sentence.",
        "Named %(name)s.",
        ("%(num)s lesson", "%(num)s lessons"),
        "In a template.",
        ("%(num)s page", "%(num)s pages"),
    }


def test_word_with_two_meanings_has_two_entries(sources: Path, tmp_path: Path) -> None:
    (sources / "room" / "views.py").write_text(
        "from flask_babel import gettext as _, lazy_pgettext, pgettext\n"
        'A = [lazy_pgettext("trail", "Event"), pgettext("step", "Open"), _("Open")]\n'
    )
    page = sources / "room" / "templates" / "room" / "page.html"
    page.write_text('{{ pgettext("verb", "Open") }}{{ _("Event") }}')
    wanted = extraction.extract(sources)
    said = {(message.context, message.id) for message in wanted if message.id}
    assert said == {("trail", "Event"), (None, "Event"), ("step", "Open"), ("verb", "Open"), (None, "Open")}
    extraction.update(folder := _made(tmp_path / "translations"), wanted, ["ar"])
    po = folder / "ar" / "LC_MESSAGES" / "messages.po"
    text = po.read_text("utf-8")
    text = text.replace('msgctxt "verb"\nmsgid "Open"\nmsgstr ""', 'msgctxt "verb"\nmsgid "Open"\nmsgstr "افتح"')
    po.write_text(text, "utf-8")
    extraction.update(folder, wanted, ["ar"])
    found = catalogues.read(po)
    assert [found.get("Open", context).string for context in ("verb", "step", None)] == ["افتح", "", ""]


def test_a_broken_template_is_an_error(sources: Path) -> None:
    (sources / "room" / "templates" / "room" / "page.html").write_text("{% if %}")
    with pytest.raises(Exception, match="Expected an expression"):
        extraction.extract(sources)


def test_update_drops_stale_entries_and_leaves_new_ones_empty(sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "translations"
    extraction.update(folder := _made(folder), extraction.extract(sources), ["ar", "fr"])
    po = folder / "fr" / "LC_MESSAGES" / "messages.po"
    text = po.read_text("utf-8").replace(
        'msgid "Lazy sentence."\nmsgstr ""', 'msgid "Lazy sentence."\nmsgstr "Phrase."'
    )
    po.write_text(text + '\nmsgid "Gone."\nmsgstr "Parti."\n', "utf-8")
    wanted = extraction.extract(sources)
    before = list(catalogues.faults(wanted, catalogues.read(po)))
    assert "fr: stale: Gone." in before
    extraction.update(folder, wanted, ["ar", "fr"])
    after = list(catalogues.faults(wanted, catalogues.read(po)))
    assert "fr: stale: Gone." not in after
    assert "fr: missing: Lazy sentence." not in after
    assert "fr: missing: Named %(name)s." in after
    assert "fr: missing: %(num)s lesson" in after


def test_updating_twice_writes_the_same_bytes(sources: Path, tmp_path: Path) -> None:
    folder = _made(tmp_path / "translations")
    wanted = extraction.extract(sources)
    first = [path.read_bytes() for path in extraction.update(folder, wanted, ["ar", "fr"])]
    second = [path.read_bytes() for path in extraction.update(folder, extraction.extract(sources), ["ar", "fr"])]
    assert first == second
    assert "nplurals=6" in first[1].decode()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_sentences_of_checkers_are_messages_without_a_call(tmp_path: Path) -> None:
    module = tmp_path / "catalogue" / "domain" / "checks.py"
    module.parent.mkdir(parents=True)
    module.write_text(
        '"""A docstring is no message."""\n'
        'message, hint = "The %(name)s is missing.", "Add it."\n'
        'key, example = "kind", f"Not {message} either."\n'
    )
    ids = {message.id for message in extraction.extract(tmp_path) if message.id}
    assert ids == {"The %(name)s is missing.", "Add it."}
