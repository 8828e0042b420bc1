"""What people in the middle of a course will see when a version is published; small counts are not exact."""

from datetime import date
from typing import assert_never
from uuid import UUID

from flask_babel import gettext as _, ngettext

from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import versions
from app.i18n.babel import words
from app.kernel import clock
from app.learning.queries import course_learners, requirements

LEAST_COUNT = 5  # a smaller count could point at persons


def effect(course_id: UUID, kind: VersionKind, *, is_first: bool, ends_on: date | None = None) -> str:
    """Return what learners will see, with the number of those whom it concerns."""
    if is_first:
        return _("This is the first version. Officers with the roles of this course get a notice.")
    again = "" if kind is VersionKind.RETIREMENT else _offered_again(course_id)
    return " ".join(filter(None, [again, _effect(course_id, kind, ends_on)]))


def before_submission(course_id: UUID) -> str:
    """Return how many people are in the middle of a course, and what a new version of a retired course does."""
    return " ".join(filter(None, [_offered_again(course_id), in_the_middle(course_id)]))


def _offered_again(course_id: UUID) -> str:
    """Return what a new version of a retired course does, "" for other courses."""
    (course,) = versions.course_records([course_id])
    if course.version_id is None or not versions.is_retired(course.version_id):
        return ""
    return _("This course is retired. A new version offers it to learners again.")


def _effect(course_id: UUID, kind: VersionKind, ends_on: date | None) -> str:
    match kind:
        case VersionKind.EDITORIAL:
            records = _("Records and test results stay valid.")
            return f"{_stay(course_id)} {records}"
        case VersionKind.SUBSTANTIVE:
            answers = _("Answers to changed questions are counted from the beginning.")
            return f"{_stay(course_id)} {answers}"
        case VersionKind.BREAKING:
            return f"{_stay(course_id)} {_ends(course_id, ends_on)}"
        case VersionKind.URGENT:
            return _moved(course_id)
        case VersionKind.RETIREMENT:
            finish = _("They may finish it. Completions stay valid. New learners cannot begin the course.")
            return " ".join(filter(None, [in_the_middle(course_id), finish, still_required(course_id)]))
        case _:
            assert_never(kind)


def still_required(course_id: UUID) -> str:
    """Return that officers must still complete a course, "" if no requirement is valid today."""
    if course_id not in requirements.required_courses(clock.today()):
        return ""
    return _("Officers are required to complete this course. A coordinator ends the requirement first.")


def in_the_middle(course_id: UUID) -> str:
    """Return how many people are in the middle of a course; under five without the exact number."""
    count = course_learners.open_enrolments(course_id)
    if not count:
        return _("No learner is in the middle of this course.")
    if count < LEAST_COUNT:
        return _("Fewer than 5 people are in the middle of this course.")
    return ngettext(
        "%(num)s person is in the middle of this course.", "%(num)s people are in the middle of this course.", count
    )


def completions(course_id: UUID) -> str:
    """Return how many completions a version would end that ends records; under five without the exact number."""
    count = course_learners.completions(course_id)
    if not count:
        return _("No learner has completed this course.")
    if count < LEAST_COUNT:
        return _("Fewer than 5 people have completed this course.")
    return ngettext("%(num)s person has completed this course.", "%(num)s people have completed this course.", count)


def _ends(course_id: UUID, ends_on: date | None) -> str:
    if ends_on is None:
        return completions(course_id)
    count, day = completions(course_id), words(ends_on)
    ends = _("Completions count until %(day)s. Those concerned get a notice at once.", day=day)
    after = _("After that day, readers continue with the new version.")
    return f"{count} {ends} {after}"


def _stay(course_id: UUID) -> str:
    stay = _("They remain on their version and get a notice: they can switch between lessons.")
    count = course_learners.open_enrolments(course_id)
    return f"{in_the_middle(course_id)} {stay}" if count else in_the_middle(course_id)


def _moved(course_id: UUID) -> str:
    count = course_learners.all_enrolments(course_id)
    if not count:
        return _("No learner has begun this course.")
    at_once = _("They see the new text at once, without a notice.")
    if count < LEAST_COUNT:
        return " ".join([_("Fewer than 5 people have begun or finished this course."), at_once])
    begun = ngettext(
        "%(num)s person has begun or finished this course.",
        "%(num)s people have begun or finished this course.",
        count,
    )
    return f"{begun} {at_once}"
