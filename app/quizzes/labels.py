"""Labels of results and choices."""

from flask_babel import gettext as _

from app.quizzes.domain.attempts import Purpose


def title_of(purpose: Purpose) -> str:
    """Return what a paper is called."""
    return {
        Purpose.PRETEST: _("Questions before you start"),
        Purpose.TEST: _("Test"),
        Purpose.RETENTION: _("What do you still know?"),
    }[purpose]
