"""Names of kinds of files, and texts and notes of imports and exports in the user's language."""

from dataclasses import dataclass

from flask_babel import force_locale, gettext as _
from flask_babel.speaklater import LazyString

from app.i18n.babel import isolated
from app.i18n.languages import INTERFACE
from app.kernel.errors import Word
from app.studio.domain.exchange.shapes import ExchangeTexts, Note, NoteSeverity, RefusedQuestion, Values
from app.studio.domain.import_kinds import ImportKind
from app.studio.forms.exchange import KINDS


@dataclass(frozen=True, slots=True)
class ExchangeNote:
    """A note in the user's language: what is wrong or was changed, and what to do."""

    message: str
    hint: str
    is_error: bool


def import_kind(kind: ImportKind) -> LazyString:
    """Return the name of a kind of file."""
    return dict(KINDS)[kind]


def note(reported: Note) -> ExchangeNote:
    """Return a note in the user's language."""
    values = _translated(reported.values)
    return ExchangeNote(
        _(reported.message) % values, _(reported.hint) % values, reported.severity is NoteSeverity.ERROR
    )


def refusal(question: RefusedQuestion) -> ExchangeNote:
    """Return why a question is refused, in the user's language."""
    values = _translated(question.values)
    return ExchangeNote(_(question.reason) % values, _(question.hint) % values, is_error=True)


def _translated(values: Values) -> Values:
    return {name: _(value) if isinstance(value, Word) else value for name, value in values.items()}


def exchange_texts(language: str) -> ExchangeTexts:
    """Return the texts that an imported or exported item needs, in the language of the course or in English."""
    with force_locale(language if language in INTERFACE else "en"):
        return ExchangeTexts(
            true=_("True"),
            false=_("False"),
            match_heads=(_("Item"), _("Match")),
            rubric_heads=(_("Criterion"), _("Points"), _("What earns them")),
            criterion=_("Answer"),
            earns=_("The answer is complete and correct."),
        )


def megabytes(size: int) -> str:
    """Return a size in bytes as whole megabytes with the unit, isolated for text in both directions."""
    return isolated(_("%(n)s MB", n=size // 1024**2))
