"""The course with a document of each kind and an item of each kind, as the draft of the small published course."""

from app.db.session import transaction
from app.kernel import clock
from app.studio.domain.archived_course import renamed
from app.studio.domain.course_archive import replacement
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import drafts
from app.studio.service.drafts import change_files
from tests.support import documents_course, studio_site
from tests.support.site_snapshots import kept
from tests.support.studio_site import Author

CODE = "T10"


@kept
def author() -> Author:
    """Return a trainer of the small course, whose draft now has the documents."""
    trainer = studio_site.author()
    changes = replacement(drafts.files(trainer.workspace()), files())
    with transaction():
        change_files(trainer.course_id, changes, RevisionKind.IMPORTED, by=trainer.id, now=clock.now())
    return trainer


def files() -> dict[str, bytes]:
    """Return the files of the course with documents, by path within its folder, under the id of the small course."""
    prefix = f"{documents_course.SLUG}/"
    own = {
        path.removeprefix(prefix): content
        for path, content in documents_course.files().items()
        if path.startswith(prefix)
    }
    return dict(renamed(own, CODE))
