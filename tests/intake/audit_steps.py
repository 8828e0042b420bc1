"""Changes of intake and the entries that each leaves in the audit log."""

from collections.abc import Mapping
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.db.session import db, transaction
from app.identity.models import Agency
from app.kernel import clock
from app.sign_in.models import SignInSession
from tests.support import factories, sites
from tests.support.audit_log import AuditStep, Step
from tests.support.sites import Site


def _sheet(site: Site, *steps: str) -> str:
    """Let the contact point send a sheet and go on with it; return the last address."""
    client = site.client("contact_point")
    with site.app.app_context():
        service = db.session.scalars(select(Agency.name).where(Agency.country == "IQ")).first()
    text = f"e-mail\tname\tservice\trole\nsheet@example.org\tA Person\t{service}\tSupervisor"
    path = str(sites.post(site.app, client, "/people/sheet", {"text": text}).headers["Location"])
    for step in steps:
        answer = sites.post(site.app, client, f"{path}/{step}")
        assert answer.status_code == 302, answer.status
        path = str(answer.headers["Location"])
    return path


def _with_sheet(*steps: str) -> Step:
    def step(site: Site, _client: FlaskClient) -> None:
        assert _sheet(site, *steps).startswith("/people/sheet")

    return step


def _letters(site: Site, _client: FlaskClient) -> None:
    path = _sheet(site, "import")
    assert sites.post(site.app, site.client("contact_point"), f"{path}/letters").status_code == 200


def _wish(answer: str = "") -> Step:
    """Let the contact point ask for a second person, and the coordinator answer."""

    def step(site: Site, client: FlaskClient) -> None:
        asking, answering = site.client("contact_point"), site.client("coordinator")
        assert sites.post(site.app, asking, "/people/sheet/wishes").status_code == 302
        if answer:
            page = answering.get("/people/sheet").get_data(as_text=True)
            path = page.split(f'/{answer}"')[0].rsplit('"', 1)[1]
            assert sites.post(site.app, answering, f"{path}/{answer}").status_code == 302

    return step


def _prove_late(site: Site, client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(proved_at=clock.real_now() - timedelta(minutes=11)))
    sites.post(site.app, client, "/people/sheet/officers.csv", {"password": factories.PASSWORD})


STEPS: Mapping[str, AuditStep] = {
    "intake.wish": AuditStep(_wish(), {"ExportAsked"}, by="contact_point"),
    "intake.agree": AuditStep(_wish("agree"), {"ExportAnswered"}, by="coordinator"),
    "intake.refuse": AuditStep(_wish("refuse"), {"ExportAnswered"}, by="coordinator"),
    "intake.check": AuditStep(_with_sheet(), {"SheetChecked"}, by="contact_point"),
    "intake.carry_out": AuditStep(_with_sheet("import"), {"SheetImported", "Invited"}, by="contact_point"),
    "intake.drop": AuditStep(_with_sheet("drop"), {"SheetDropped"}, by="contact_point"),
    "intake.print_letters": AuditStep(_letters, {"LetterPrinted"}, by="contact_point"),
    "intake.prove_for_officers": AuditStep(_prove_late, {"ProvedAgain"}, by="contact_point"),
    "intake.undo": AuditStep(
        _with_sheet("import", "undo"), {"ImportUndone", "InvitationWithdrawn"}, by="contact_point"
    ),
}
