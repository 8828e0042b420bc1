"""Names of the test, the pretest and the delayed questions, and labels of the flags of items."""

from collections.abc import Mapping

from flask_babel import force_locale, gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.item_flags import ItemFlag

# banks write the unit of a number in their source language alone
_UNITS: Mapping[str, LazyString] = {
    "June": lazy_gettext("June"),
    "conditions": lazy_gettext("conditions"),
    "crowns": lazy_gettext("crowns"),
    "dal": lazy_gettext("dal"),
    "days": lazy_gettext("days"),
    "elements": lazy_gettext("elements"),
    "files": lazy_gettext("files"),
    "hours": lazy_gettext("hours"),
    "items": lazy_gettext("items"),
    "minutes": lazy_gettext("minutes"),
    "months": lazy_gettext("months"),
    "notes": lazy_gettext("notes"),
    "pairs": lazy_gettext("pairs"),
    "people": lazy_gettext("people"),
    "percentage points": lazy_gettext("percentage points"),
    "steps": lazy_gettext("steps"),
    "things": lazy_gettext("things"),
}
FLAGS: Mapping[ItemFlag, LazyString] = {
    ItemFlag.BROKEN_KEY: lazy_gettext("Right answer may be wrong"),
    ItemFlag.POSSIBLY_LEAKED: lazy_gettext("Possibly leaked"),
    ItemFlag.NO_SEPARATION: lazy_gettext("Shows little of the skill"),
    ItemFlag.TOO_HARD: lazy_gettext("Too hard"),
    ItemFlag.TOO_EASY: lazy_gettext("Too easy"),
    ItemFlag.WITHOUT_COURSE: lazy_gettext("Answered without the course"),
    ItemFlag.WITHOUT_LINE: lazy_gettext("Answered without the document"),
    ItemFlag.LANGUAGE: lazy_gettext("Differs by language"),
    ItemFlag.LANGUAGE_WEAK: lazy_gettext("Differs by language (weak evidence)"),
    ItemFlag.DEAD_OPTION: lazy_gettext("Option hardly chosen"),
    ItemFlag.EXPECTED_RATE: lazy_gettext("Expected score may be wrong"),
}
FLAG_MEANINGS: Mapping[ItemFlag, LazyString] = {
    ItemFlag.BROKEN_KEY: lazy_gettext(
        "The best third of officers chose a wrong option most often. Check which option is right."
    ),
    ItemFlag.POSSIBLY_LEAKED: lazy_gettext(
        "The last 30 answers are better and much faster than the earlier ones. Replace the question."
    ),
    ItemFlag.NO_SEPARATION: lazy_gettext(
        "Officers who answer the rest well do not answer this better than others. Reword the question."
    ),
    ItemFlag.TOO_HARD: lazy_gettext("No more right answers than by guessing. Check the question and the lesson."),
    ItemFlag.TOO_EASY: lazy_gettext("Nearly all answers are right. The question measures little."),
    ItemFlag.WITHOUT_COURSE: lazy_gettext("Many answer it before the course. It is too easy to guess."),
    ItemFlag.WITHOUT_LINE: lazy_gettext(
        "Most officers find the answer, but not the line that proves it. Reword the question or its options."
    ),
    ItemFlag.LANGUAGE: lazy_gettext(
        "Officers with the same result answer differently in two languages. Check the translation."
    ),
    ItemFlag.LANGUAGE_WEAK: lazy_gettext("The same, from fewer than 200 answers in a language."),
    ItemFlag.DEAD_OPTION: lazy_gettext("Fewer than 2 % chose a wrong option. Replace the option."),
    ItemFlag.EXPECTED_RATE: lazy_gettext(
        "Officers near the pass mark answer it clearly more or less often right than expected. Judge it again."
    ),
}


def title_of(purpose: Purpose) -> str:
    """Return the name of a test, a pretest, delayed questions or practice."""
    return {
        Purpose.PRETEST: _("Questions before you start"),
        Purpose.TEST: _("Test"),
        Purpose.RETENTION: _("What do you still know?"),
        Purpose.PRACTICE: _("Practice"),
        Purpose.WATCHED: _("Watched check"),
        Purpose.EVENT_BEFORE: _("Test before the event"),
        Purpose.EVENT_AFTER: _("Test after the event"),
    }[purpose]


def unit_label(unit: str, language: str) -> str:
    """Return the unit of a number in the language of the question; one that is not listed stays as it is written."""
    label = _UNITS.get(unit)
    if label is None:
        return unit
    with force_locale(language):
        return str(label)
