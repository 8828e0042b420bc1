"""Changes of privacy and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from app.db.session import transaction
from tests.support import factories, sites
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site


def _take_data(site: Site, client: FlaskClient) -> None:
    assert sites.post(site.app, client, "/settings/my-data").status_code == 200


def _take_back_erasure(site: Site, client: FlaskClient) -> None:
    submit("/settings/my-data/erasure")(site, client)
    submit("/settings/my-data/erasure/withdrawal")(site, client)


def _service(end: str, *before: tuple[str, dict[str, str]], **fields: str) -> Step:
    """Change the service of the owner, as the contact point who has done other things to it before."""

    def step(site: Site, client: FlaskClient) -> None:
        path = f"/people/{site.people['owner']}/service"
        for earlier, sent in before:
            submit(f"{path}/{earlier}", **sent)(site, client)
        submit(f"{path}/{end}", **fields)(site, client)

    return step


def _move(site: Site, client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        service = factories.agency("IQ")  # nobody serves there yet
    _service("posting", agency=str(service), roles="first_responder", since="2027-04-01")(site, client)


def _erase(site: Site, client: FlaskClient) -> None:
    submit("/settings/my-data/erasure")(site, site.client("owner"))
    _service("erasure", identified="y")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "privacy.ask_erasure": AuditStep(submit("/settings/my-data/erasure"), {"ErasureAsked"}),
    "privacy.cancel_erasure": AuditStep(_take_back_erasure, {"ErasureTakenBack"}),
    "privacy.export_data": AuditStep(_take_data, {"OwnDataTaken"}),
    "privacy.erase_account": AuditStep(
        _erase, {"PersonErased", "IdentityRemoved", "PersonDeactivated"}, by="contact_point"
    ),
    "privacy.plan_departure": AuditStep(
        _service("leaving", last_day="2027-04-01"), {"LeavingPlanned"}, by="contact_point"
    ),
    "privacy.change_posting": AuditStep(_move, {"PostingMoved"}, by="contact_point"),
    "privacy.protect": AuditStep(_service("protection", protected="yes"), {"ProtectionChanged"}, by="contact_point"),
    "privacy.cancel_departure": AuditStep(
        _service("leaving/withdrawal", ("leaving", {"last_day": "2027-04-01"})),
        {"LeavingTakenBack"},
        by="contact_point",
    ),
}
