"""Changes of privacy and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from tests.support import sites
from tests.support.audit_log import AuditStep, submit
from tests.support.sites import Site


def _take_data(site: Site, client: FlaskClient) -> None:
    assert sites.post(site.app, client, "/settings/my-data").status_code == 200


def _take_back_erasure(site: Site, client: FlaskClient) -> None:
    submit("/settings/my-data/erasure")(site, client)
    submit("/settings/my-data/erasure/withdrawal")(site, client)


def _erase(site: Site, client: FlaskClient) -> None:
    submit("/settings/my-data/erasure")(site, site.client("owner"))
    submit(f"/people/{site.people['owner']}/service/erasure", identified="y")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "privacy.ask_erasure": AuditStep(submit("/settings/my-data/erasure"), {"ErasureAsked"}),
    "privacy.cancel_erasure": AuditStep(_take_back_erasure, {"ErasureTakenBack"}),
    "privacy.export_data": AuditStep(_take_data, {"OwnDataTaken"}),
    "privacy.erase_account": AuditStep(
        _erase, {"PersonErased", "IdentityRemoved", "PersonDeactivated"}, by="contact_point"
    ),
}
