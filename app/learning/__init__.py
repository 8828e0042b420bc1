"""A person's progress in courses and lessons, and suggested courses.

A lesson is done when the person submits "Done", never by a timer or by scrolling.
Answers to questions belong to `quizzes`, decisions in cases to `scenarios`; this package reads their results.
"""
