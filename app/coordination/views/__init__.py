"""Views of agreed actions, required courses, exemptions, completion and the matrix of officers."""

from app.coordination.views import (
    actions,
    completion,
    exemptions,
    matrix,
    matrix_suggestion,
    officer_completion,
    required_courses,
)
from app.coordination.views._blueprint import bp

__all__ = [
    "actions",
    "bp",
    "completion",
    "exemptions",
    "matrix",
    "matrix_suggestion",
    "officer_completion",
    "required_courses",
]
