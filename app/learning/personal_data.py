"""Declare the personal data in the tables of learning, for the export of a person's own data by `privacy`."""

from app.db.personal_data import PersonalDataTable
from app.learning.models import (
    CountedStep,
    CourseSuggestion,
    Enrolment,
    LearnerQuestion,
    LessonProgress,
    LessonVisit,
    MistakeReport,
)
from app.learning.models.completion import Assignment, CourseSeat, Exemption, Requirement

# courses begun, how far each lesson is, and what was suggested; of what one suggested to others not to whom and why
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable("courses", "Courses that you began.", Enrolment, (Enrolment.person_id,)),
    PersonalDataTable(
        "lessons",
        "How far you are in each lesson of them.",
        LessonProgress,
        (Enrolment.person_id,),
        through=(Enrolment, Enrolment.id == LessonProgress.enrolment_id),
    ),
    PersonalDataTable(
        "visits",
        "When you opened a lesson and how long it was read; kept for 60 days.",
        LessonVisit,
        (Enrolment.person_id,),
        through=(Enrolment, Enrolment.id == LessonVisit.enrolment_id),
    ),
    PersonalDataTable(
        "steps",
        "When your device sent a step of a lesson, so that it counts once; kept for 60 days.",
        CountedStep,
        (CountedStep.person_id,),
        leave=("key",),
    ),
    PersonalDataTable(
        "suggestions",
        "Courses that your contact point or a supervisor suggested to you.",
        CourseSuggestion,
        (CourseSuggestion.person_id,),
    ),
    PersonalDataTable(
        "suggestions_made",
        "Courses that you suggested to others.",
        CourseSuggestion,
        (CourseSuggestion.suggested_by,),
        keep=("course_id", "suggested_at", "due_on"),
    ),
    PersonalDataTable(
        "reports",
        "Mistakes in lessons that you reported.",
        MistakeReport,
        (MistakeReport.person_id,),
        leave=("answered_by",),
    ),
    PersonalDataTable(
        "reports_answered",
        "Reports of mistakes that you answered or closed.",
        MistakeReport,
        (MistakeReport.answered_by,),
        keep=("course_id", "lesson", "answer", "answered_at"),
    ),
    PersonalDataTable(
        "questions",
        "Questions that you asked the trainers of a course, and their answers.",
        LearnerQuestion,
        (LearnerQuestion.person_id,),
        leave=("answered_by", "proposed_by", "checked_by"),
    ),
    PersonalDataTable(
        "questions_answered",
        "Questions of learners that you answered or published as help.",
        LearnerQuestion,
        (LearnerQuestion.answered_by, LearnerQuestion.proposed_by, LearnerQuestion.checked_by),
        keep=("course_id", "lesson", "answer", "answered_at", "help_question", "help_answer", "published_at"),
    ),
    PersonalDataTable(
        "assignments",
        "Courses that were assigned to you or that you began, with their dates.",
        Assignment,
        (Assignment.person_id,),
        leave=("id", "source_id", "counted"),
    ),
    PersonalDataTable(
        "exemptions",
        "Exemptions from courses, and later dates, that your country gave you.",
        Exemption,
        (Exemption.person_id,),
        leave=("id",),
    ),
    PersonalDataTable(
        "exemptions_set",
        "Exemptions of others that you set or agreed to.",
        Exemption,
        (Exemption.set_by, Exemption.agreed_by),
        keep=("course_id", "kind", "until", "set_at", "agreed_at"),
    ),
    PersonalDataTable(
        "course_seats",
        "Seats of yours in events that need a course.",
        CourseSeat,
        (CourseSeat.person_id,),
        keep=("course_id", "due_on", "since", "until"),
    ),
    PersonalDataTable(
        "requirements",
        "Courses that you required, or agreed to require.",
        Requirement,
        (Requirement.set_by, Requirement.agreed_by),
        keep=(
            "course_id",
            "role",
            "due_on",
            "due_days",
            "renew_months",
            "starts",
            "ends",
            "reason",
            "set_at",
            "agreed_at",
            "state",
        ),
    ),
)
