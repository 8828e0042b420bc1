"""A person's progress in courses and lessons, and suggested courses.

A lesson is done when the person says so, never by a timer or a scroll.
What was answered belongs to quizzes, what was decided to scenarios; this room asks them and offers "Continue".
"""
