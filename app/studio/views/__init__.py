"""Views of /teaching/courses, /teaching/review and /teaching/media."""

from app.studio.views import courses, lessons, question_editor, questions
from app.studio.views._blueprint import bp

__all__ = ["bp", "courses", "lessons", "question_editor", "questions"]
