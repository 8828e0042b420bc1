"""What learning holds about a person."""

from app.db.about import Part
from app.learning.models import Enrolment, LessonProgress

# courses begun, and how far each lesson is
ABOUT: tuple[Part, ...] = (
    Part("courses", "Courses that you began.", Enrolment, (Enrolment.person_id,)),
    Part(
        "lessons",
        "How far you are in each lesson of them.",
        LessonProgress,
        (Enrolment.person_id,),
        through=(Enrolment, Enrolment.id == LessonProgress.enrolment_id),
    ),
)
