"""The forms of the translation desk: the blocks of a translation, and the choice of a language."""

import re

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from app.i18n.languages import NAMES
from app.studio.domain.desk_window import DeskFilter, DeskView
from app.studio.service.translations import BlockEdit
from app.web.forms import Form, OneOfField

_FIELD = re.compile(r"target-([0-9]{1,4})")
_NUMBER = re.compile(r"[0-9]{1,4}")
_FILTERS = {str(shown): shown for shown in DeskFilter}
_OPENED = re.compile(r"([0-9a-f]{6})\.([0-9a-f]{6})")


class TranslationLanguageForm(Form):
    """The language whose translations are shown; also one that has none yet."""

    language = OneOfField(_("Another language"))

    def offer(self, without: frozenset[str]) -> None:
        """Offer the languages of the interface and of the member countries, without these."""
        self.language.offer([(code, name) for code, name in NAMES.items() if code not in without])


def edits_of(form: MultiDict[str, str]) -> list[BlockEdit]:
    """Return the submitted blocks by their number; a field without its pair of hashes is left out.

    A block has two fields: `target-3`, and `opened-3` with the hashes of the source and of the translation when the
    page was opened. The button `accept` has the number of the block that follows the changed source as it is.
    """
    edits = []
    for name, text in form.items():
        field = _FIELD.fullmatch(name)
        opened = _OPENED.fullmatch(form.get(f"opened-{field[1]}", "")) if field else None
        if field and opened:
            is_accepted = form.get("accept") == field[1]
            edits.append(BlockEdit(int(field[1]) - 1, opened[1], opened[2], text, is_accepted))
    return sorted(edits, key=lambda edit: edit.index)


def view_of(values: MultiDict[str, str]) -> DeskView:
    """Return the paragraphs that an address asks for; a value that no page has is the usual one."""
    start = values.get("from", "")
    return DeskView(
        _FILTERS.get(values.get("show", ""), DeskFilter.ALL), max(1, int(start)) if _NUMBER.fullmatch(start) else 1
    )
