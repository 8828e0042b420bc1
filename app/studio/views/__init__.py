"""Views of /teaching/courses, /teaching/review and /teaching/media."""

from app.studio.views import cases, courses, lessons, settings
from app.studio.views._blueprint import bp

__all__ = ["bp", "cases", "courses", "lessons", "settings"]
