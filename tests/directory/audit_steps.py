"""Changes that each leave entries in the audit log: people and country settings."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from app.db.session import db, transaction
from app.directory.service import country_settings
from app.identity.domain.people import AgencyKind
from app.identity.models import Country
from app.identity.queries import people as accounts
from tests.support import factories, sites
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site

SETTINGS = "/country/settings"


def _set_extra_time(site: Site, client: FlaskClient) -> None:
    submit(f"/people/{site.people['owner']}/extra-time", percent="25")(site, client)


def _find(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        alias = accounts.names([site.people["owner"]])[site.people["owner"]]
    assert sites.post(site.app, client, "/people", {"who": alias}).status_code == 200


def _with_agency(end: str, **fields: str) -> Step:
    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context(), transaction():
            agency_id = country_settings.add_agency("IQ", AgencyKind.BORDER, "Coast guard")
        submit(f"{SETTINGS}/services/{agency_id}{end}", **fields)(site, client)

    return step


def _without_second_step(site: Site, client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        db.session.get_one(Country, "IQ").second_factor = True
    submit(f"{SETTINGS}/second-step", password=factories.PASSWORD)(site, client)


def _change_posting(end: str, *before: tuple[str, dict[str, str]], **fields: str) -> Step:
    """Change the posting of the owner as contact point, after other changes."""

    def step(site: Site, client: FlaskClient) -> None:
        path = f"/people/{site.people['owner']}/service"
        for earlier, fields_before in before:
            submit(f"{path}/{earlier}", **fields_before)(site, client)
        submit(f"{path}/{end}", **fields)(site, client)

    return step


def _move(site: Site, client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        agency_id = factories.agency("IQ")  # without officers
    _change_posting("posting", agency=str(agency_id), roles="first_responder", since="2027-04-01")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "directory.find_person": AuditStep(_find, {"IdentitySeen"}, by="contact_point"),
    "directory.change_extra_time": AuditStep(_set_extra_time, {"ExtraTimeChanged"}, by="contact_point"),
    "directory.add_agency": AuditStep(
        submit(f"{SETTINGS}/services", name="Coast guard", kind="border"), {"AgencyAdded"}, by="contact_point"
    ),
    "directory.change_country_settings": AuditStep(
        submit(SETTINGS, second_factor="y", printed_codes="y"), {"CountryChanged"}, by="contact_point"
    ),
    "directory.drop_agency": AuditStep(_with_agency("/removal"), {"AgencyDropped"}, by="contact_point"),
    "directory.drop_second_step": AuditStep(_without_second_step, {"CountryChanged"}, by="contact_point"),
    "directory.keep_names": AuditStep(submit(f"{SETTINGS}/names", months="36"), {"CountryChanged"}, by="contact_point"),
    "directory.rename_agency": AuditStep(_with_agency("", name="Other guard"), {"AgencyRenamed"}, by="contact_point"),
    "directory.set_help": AuditStep(
        submit(f"{SETTINGS}/help", text="Call 1234."), {"CountryChanged"}, by="contact_point"
    ),
    "directory.set_exact_counts": AuditStep(
        submit(f"{SETTINGS}/exact-counts", exact_counts="no"), {"CountryChanged"}, by="contact_point"
    ),
    "directory.plan_departure": AuditStep(
        _change_posting("leaving", last_day="2027-04-01"), {"LeavingPlanned"}, by="contact_point"
    ),
    "directory.change_posting": AuditStep(_move, {"PostingMoved"}, by="contact_point"),
    "directory.protect": AuditStep(
        _change_posting("protection", protected="yes"), {"ProtectionChanged"}, by="contact_point"
    ),
    "directory.cancel_departure": AuditStep(
        _change_posting("leaving/withdrawal", ("leaving", {"last_day": "2027-04-01"})),
        {"LeavingTakenBack"},
        by="contact_point",
    ),
}
