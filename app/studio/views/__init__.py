"""Views of /teaching/courses, /teaching/review and /teaching/media."""

from app.studio.views import course_review, history, remarks, review, submission
from app.studio.views._blueprint import bp

__all__ = ["bp", "course_review", "history", "remarks", "review", "submission"]
