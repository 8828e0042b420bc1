"""Views of watched sittings, marking, requests for a check and surprise checks."""

from app.checks.views import check_results, marking, requests, seats, sitting, sittings, surprise, watching
from app.checks.views._blueprint import bp

__all__ = ["bp", "check_results", "marking", "requests", "seats", "sitting", "sittings", "surprise", "watching"]
