"""Views."""

from app.privacy.views import own_data, posting
from app.privacy.views._blueprint import bp

__all__ = ["bp", "own_data", "posting"]
