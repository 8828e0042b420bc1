"""Views of reports: list, a report and its files, texts, schedules, lines of donors."""

from app.reports.views import donor_lines, runs, schedules, texts
from app.reports.views._blueprint import bp

__all__ = ["bp", "donor_lines", "runs", "schedules", "texts"]
