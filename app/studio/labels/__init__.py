"""Names of states, kinds, files and problems of the studio in the user's language."""

from collections.abc import Mapping
from typing import assert_never

from flask_babel import gettext as _, lazy_gettext, pgettext
from flask_babel.speaklater import LazyString

from app.access.policy import Sensitivity
from app.catalogue.domain.folder_names import Name, Part, name_of
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.versions import VersionKind, VersionState
from app.i18n.languages import language_name
from app.learning import labels as learning_labels
from app.studio.domain.outline import PartState
from app.studio.domain.reviews import DecisionRefusal, ReviewState
from app.studio.domain.revisions import RevisionKind
from app.studio.domain.translation_blocks import TranslationBlockState

# the kinds that an author may choose, with what each does
KINDS: Mapping[VersionKind, tuple[LazyString, LazyString]] = {
    VersionKind.EDITORIAL: (
        lazy_gettext("Only the wording changed"),
        lazy_gettext(
            "Learners remain on the version they began and can switch between lessons. Records and results stay valid."
        ),
    ),
    VersionKind.SUBSTANTIVE: (
        lazy_gettext("Content changed"),
        lazy_gettext(
            "Learners remain on the version they began and can switch between lessons. "
            "Answers to changed questions are counted from the beginning."
        ),
    ),
    VersionKind.BREAKING: (
        lazy_gettext("Content changed, records end"),
        lazy_gettext(
            "Completions of earlier versions count until the day that you choose, at least 28 days from now. "
            "After that, learners complete the new version."
        ),
    ),
    VersionKind.URGENT: (
        lazy_gettext("Urgent correction"),
        lazy_gettext(
            "Replaces the text for all learners at once, also for those who finished. "
            "Use it for a wrong fact or a danger."
        ),
    ),
}
STATES: Mapping[ReviewState, tuple[LazyString, str]] = {  # with the shape of a status
    ReviewState.IN_REVIEW: (lazy_gettext("In review"), "here"),
    ReviewState.CHANGES_REQUESTED: (lazy_gettext("Changes requested"), "risk"),
    ReviewState.APPROVED: (lazy_gettext("Approved"), "wait"),
    ReviewState.PUBLISHED: (lazy_gettext("Published"), "good"),
    ReviewState.WITHDRAWN: (lazy_gettext("Withdrawn"), "none"),
}
REFUSALS: Mapping[DecisionRefusal, LazyString] = {
    DecisionRefusal.SUBMITTED: lazy_gettext("You sent this draft to review. A second person approves it."),
    DecisionRefusal.WROTE: lazy_gettext("You wrote a part of this draft. A second person approves it."),
    DecisionRefusal.REMARKS: lazy_gettext("There are open remarks. Resolve them before you approve."),
    DecisionRefusal.CHECKLIST: lazy_gettext("Required points of the checklist are open."),
}
REVISIONS: Mapping[RevisionKind, LazyString] = {
    RevisionKind.OPENED: lazy_gettext("Draft opened"),
    RevisionKind.SAVED: lazy_gettext("Saved"),
    RevisionKind.AUTOSAVED: lazy_gettext("Saved automatically"),
    RevisionKind.ADDED: lazy_gettext("Added"),
    RevisionKind.REMOVED: lazy_gettext("Removed"),
    RevisionKind.REORDERED: lazy_gettext("Order changed"),
    RevisionKind.IMPORTED: lazy_gettext("Imported"),
    RevisionKind.RESTORED: lazy_gettext("Earlier version restored"),
    RevisionKind.UNDONE: lazy_gettext("Change undone"),
    RevisionKind.UPDATED: lazy_gettext("Combined with the published version"),
}


# of published versions, with the shape of a status
VERSIONS: Mapping[VersionState, tuple[LazyString, str]] = {
    VersionState.DRAFT: (lazy_gettext("Draft"), "wait"),
    VersionState.CURRENT: (lazy_gettext("In use now"), "good"),
    VersionState.PAST: (lazy_gettext("Superseded"), "none"),
    VersionState.RETIRED: (lazy_gettext("Retired"), "none"),
}


def part(state: PartState, number: int) -> tuple[str, str]:
    """Return the name and the shape of a state; `number` is that of the published version."""
    return {
        PartState.PUBLISHED: (_("Published, version %(n)s", n=number), "good"),
        PartState.CHANGED: (_("Changed since version %(n)s", n=number), "here"),
        PartState.NEW: (pgettext("part of a draft", "New"), "here"),
        PartState.REMOVED: (pgettext("part of a draft", "Removed"), "none"),
        PartState.IN_REVIEW: (_("In review"), "wait"),
    }[state]


def translation_block(state: TranslationBlockState) -> tuple[str, str]:
    """Return the name and the shape of the state of a translated paragraph."""
    match state:
        case TranslationBlockState.MISSING:
            return _("Not translated"), "none"
        case TranslationBlockState.CHANGED:
            return _("Source changed"), "risk"
        case TranslationBlockState.TO_REVIEW:
            return _("Waits for the second reader"), "wait"
        case TranslationBlockState.CURRENT:
            return _("Read by a second person"), "good"
        case TranslationBlockState.COPIED:
            return _("Same in every language"), "open"
        case _:
            assert_never(state)


def sensitivity(level: Sensitivity) -> str:
    """Return the name of a sensitivity."""
    return learning_labels.sensitivity(level)


def problem(reported: Problem) -> tuple[str, str]:
    """Return the message and the hint of a problem in the user's language."""
    message, hint = _(reported.message), _(reported.hint)
    return message % reported.values, hint % reported.values


def review_state(state: ReviewState, kind: VersionKind) -> tuple[str, str]:
    """Return the state of a review with the shape of its status; a retirement that was decided says so."""
    is_retired = kind is VersionKind.RETIREMENT and state is ReviewState.PUBLISHED
    word, shape = VERSIONS[VersionState.RETIRED] if is_retired else STATES[state]
    return str(word), shape


def kind(value: VersionKind) -> str:
    """Return the name of a kind of version."""
    return str(KINDS[value][0]) if value in KINDS else _("Course retired")


def file_name(path: str, folder: CourseFolder | None) -> str:
    """Return what a file of a course is: a lesson with its title, the test, a case, a picture."""
    name = name_of(f"course/{path}")
    if not isinstance(name, Name):
        return path
    text = _part_name(name, folder)
    return _("%(part)s, %(language)s", part=text, language=language_name(name.language)) if name.language else text


def _part_name(name: Name, folder: CourseFolder | None) -> str:
    names = {
        Part.COURSE: _("Structure of the course"),
        Part.TEXT: _("Description of the course"),
        Part.BANK: _("Questions"),
        Part.SCENARIO: _("Case %(name)s", name=name.name) if name.name else _("Case"),
        Part.DOCUMENT: _("Document %(name)s", name=name.name),
        Part.DOCUMENTS: _("List of documents"),
        Part.MEDIA: _("List of pictures and files"),
        Part.MEDIUM: _("File %(name)s", name=name.name),
    }
    if name.part is not Part.LESSON:
        return names.get(name.part, name.name)
    lessons = folder.lessons.get(name.name, {}) if folder else {}
    lesson = lessons.get(name.language)
    return _("Lesson “%(title)s”", title=lesson.title if lesson else name.name)
