"""Views of /teaching/courses, /teaching/review and /teaching/media."""

from app.studio.views import courses, lessons, translation_files, translations
from app.studio.views._blueprint import bp

__all__ = ["bp", "courses", "lessons", "translation_files", "translations"]
