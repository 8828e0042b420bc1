"""Read the files that differ between two states of a draft, with their contents."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, select

from app.catalogue.domain.versions import VersionKind
from app.db.session import db
from app.studio.domain.file_changes import ChangedFile, changed_file
from app.studio.domain.reviews import ReviewState
from app.studio.domain.revisions import Tree, changes_between, tree_digest
from app.studio.models import CourseReview
from app.studio.queries import drafts, reviews
from app.studio.queries.reviews import DraftReview


def changed_files(before: Tree, after: Tree, *, also: Collection[str] = ()) -> list[ChangedFile]:
    """Return the files that differ between two trees, by path, and those of `also` that exist."""
    paths = {change.path for change in changes_between(before, after)} | (set(also) & after.keys())
    stored = drafts.contents([tree[path] for tree in (before, after) for path in paths & tree.keys()])
    return [
        changed_file(path, stored.get(before.get(path, "")), stored.get(after.get(path, ""))) for path in sorted(paths)
    ]


def unpublished(course_id: UUID) -> list[ChangedFile]:
    """Return the files of an opened draft that differ from the published version."""
    return changed_files(drafts.base_tree(course_id), drafts.tree(course_id))


def paths_since(course_id: UUID, revision: int, digest: str) -> list[str]:
    """Return the files that differ from a draft whose newest revision and digest of the tree were these."""
    opened = drafts.tree_at(course_id, revision)
    paths = {change.path for change in changes_between(opened, drafts.tree(course_id))}
    if tree_digest(opened) != digest:  # an automatic save extended the revision
        paths |= set(drafts.changed_paths(course_id, [revision]).get(revision, ()))
    return sorted(paths)


def of_review(review: DraftReview) -> list[ChangedFile]:
    """Return the files that a review is about, and those with an open remark; a retirement is about none."""
    if review.kind is VersionKind.RETIREMENT:
        return []
    paths = reviews.open_remarks(review.course_id).keys()
    after = drafts.tree_at(review.course_id, review.revision)
    return changed_files(tree_before(review), after, also=paths)


def tree_before(review: DraftReview) -> dict[str, str]:
    """Return the digests of the version before the reviewed revision, by path."""
    is_past = db.session.scalar(
        select(
            exists().where(
                CourseReview.course_id == review.course_id,
                CourseReview.state == ReviewState.PUBLISHED,
                CourseReview.kind != VersionKind.RETIREMENT,
                CourseReview.revision >= review.revision,
            )
        )
    )
    if not is_past:
        return drafts.base_tree(review.course_id)
    return drafts.tree_at(review.course_id, reviews.published_revision(review.course_id, review.revision))
