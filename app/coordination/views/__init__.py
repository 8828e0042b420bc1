"""Views of /plan/actions, /country/matrix and /supervision/matrix."""

from app.coordination.views import actions, matrix, matrix_suggestion
from app.coordination.views._blueprint import bp

__all__ = ["actions", "bp", "matrix", "matrix_suggestion"]
