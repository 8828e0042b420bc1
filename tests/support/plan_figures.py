"""Four countries with numbers of which two are too small to be shown, laid down as the rules would have left them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.service import publication as catalogue
from app.db.session import db, transaction
from app.plan.service import store
from app.plan.service.store import ContributionKey, ContributionValue
from tests.support import courses as course, factories, plans as it
from tests.support.settings import NOW
from tests.support.site_snapshots import kept

MEMBERS = ("BG", "DE", "FR", "IQ")
# officers who completed a course: Bulgaria's are too few, so France's go with them
COMPLETED = {"BG": 3, "DE": 12, "FR": 8, "IQ": 10}
# first responders, and those of them who are verified
RESPONDERS = {"BG": (6, 2), "DE": (20, 8), "FR": (20, 12), "IQ": (14, 7)}
SINCE = date(2026, 12, 15)  # before the end of a quarter, of which cells are published
EARLIER = date(2026, 12, 20)
LATER = date(2027, 2, 1)  # one more officer of Iraq since
WHO: Mapping[str, tuple[Role, Scope, str, str]] = {
    "coordinator": (Role.COORDINATOR, Scope.ALL, "", ""),
    "second coordinator": (Role.COORDINATOR, Scope.ALL, "", ""),
    "co-chair": (Role.CO_CHAIR, Scope.ALL, "", "BG"),
    "contact point": (Role.CONTACT_POINT, Scope.COUNTRY, "IQ", "IQ"),
    "another contact point": (Role.CONTACT_POINT, Scope.COUNTRY, "DE", "DE"),
    "administrator": (Role.ADMINISTRATOR, Scope.ALL, "", ""),
}


@dataclass(frozen=True)
class Scene:
    app: Flask
    people: Mapping[str, UUID]
    officers: Mapping[str, list[UUID]]  # by country, those who completed a course first

    def client(self, name: str) -> FlaskClient:
        return factories.sign_in(self.app, self.people[name])


@kept
def make(app: Flask, *, completed: Mapping[str, int] = COMPLETED) -> Scene:
    with app.app_context():
        load_plan()
        officers = {country: _officers(country, 20) for country in MEMBERS}
        with transaction():
            store.replace({}, _contributions(officers, completed))
        people = {name: _person(name) for name in WHO} | {
            "practitioner": factories.person(
                country="IQ", roles=(), grants=((Role.PRACTITIONER, Scope.COUNTRY, "IQ"),)
            ),
        }
        db.session.remove()
    return Scene(app, people, officers)


def add(scene: Scene, completed: Mapping[str, int]) -> None:
    """Let more officers complete a course."""
    with transaction():
        wanted = _contributions(scene.officers, completed)
        codes, subjects = {key.code for key in wanted}, {key.subject for key in wanted}
        store.replace(store.stored(codes, subjects), wanted)


def load_plan() -> None:
    text = it.toml().replace('members = ["BG", "IQ"]', f"members = {list(MEMBERS)}".replace("'", '"'))
    text = text.replace('split_by = ["country"]', 'split_by = ["country", "agency_type", "role", "gender"]')
    references = msgspec.structs.replace(course.ready()[1], plan=it.plan(text))
    with transaction():
        catalogue.store_references(references, NOW)
    db.session.rollback()


def _officers(country: str, count: int) -> list[UUID]:
    with transaction():
        return [factories.person(country=country, alias=f"Secret {country} {n}", roles=()) for n in range(count)]


def _person(name: str) -> UUID:
    role, scope, reach, country = WHO[name]
    return factories.person(country=country or "DE", roles=(), alias=name.title(), grants=((role, scope, reach),))


def _contributions(
    officers: Mapping[str, list[UUID]], completed: Mapping[str, int]
) -> dict[ContributionKey, ContributionValue]:
    contributions: dict[ContributionKey, ContributionValue] = {}
    for country, people in officers.items():
        for n, person_id in enumerate(people[: completed[country]]):
            since = LATER if country == "IQ" and n == 9 else SINCE
            contributions[ContributionKey("OP2.1", 1, person_id, "completion", since)] = _worth(country, person_id, n)
        needed, verified = RESPONDERS[country]
        for n, person_id in enumerate(people[:needed]):
            key = ContributionKey("OC2.1", 1, person_id, "core", SINCE)
            contributions[key] = _worth(country, person_id, n, of=1, worth=float(n < verified))
        for n, person_id in enumerate(people[: completed[country]]):
            contributions[ContributionKey("OP2.4", 1, person_id, "active", SINCE)] = _worth(country, person_id, n)
    return contributions


def _worth(country: str, person_id: UUID, n: int, *, of: float = 0.0, worth: float = 1.0) -> ContributionValue:
    kind = "border" if n % 2 else "police"
    return ContributionValue(None, country, kind, "first_responder", worth, of, person_id)
