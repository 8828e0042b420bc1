"""No name of another country, and no country of who hides it, in any page, file or error."""

import re
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.directory.service import postings
from app.factory import create_app
from app.identity import service
from app.identity.models import Identity, Person
from app.identity.queries import people, visible_identity
from app.rights.service import roles, supervision
from tests.support import databases, factories, plan_figures, routes, sites, workshop_events
from tests.support.plan_pages import text
from tests.support.settings import REPOSITORY, settings_for
from tests.support.sites import Site

TODAY = date(2027, 3, 1)
# who is planted: by country, alias, whether under threat, whether they show their country
GHOSTS = {
    "hidden": ("FR", "Ghost Alpha", True, True),
    "quiet": ("FR", "Ghost Beta", False, False),
    "open": ("FR", "Ghost Gamma", False, True),
    "threatened": ("IQ", "Ghost Delta", True, False),
}
READERS = {
    "supervisor": ("IQ", ((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),)),
    "co-chair": ("BG", ((Role.CO_CHAIR, Scope.ALL, ""),)),
    "foreign chief": ("BG", ((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),)),
}
SOUGHT = {"home.search_site": "/search?q=Planted+Ghost", "operations.show_audit_log": "/audit?who=Ghost+Alpha"}
BLOCK = re.compile(r"<(tr|li|option|dd|p)\b.*?(?=<(?:tr|li|option|dd|p)\b|</(?:table|ul|ol|dl|main)>)", re.S)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, UUID]]]:
    """One site for all readers, on a database of its own; reading changes nothing that another one sees."""
    app = create_app(settings_for(databases.sqlite_url(tmp_path_factory.mktemp("walls"))))
    with app.app_context():
        db.create_all()
    site = sites.make(app)
    with app.app_context():
        people = _plant(site)
    yield site, people
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _plant(site: Site) -> dict[str, UUID]:
    people = dict(site.people)
    for name, (country, grants) in READERS.items():
        people[name] = factories.person(country=country, roles=(), grants=grants)
    for name, (country, alias, protected, shows) in GHOSTS.items():
        people[name] = factories.person(country=country, alias=alias)
        for workshop in ("seat", "open"):
            workshop_events.seat(site.workshops[workshop], people[name])
        with transaction():
            postings.protect(people[name], protected=protected, titles=(), today=TODAY)
            service.change_settings(people[name], {"shows_country": shows})
            db.session.get_one(Person, people[name]).alias = alias  # as it is looked for, under threat or not
    with transaction():
        assert supervision.assign(people["threatened"], people["supervisor"], TODAY) is None
        for name, person_id in people.items():
            db.session.get_one(Identity, person_id).name = f"Planted {name} Name"
        for role in (Role.TRAINER, Role.ASSESSOR):
            for workshop in site.workshops.values():
                roles.add_role(people["trainer"], role, scope=Scope.EVENT, reach=str(workshop), since=TODAY)
    db.session.remove()
    return people


