"""Labels of the rows of a question table, kinds of questions, and true and false, in the languages of the template."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.catalogue.domain.items import ItemKind
from app.kernel.folding import fold


class RowType(StrEnum):
    """What a row of a question table contains."""

    EXAMPLE = "example"
    QUESTION = "question"
    KIND = "kind"
    COMPETENCY = "competency"
    LEVEL = "level"
    RIGHT = "right"
    WRONG = "wrong"
    UNIT = "unit"
    HINT = "hint"
    GENERAL = "general"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageLabels:
    """Labels of a language; the first is written in a template, all are read."""

    rows: dict[RowType, tuple[str, ...]]
    kinds: dict[ItemKind, tuple[str, ...]]
    true: tuple[str, ...]
    false: tuple[str, ...]


LABELS = {
    "en": LanguageLabels(
        rows={
            RowType.EXAMPLE: ("Example",),
            RowType.QUESTION: ("Question", "Stem", "Text"),
            RowType.KIND: ("Kind", "Type", "Kind of question"),
            RowType.COMPETENCY: ("Competency", "Competence"),
            RowType.LEVEL: ("Level",),
            RowType.RIGHT: ("Right", "Correct", "Right answer", "Correct answer"),
            RowType.WRONG: ("Wrong", "Incorrect", "False answer", "Wrong answer"),
            RowType.UNIT: ("Unit",),
            RowType.HINT: ("Hint",),
            RowType.GENERAL: ("General feedback", "Feedback", "Explanation"),
            RowType.SOURCE: ("Source", "Sources"),
        },
        kinds={
            ItemKind.SINGLE: ("single choice", "single", "one choice"),
            ItemKind.SEVERAL: ("several choices", "several", "multiple response", "multiple answers"),
            ItemKind.TRUEFALSE: ("true or false", "true/false", "true false", "truefalse"),
            ItemKind.SHORT: ("short answer", "short"),
            ItemKind.NUMBER: ("number", "numerical", "numeric"),
            ItemKind.MATCH: ("matching", "match"),
            ItemKind.ORDER: ("order", "ordering"),
        },
        true=("true", "yes"),
        false=("false", "no"),
    ),
    "fr": LanguageLabels(
        rows={
            RowType.EXAMPLE: ("Exemple",),
            RowType.QUESTION: ("Question", "Énoncé"),
            RowType.KIND: ("Type", "Type de question"),
            RowType.COMPETENCY: ("Compétence",),
            RowType.LEVEL: ("Niveau",),
            RowType.RIGHT: ("Juste", "Correct", "Bonne réponse"),
            RowType.WRONG: ("Faux", "Incorrect", "Mauvaise réponse"),
            RowType.UNIT: ("Unité",),
            RowType.HINT: ("Indice",),
            RowType.GENERAL: ("Commentaire général", "Explication"),
            RowType.SOURCE: ("Source", "Sources"),
        },
        kinds={
            ItemKind.SINGLE: ("choix unique",),
            ItemKind.SEVERAL: ("choix multiple", "plusieurs choix"),
            ItemKind.TRUEFALSE: ("vrai ou faux", "vrai/faux"),
            ItemKind.SHORT: ("réponse courte",),
            ItemKind.NUMBER: ("nombre",),
            ItemKind.MATCH: ("association", "appariement"),
            ItemKind.ORDER: ("ordre", "mise en ordre"),
        },
        true=("vrai", "oui"),
        false=("faux", "non"),
    ),
    "ar": LanguageLabels(
        rows={
            RowType.EXAMPLE: ("مثال",),
            RowType.QUESTION: ("السؤال", "سؤال"),
            RowType.KIND: ("النوع", "نوع السؤال"),
            RowType.COMPETENCY: ("الكفاءة",),
            RowType.LEVEL: ("المستوى",),
            RowType.RIGHT: ("صحيح", "إجابة صحيحة"),
            RowType.WRONG: ("خطأ", "إجابة خاطئة"),
            RowType.UNIT: ("الوحدة",),
            RowType.HINT: ("تلميح",),
            RowType.GENERAL: ("تعليق عام", "شرح"),
            RowType.SOURCE: ("المصدر", "المصادر"),
        },
        kinds={
            ItemKind.SINGLE: ("اختيار واحد",),
            ItemKind.SEVERAL: ("عدة اختيارات", "اختيار متعدد"),
            ItemKind.TRUEFALSE: ("صح أو خطأ", "صحيح أو خطأ"),
            ItemKind.SHORT: ("إجابة قصيرة",),
            ItemKind.NUMBER: ("رقم", "عدد"),
            ItemKind.MATCH: ("مطابقة",),
            ItemKind.ORDER: ("ترتيب",),
        },
        true=("صح", "صحيح", "نعم"),
        false=("خطأ", "لا"),
    ),
}

_IGNORED = re.compile(r"[\s:.*()_-]+")
_LONGEST = 100


def _folded(text: str) -> str:
    """Return a label in small letters without accents, marks and the number at its end."""
    return _IGNORED.sub(" ", fold(text[:_LONGEST])).rstrip("0123456789 ").lstrip(" ")


_ROWS = {_folded(text): row for names in LABELS.values() for row, texts in names.rows.items() for text in texts}
_KINDS = {_folded(text): kind for names in LABELS.values() for kind, texts in names.kinds.items() for text in texts}
_TRUE = {_folded(text) for names in LABELS.values() for text in names.true}
_FALSE = {_folded(text) for names in LABELS.values() for text in names.false}


def row_type(label: str) -> RowType | None:
    """Return the type of a row by its label, regardless of case, accents and a number; None for another label."""
    return _ROWS.get(_folded(label))


def question_kind(text: str) -> ItemKind | None:
    """Return the kind that a text names; None for another text."""
    return _KINDS.get(_folded(text))


def truth_value(text: str) -> bool | None:
    """Return whether a text says true or false; None for another text."""
    folded = _folded(text)
    return folded in _TRUE if folded in _TRUE | _FALSE else None
