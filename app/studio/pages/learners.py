"""What people in the middle of a course will see when a version is published."""

from typing import assert_never
from uuid import UUID

from flask_babel import gettext as _, ngettext

from app.catalogue.domain.versions import VersionKind
from app.learning.queries import course_learners


def effect(course_id: UUID, kind: VersionKind, *, is_first: bool) -> str:
    """Return what learners will see, with the number of those whom it concerns."""
    if is_first:
        return _("This is the first version. Officers with the roles of this course get a notice.")
    match kind:
        case VersionKind.EDITORIAL:
            records = _("Records and test results stay valid.")
            return f"{_stay(course_id)} {records}"
        case VersionKind.SUBSTANTIVE | VersionKind.BREAKING:
            answers = _("Answers to changed questions are counted from the beginning.")
            return f"{_stay(course_id)} {answers}"
        case VersionKind.URGENT:
            return _moved(course_id)
        case _:
            assert_never(kind)


def in_the_middle(course_id: UUID) -> str:
    """Return how many people are in the middle of a course."""
    count = course_learners.open_enrolments(course_id)
    if not count:
        return _("No learner is in the middle of this course.")
    return ngettext(
        "%(num)s person is in the middle of this course.", "%(num)s people are in the middle of this course.", count
    )


def _stay(course_id: UUID) -> str:
    stay = _("They remain on their version and get a notice: they can switch between lessons.")
    count = course_learners.open_enrolments(course_id)
    return f"{in_the_middle(course_id)} {stay}" if count else in_the_middle(course_id)


def _moved(course_id: UUID) -> str:
    count = course_learners.all_enrolments(course_id)
    if not count:
        return _("No learner has begun this course.")
    return ngettext(
        "%(num)s person has begun or finished this course. They see the new text at once, without a notice.",
        "%(num)s people have begun or finished this course. They see the new text at once, without a notice.",
        count,
    )
