"""Names of the steps of a rubric, of the parts of a marking, and messages after a step."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext, pgettext
from flask_babel.speaklater import LazyString

from app.checks.domain.marking import Calibrated, NotTaken, Submitted
from app.checks.domain.products import MarkingPart

NOT_TAKEN: Mapping[NotTaken, LazyString] = {
    NotTaken.GONE: lazy_gettext("Another assessor took this desk task, or it is not for you."),
    NotTaken.TOO_MANY: lazy_gettext("You have three open desk tasks. Submit or return one first."),
    NotTaken.NOT_CALIBRATED: lazy_gettext("Score the calibration case of this rubric first."),
    NotTaken.NONE_WAITS: lazy_gettext("No desk task waits for you."),
}
SUBMITTED: Mapping[Submitted, LazyString] = {
    Submitted.MARKED: lazy_gettext("Submitted. The officer gets the result and your comment."),
    Submitted.WAITS: lazy_gettext("Submitted. A second assessor marks it, too."),
    Submitted.DIFFERS: lazy_gettext("Submitted. You and the other assessor differ: a third one settles it."),
    Submitted.REPEATED: lazy_gettext("These scores were submitted before."),
}
CALIBRATED: Mapping[Calibrated, tuple[LazyString, str]] = {
    Calibrated.PASSED: (lazy_gettext("Passed"), "good"),
    Calibrated.NO_CASE: (lazy_gettext("No calibration case yet"), "none"),
    Calibrated.OPEN: (lazy_gettext("To do before you mark"), "open"),
    Calibrated.TOMORROW: (lazy_gettext("Not passed: again tomorrow"), "wait"),
}
PARTS: Mapping[MarkingPart, LazyString] = {
    MarkingPart.FIRST: lazy_gettext("First assessor"),
    MarkingPart.SECOND: lazy_gettext("Second assessor"),
    MarkingPart.SETTLING: lazy_gettext("Third assessor"),
}


def steps() -> tuple[str, ...]:
    """Return the names of the scores 0 to 3."""
    return pgettext("skill", "Not shown"), _("With help"), _("Alone"), _("Securely, explains it")
