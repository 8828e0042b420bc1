"""Views of agreed actions, late work, reminders, required courses, exemptions, completion, the matrix of officers."""

from app.coordination.views import (
    actions,
    completion,
    exemptions,
    late,
    late_officers,
    matrix,
    matrix_check,
    matrix_exemption,
    matrix_nomination,
    matrix_reminder,
    matrix_suggestion,
    officer_completion,
    reminders,
    required_courses,
)
from app.coordination.views._blueprint import bp

__all__ = [
    "actions",
    "bp",
    "completion",
    "exemptions",
    "late",
    "late_officers",
    "matrix",
    "matrix_check",
    "matrix_exemption",
    "matrix_nomination",
    "matrix_reminder",
    "matrix_suggestion",
    "officer_completion",
    "reminders",
    "required_courses",
]
