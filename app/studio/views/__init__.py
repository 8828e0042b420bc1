"""Views of /teaching/courses, /teaching/review and /teaching/media."""

from app.studio.views import course_review, courses, history, lessons, remarks, review, submission
from app.studio.views._blueprint import bp

__all__ = ["bp", "course_review", "courses", "history", "lessons", "remarks", "review", "submission"]
