from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity import service
from app.identity.domain.people import AgencyKind
from app.identity.models import Posting, RoleGrant
from app.identity.queries import people, postings, roles
from app.identity.queries.postings import PostingSpan
from app.rights.service import roles as rights_roles
from tests.support import factories
from tests.support.settings import NOW

TODAY = NOW.date()


def _span(since: date, until: date | None = None, country: str = "IQ") -> PostingSpan:
    return PostingSpan(uuid4(), country, uuid4(), AgencyKind.BORDER, ("trainer",), since, until)


def test_posting_on_a_day_is_the_nearest_one() -> None:
    early = _span(date(2026, 1, 1), date(2026, 3, 31))
    late = _span(date(2026, 6, 1), None, "PK")
    spans = [early, late]
    assert postings.nearest(spans, date(2026, 2, 1)) is early
    assert postings.nearest(spans, date(2025, 2, 1)) is early
    assert postings.nearest(spans, date(2026, 4, 5)) is early
    assert postings.nearest(spans, date(2026, 5, 30)) is late
    assert postings.nearest(spans, date(2026, 5, 1)) is late  # as near to both: the newer one
    assert postings.nearest([], date(2026, 5, 1)) is None


@pytest.mark.each_database
def test_postings_come_with_the_kind_of_agency_in_order(context: Flask) -> None:
    person_id = factories.person(roles=("investigator", "trainer"))
    with transaction():
        db.session.execute(
            Posting.__table__.insert(),
            [{"id": uuid4(), "person_id": person_id, "country": "PK", "agency_id": factories.agency("PK"),
              "roles": "", "since": date(2026, 1, 1), "until": TODAY - timedelta(days=1)}],
        )  # fmt: skip
    first, second = postings.postings([person_id, uuid4()])[person_id]
    assert (first.country, first.role, first.until) == ("PK", "", TODAY - timedelta(days=1))
    assert (second.country, second.role, second.roles) == ("IQ", "investigator", ("investigator", "trainer"))
    assert second.agency_kind is AgencyKind.BORDER
    assert postings.posting_on(person_id, date(2026, 5, 1)) == first
    assert postings.posting_on(person_id, TODAY) == second
    assert postings.posting_on(uuid4(), TODAY) is None
    with transaction():
        assert postings.lock(person_id) == [first, second]
        with pytest.raises(NoResultFound):
            postings.lock(uuid4())


@pytest.mark.each_database
def test_people_with_postings_are_walked_once_each(context: Flask) -> None:
    people = sorted(factories.person() for _ in range(5))
    assert postings.posting_page(None, 3) == people[:3]
    assert postings.posting_page(people[2], 3) == people[3:]
    assert postings.posting_page(people[4], 3) == []


@pytest.mark.each_database
def test_a_contact_point_sees_active_officers_of_the_own_country_by_alias(context: Flask) -> None:
    factories.person(alias="Kestrel", country="PK")
    second = factories.person(alias="Owl", roles=("investigator",))
    first = factories.person(alias="Heron")
    factories.person(alias="Gull", roles=())
    gone = factories.person(alias="Ibis")
    with transaction():
        service.deactivate(gone, TODAY)
    found = people.officers_of("IQ", TODAY)
    assert [(one.alias, one.person_id) for one in found] == [("Heron", first), ("Owl", second)]
    assert found[1].roles == ("investigator",)
    assert [one.alias for one in people.officers_of("IQ", TODAY, after="Heron")] == ["Owl"]
    assert [one.alias for one in people.officers_of("IQ", TODAY, size=1)] == ["Heron"]


def test_posting_history_remains_after_departure(context: Flask) -> None:
    start = datetime(2027, 1, 4, 9, tzinfo=NOW.tzinfo)
    person_id = factories.person(now=start)
    other = factories.person(now=start)
    with transaction():
        rights_roles.add_role(person_id, Role.TRAINER, scope=Scope.COURSE, reach="M01", since=TODAY + timedelta(days=7))
        service.deactivate(person_id, TODAY)
    [posting] = postings.postings([person_id])[person_id]
    assert (posting.since, posting.until) == (start.date(), TODAY)
    grants = db.session.execute(select(RoleGrant.role, RoleGrant.until).where(RoleGrant.person_id == person_id)).all()
    assert [tuple(row) for row in grants] == [(Role.PRACTITIONER, TODAY)]  # what had not begun never does
    assert postings.postings([other])[other][0].until is None
    assert roles.serving([], TODAY + timedelta(days=1)) == [other]
