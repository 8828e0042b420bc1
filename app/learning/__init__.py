"""A person's way through a course: begun, where they stopped, what is done, what comes next.

A lesson is done when the person says so, never by a timer or a scroll.
What was answered belongs to quizzes, what was decided to scenarios; this room asks them and offers "Continue".
"""
