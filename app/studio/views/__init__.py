"""Views of /teaching/courses, /teaching/review and /teaching/media."""

from app.studio.views import learner_questions, reports, results
from app.studio.views._blueprint import bp

__all__ = ["bp", "learner_questions", "reports", "results"]
