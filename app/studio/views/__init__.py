"""Views of /teaching/courses, /teaching/review and /teaching/media."""

from app.studio.views import courses, exports, imports, lessons
from app.studio.views._blueprint import bp

__all__ = ["bp", "courses", "exports", "imports", "lessons"]
