"""Personal data of the catalogue for the archive in privacy: who published course versions."""

from app.catalogue.models import CourseVersion
from app.db.personal_data import PersonalDataTable

# the versions of courses that a person published
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "courses_published",
        "Versions of courses that you published, as the first or the second person.",
        CourseVersion,
        (CourseVersion.first_id, CourseVersion.second_id),
        keep=("course_id", "number", "state", "kind", "message", "published_at"),
    ),
)
