"""Views of /plan/actions, /plan/completion, /country/completion and /supervision/completion."""

from app.coordination.views import actions, completion, officer_completion
from app.coordination.views._blueprint import bp

__all__ = ["actions", "bp", "completion", "officer_completion"]
