"""Queries of reports: runs, files, texts, schedules, lines of donors."""
