"""Views of /courses, /lessons and /suggestions."""

from app.learning.views import activities, courses, lesson_steps, peer_marking, questions, reports
from app.learning.views._blueprint import bp

__all__ = ["activities", "bp", "courses", "lesson_steps", "peer_marking", "questions", "reports"]
