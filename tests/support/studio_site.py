"""The small published course, with trainers who write it."""

from dataclasses import dataclass
from uuid import UUID

from app.access.policy import Actor, Role, Scope, Sensitivity
from app.catalogue.queries import versions
from app.db.session import db, transaction
from app.identity.queries import roles as role_queries
from app.kernel import clock
from app.rights.service import roles
from app.studio.domain.course_edits import NewCourse
from app.studio.queries import workspaces
from app.studio.queries.workspaces import Workspace
from tests.support import courses, factories, sites
from tests.support.site_snapshots import kept

COPY = NewCourse(
    code="M91",
    slug="a-copy",
    language="en",
    title="A copy",
    paragraph="About a copy.",
    outcomes=("write down what you saw",),
    sensitivity=Sensitivity.UNRESTRICTED,
    hours=1.0,
)


@dataclass(frozen=True, slots=True)
class Author:
    """A trainer of the course."""

    id: UUID
    course_id: UUID

    def workspace(self) -> Workspace:
        """Return the course as this author sees it now."""
        db.session.rollback()
        return workspaces.workspace(actor(self.id), courses.SLUG)


@kept
def author() -> Author:
    """Return a new trainer of the course; the first call publishes it."""
    if not versions.course_ids():
        sites.publish_course(courses.ready()[0])
    course_id = versions.course_record(courses.SLUG).id
    person_id = factories.person()
    make_author(person_id, course_id)
    return Author(person_id, course_id)


def make_author(person_id: UUID, course_id: UUID) -> None:
    """Make a person a trainer of the course."""
    with transaction():
        since = clock.now().date()
        roles.add_role(person_id, Role.TRAINER, scope=Scope.COURSE, reach=str(course_id), since=since)


def actor(person_id: UUID) -> Actor:
    """Return a person as an actor, with the roles of today."""
    return Actor(person_id, "", role_queries.roles_of(person_id, clock.today()))
