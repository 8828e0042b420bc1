"""Views of /sittings and /teaching/marking."""

from app.checks.views import check_results, marking
from app.checks.views._blueprint import bp

__all__ = ["bp", "check_results", "marking"]
