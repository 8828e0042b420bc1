"""The audit trail for administrators and, of their own country, contact points; reading it is itself noted."""

from datetime import timedelta
from uuid import UUID

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.audit import queries
from app.audit.queries import AuditFilter, Stay
from app.audit.service import entries as audit
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.identity.queries import person_details, postings
from app.kernel import clock
from app.operations.domain import OFFICERS_OWN
from app.operations.forms.audit_log import TrailForm, begin_of, read_id
from app.operations.labels import events
from app.operations.pages import audit_log as pages
from app.operations.views._blueprint import bp
from app.ports import ports
from app.web.table_files import send_csv

NOBODY = UUID(int=0)
MOST = 101  # people are counted up to here: one more than anybody may take along alone (security S9)


@bp.get("/audit")
@requires(Action.SEE_TRAIL, of=own_scope)
def show_audit_log() -> ResponseReturnValue:
    """Show who did what to whom, the newest first, narrowed as the address says."""
    form, right = _form()
    sought = _sought(form) if right else AuditFilter(without=OFFICERS_OWN)
    _note(sought, as_file=False)
    found = queries.page(actor(), sought, after=form.reached() if right else None, size=pages.PAGE + 1)
    signed, (verified, fault) = queries.last_checkpoints(1), queries.verifications()
    shown = render_template(
        "operations/trail.html",
        form=form,
        verified=verified,
        fault=fault,
        signed=signed[0] if signed else None,
        **pages.listing(found, actor(), form, clock.today(), pages.damaged(fault)),
    )
    return shown, 200 if right else 422


@bp.get("/audit/export")
@requires(Action.EXPORT_TRAIL, of=own_scope)
def export_audit_log() -> ResponseReturnValue:
    """Send the entries that the address asks for as a file."""
    form, right = _form()
    if not right:
        return show_audit_log()
    sought, reader = _sought(form), actor()
    _note(sought, as_file=True)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return send_csv("audit", pages.HEADS, pages.portions(app, str(get_locale()), reader, sought))


def _form() -> tuple[TrailForm, bool]:
    form = TrailForm(request.args)
    form.offer(events.offered())
    return form, form.validate()


def _sought(form: TrailForm) -> AuditFilter:
    who, stays = _who((form.who.data or "").strip())
    return AuditFilter(
        name=form.kind.data or "",
        since=begin_of(form.since.data) if form.since.data else None,
        until=begin_of(form.until.data + timedelta(days=1)) if form.until.data else None,
        who=who,
        about=read_id(form.about.data),
        stays=stays,
        but=person_details.countrymen(who) if who and pages.is_administrator(actor()) else None,
        without=OFFICERS_OWN,
    )


def _who(text: str) -> tuple[UUID | None, list[Stay] | None]:
    """Return the person of an alias or id, and of which days (None: of all) what they did is the reader's to see.

    It is nobody for one that is unknown here: other countries' aliases are, too. Whoever left is found: the account is
    closed then, and the entries are read most.
    """
    if not text:
        return None, None
    found = read_id(text) or accounts.person_by_alias(text, closed=True)
    if found is None:
        return NOBODY, None
    if pages.is_administrator(actor()):
        return found, None
    stays = pages.stays(postings.postings([found]).get(found, []), actor().country, clock.today())
    return (found, stays) if stays else (NOBODY, None)


def _note(sought: AuditFilter, *, as_file: bool) -> None:
    """Keep that somebody reads, before anything is shown: a trail that cannot be written is not read, either."""
    shares = as_file and not pages.is_administrator(actor())
    country = "" if pages.is_administrator(actor()) else actor().country
    # counted before others have to wait: a long trail takes long
    taken = queries.people(actor(), sought, MOST) if shares else 0
    with transaction():
        if shares:  # together with the files of other rooms, all of a day
            ports().export_limit(actor(), taken, clock.real_now())
        audit.record_read(sought, country=country, as_file=as_file)
