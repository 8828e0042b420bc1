"""Versions of the small course that the console publishes, beside the studio."""

from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication
from app.db.session import transaction
from app.kernel import clock
from tests.support import courses, factories


def publish(*, why: str) -> None:
    """Publish the small course with another reason of an answer."""
    course, _references = courses.ready(why=why)
    first, second = factories.person(), factories.person()
    now = clock.now()
    with transaction():
        publication.store_draft(course, now)
        publication.publish(
            courses.CODE,
            kind=VersionKind.EDITORIAL,
            message="By the console.",
            first_id=first,
            second_id=second,
            now=now,
        )
