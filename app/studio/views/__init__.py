"""Views of /teaching/courses, /teaching/review and /teaching/media."""

from app.studio.views import reports, results
from app.studio.views._blueprint import bp

__all__ = ["bp", "reports", "results"]
