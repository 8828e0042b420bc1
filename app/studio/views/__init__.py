"""Views of /teaching/courses, /teaching/review and /teaching/media."""

from app.studio.views import courses, learner_questions, lessons, reports, results, stubs
from app.studio.views._blueprint import bp

__all__ = ["bp", "courses", "learner_questions", "lessons", "reports", "results", "stubs"]
