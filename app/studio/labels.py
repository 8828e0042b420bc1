"""Names of states and kinds of the studio in the user's language."""

from flask_babel import gettext as _, pgettext

from app.access.policy import Sensitivity
from app.catalogue.domain.problems import Problem
from app.learning import labels as learning_labels
from app.studio.domain.outline import PartState


def part(state: PartState, number: int) -> tuple[str, str]:
    """Return the name and the shape of a state; `number` is that of the published version."""
    return {
        PartState.PUBLISHED: (_("Published, version %(n)s", n=number), "good"),
        PartState.CHANGED: (_("Changed since version %(n)s", n=number), "here"),
        PartState.NEW: (pgettext("part of a draft", "New"), "here"),
        PartState.REMOVED: (pgettext("part of a draft", "Removed"), "none"),
        PartState.IN_REVIEW: (_("In review"), "wait"),
    }[state]


def sensitivity(level: Sensitivity) -> str:
    """Return the name of a sensitivity."""
    return learning_labels.sensitivity(level)


def problem(reported: Problem) -> tuple[str, str]:
    """Return the message and the hint of a problem in the user's language."""
    message, hint = _(reported.message), _(reported.hint)
    return message % reported.values, hint % reported.values
