"""Courses, their versions and languages: read from plain text, checked, rendered once, published.

The course format is defined in `domain`. Progress and results are in `learning`, `quizzes` and `scenarios`.
"""
