"""Which versions of a course change assignments, and who recalculates them."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries.publications import Publication
from app.db.session import transaction
from app.kernel import clock
from app.learning.queries import requirements
from app.learning.queries.assignments import changes_assignments
from app.learning.service import assignments
from tests.support import courses, factories

FIRST = Publication(date(2026, 1, 5), VersionKind.EDITORIAL, frozenset({"en", "fr"}), ("M01",), has_test=True)
BREAKING = replace(FIRST, kind=VersionKind.BREAKING)


@pytest.mark.parametrize(
    ("newest", "changes"),
    [
        (FIRST, False),
        (replace(FIRST, languages=frozenset({"en"})), False),
        (replace(FIRST, languages=frozenset({"en", "ar"})), True),
        (replace(FIRST, prerequisites=()), True),
        (BREAKING, True),
        (replace(BREAKING, has_test=False), False),
    ],
    ids=["editorial", "fewer languages", "new language", "needs no course", "breaking", "breaking without a test"],
)
def test_version_changes_assignments_by_what_it_changes(newest: Publication, *, changes: bool) -> None:
    assert changes_assignments([FIRST], newest) is changes


@pytest.mark.parametrize(("few", "waiting"), [(0, 1), (100, 0)])
def test_job_recalculates_after_a_publication_with_many_people(
    app: Flask, monkeypatch: pytest.MonkeyPatch, few: int, waiting: int
) -> None:
    with app.app_context():
        published = courses.publish()
        factories.person(country="FR")
        monkeypatch.setattr(assignments, "FEW", few)
        with transaction():
            assignments.queue_publication(published.course_id, clock.now())
        assert len(requirements.recalculations()) == waiting
