"""Views of /plan/actions, /plan/required and /country/exemptions."""

from app.coordination.views import actions, exemptions, required_courses
from app.coordination.views._blueprint import bp

__all__ = ["actions", "bp", "exemptions", "required_courses"]
"""Views of /plan/actions, /plan/completion, /country/completion and /supervision/completion."""

from app.coordination.views import actions, completion, officer_completion

__all__ = ["actions", "bp", "completion", "officer_completion"]
