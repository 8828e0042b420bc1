"""Courses, their versions and languages: read from plain text, checked, rendered once, published.

The words of the format live in `domain`. Who took what is not known here: that is learning, quizzes and scenarios.
"""
