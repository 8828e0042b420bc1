"""Names of the test, the pretest and the delayed questions in the language of the page."""

from flask_babel import gettext as _

from app.quizzes.domain.attempts import Purpose


def title_of(purpose: Purpose) -> str:
    """Return the name of a test, a pretest or delayed questions."""
    return {
        Purpose.PRETEST: _("Questions before you start"),
        Purpose.TEST: _("Test"),
        Purpose.RETENTION: _("What do you still know?"),
    }[purpose]
