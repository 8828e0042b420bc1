"""Codes of all courses by id, for the archive of own data."""

from app.catalogue.queries import versions


def course_codes() -> dict[str, str]:
    """Return the codes of all courses by their ids, as the rows name them."""
    versions_by_course = versions.editions(versions.course_ids())
    return {str(course_id): versions[-1].outline.code for course_id, versions in versions_by_course.items() if versions}
