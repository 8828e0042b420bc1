"""Views of `/settings/who-looked`, `/settings/my-data` and of the erasure of an officer."""

from app.privacy.views import erasure, own_data
from app.privacy.views._blueprint import bp

__all__ = ["bp", "erasure", "own_data"]
