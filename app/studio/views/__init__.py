"""Views of /teaching/courses, /teaching/review and /teaching/media."""

from app.studio.views import (
    cases,
    course_file,
    course_review,
    courses,
    history,
    learner_questions,
    lessons,
    question_editor,
    questions,
    references,
    remarks,
    reports,
    results,
    review,
    settings,
    submission,
)
from app.studio.views._blueprint import bp

__all__ = [
    "bp",
    "cases",
    "course_file",
    "course_review",
    "courses",
    "history",
    "learner_questions",
    "lessons",
    "question_editor",
    "questions",
    "references",
    "remarks",
    "reports",
    "results",
    "review",
    "settings",
    "submission",
]