def _pages(site: Site, people: dict[str, UUID], client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Yield each page and file that a user can read, those about hidden people included."""
    for rule in routes.of_method(site.app, "GET"):
        if rule.endpoint.startswith(("assets.", "components.", "catalogue.")):
            continue
        for about in (people["hidden"], people["threatened"]) if "person_id" in rule.arguments else (None,):
            values = {"workshop_id": site.workshops["seat"], "person_id": about, "attempt": site.done.ended_attempt}
            path = SOUGHT.get(rule.endpoint) or routes.address(site.app, rule, **values)
            answer = client.get(path)
            written = (answer.mimetype or "").startswith("text/") or answer.is_json
            yield f"{path} ({answer.status_code})", answer.get_data(as_text=True) if written else ""
            answer.close()


@pytest.mark.parametrize(
    "reader",
    ["colleague", "foreigner", "trainer", "contact_point", "coordinator", "administrator", "anonymous", *READERS],
)
def test_no_page_shows_foreign_names_or_hidden_countries(swept: tuple[Site, dict[str, UUID]], reader: str) -> None:
    site, people = swept
    client = factories.sign_in(site.app, people[reader]) if reader in people else site.app.test_client()
    own = {"contact_point": "IQ", "foreign chief": "BG"}.get(reader)
    allowed = {name for name, (country, *_rest) in sites.PEOPLE.items() if own == country} | {reader}
    allowed |= {name for name, (country, *_rest) in {**GHOSTS, **READERS}.items() if own == country}
    allowed |= {"threatened"} if reader == "supervisor" else set()  # assigned
    faults: list[str] = []
    read: set[str] = set()
    met = 0
    for path, page in _pages(site, people, client):
        named = {name for name in people if f"Planted {name} Name" in page}
        faults += [f"{path}: the name of {name}" for name in named - allowed]
        read |= named
        for block in (found.group(0) for found in BLOCK.finditer(page)):
            for name, (country, alias, protected, shows) in GHOSTS.items():
                if alias not in block:
                    continue
                met += 1
                word = {"FR": "France", "IQ": "Iraq"}[country]
                knows = own == country
                if not knows and (protected or not shows) and word in block:
                    faults.append(f"{path}: the country of {name}")
    assert faults == []
    assert reader != "supervisor" or "threatened" in read
    assert met or reader not in {"trainer", "contact_point", "coordinator", "administrator"}


def test_visible_country_is_shown_and_hidden_ones_look_alike(
    swept: tuple[Site, dict[str, UUID]],
) -> None:
    site, people = swept
    page = text(factories.sign_in(site.app, people["trainer"]), f"/teaching/workshops/{site.workshops['seat']}")
    shown = {
        alias: re.sub(r"\s+", " ", block)
        for block in (found.group(0) for found in BLOCK.finditer(page))
        for _country, alias, _protected, _shows in GHOSTS.values()
        if alias in block
    }
    assert "France" in shown["Ghost Gamma"]
    assert "Member country" in shown["Ghost Alpha"]
    assert "Member country" in shown["Ghost Beta"]
    assert "Member country" in shown["Ghost Delta"]  # of the trainer's own country, and hidden from peers


def test_protected_officers_are_left_out_of_tables_abroad(lite_app: Flask) -> None:
    scene = plan_figures.make(lite_app)
    client = scene.client("coordinator")
    before = text(client, "/plan/indicators/OP2.1")
    with lite_app.app_context():
        with transaction():
            # the last of Iraq's twenty is in no figure
            postings.protect(scene.officers["IQ"][19], protected=True, titles=(), today=TODAY)
        assert visible_identity.protected() == {scene.officers["IQ"][19]}
        assert _shown(text(client, "/plan/indicators/OP2.1")) == _shown(before)
        with transaction():
            postings.protect(scene.officers["FR"][0], protected=True, titles=(), today=TODAY)
        db.session.remove()
    after = text(client, "/plan/indicators/OP2.1")
    counts = {"BG": "3", "DE": "12", "FR": "8", "IQ": "10"}
    assert (_shown(before), _shown(after)) == (counts, counts | {"FR": "7"})


def _shown(page: str) -> dict[str, str]:
    """Return the numbers of countries that a page shows."""
    return dict(re.findall(r"rows\?country=([A-Z]{2})[^>]*>(?:<[^>]+>)*([0-9]+)", page))


def test_names_are_read_by_listed_modules_only() -> None:
    """Names, addresses and numbers leave the table of identities in these places alone: each has its own door."""
    places = {
        path.relative_to(REPOSITORY / "app").as_posix()
        for path in sorted((REPOSITORY / "app").rglob("*.py"))
        if re.search(r"\bIdentity\.(name|latin_name|mail|service_number)\b|Identity\)", path.read_text("utf-8"))
    }
    assert places <= {
        "identity/queries/people.py",  # the own certificate; the address of a mail
        "identity/queries/person_details.py",  # the own contact point, recorded before
        "identity/service.py",  # to create and change it
        "directory/service/erasure.py",  # to delete it
        "identity/personal_data.py",  # the own archive
        "recovery/service/address_change.py",  # another address of one's own
        "recovery/service/password_reset.py",  # a link by mail
        "recovery/queries.py",
        "invitations/queries/matching.py",  # a sheet of the own country
        "invitations/service/bulk.py",
        "directory/service/reindexing.py",  # keys
        "identity/models.py",
    }, places


def test_unknown_viewer_sees_identity_without_country(context: Flask) -> None:
    person_id = factories.person(country="BG")
    stranger = Actor(UUID(int=1), "", frozenset())
    assert visible_identity.visible_identities(stranger, [person_id], TODAY)[person_id].country == ""
    assert people.names([person_id])[person_id] == db.session.get_one(Person, person_id).alias
