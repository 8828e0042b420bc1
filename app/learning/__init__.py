"""Progress of a person in courses and lessons, and suggested courses.

A lesson is finished when the person says so, never by a timer or by scrolling.
Answers are in `quizzes`, decisions in cases in `scenarios`; this package reads both and offers "Continue".
"""
