"""Views of agreed actions, required courses, exemptions and completion."""

from app.coordination.views import actions, completion, exemptions, officer_completion, required_courses
from app.coordination.views._blueprint import bp

__all__ = ["actions", "bp", "completion", "exemptions", "officer_completion", "required_courses"]
