"""Workshops and study visits ("events"): dates, seats, waiting lists, attendance and scores by rubric.

The package `competence` turns scores into evidence. Meetings and nominations do not exist yet.
"""
