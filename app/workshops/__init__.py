"""Workshops and study visits: dates, seats, waiting lists, attendance and scores by rubric.

Scores become evidence in the package `competence`. Meetings and nominations do not exist yet.
"""
