"""Views of /sittings and /teaching/marking."""

from app.checks.views import requests
from app.checks.views._blueprint import bp

__all__ = ["bp", "requests"]
