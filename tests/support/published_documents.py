"""The course of `documents_course`, rendered once and published as often as a test asks."""

from functools import cache
from uuid import UUID

from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse, prepare
from app.catalogue.service.publication import Stored
from app.db.session import transaction
from app.kernel import clock
from tests.support import documents_course, factories

CODE = "D01"


@cache
def ready() -> ReadyCourse:
    """Return the rendered course."""
    library, _problems = documents_course.read()
    return prepare(library.courses[documents_course.SLUG], library.references, documents_course.files())


def publish() -> UUID:
    """Store and publish the course; return the id of the version."""
    first, second = factories.person(), factories.person()
    with transaction():
        publication.store_draft(ready(), clock.now())
    with transaction():
        stored = publication.publish(
            CODE, kind=VersionKind.EDITORIAL, message="First.", first_id=first, second_id=second, now=clock.now()
        )
    assert isinstance(stored, Stored)
    return stored.version_id
