"""`/audit`: for administrators and, for their own country, contact points; each read is recorded."""

from datetime import timedelta
from uuid import UUID

from flask import current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.audit import queries
from app.audit.queries import AuditFilter, Stay
from app.audit.service import entries as audit
from app.db.session import transaction
from app.identity.queries import people as accounts, person_details, postings
from app.kernel import clock
from app.operations.domain import OFFICERS_OWN
from app.operations.forms.audit_log import TrailForm, begin_of, read_id
from app.operations.labels import events
from app.operations.pages import audit_log as pages
from app.operations.views._blueprint import bp
from app.ports import ports
from app.web.pages import render
from app.web.table_files import send_csv

NO_PERSON = UUID(int=0)
MOST = 101  # people are counted up to here: one more than a user may export in a day without a second person


@bp.get("/audit")
@requires(Action.SEE_TRAIL, of=own_scope)
def show_audit_log() -> ResponseReturnValue:
    """Show the audit log, newest first, filtered by the parameters of the address."""
    form, is_valid = _form()
    audit_filter = _filter(form) if is_valid else AuditFilter(without=OFFICERS_OWN)
    _note(audit_filter, as_file=False)
    entries = queries.page(actor(), audit_filter, after=form.reached() if is_valid else None, size=pages.PAGE + 1)
    page = pages.page(entries, actor(), form, pages.checks(), clock.today())
    return render(page), 200 if is_valid else 422


@bp.get("/audit/export")
@requires(Action.EXPORT_TRAIL, of=own_scope)
def export_audit_log() -> ResponseReturnValue:
    """Send the filtered entries as a file."""
    form, is_valid = _form()
    if not is_valid:
        return show_audit_log()
    audit_filter, reader = _filter(form), actor()
    _note(audit_filter, as_file=True)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return send_csv("audit", pages.HEADS, pages.portions(app, str(get_locale()), reader, audit_filter))


def _form() -> tuple[TrailForm, bool]:
    form = TrailForm(request.args)
    form.offer(events.event_choices())
    return form, form.validate()


def _filter(form: TrailForm) -> AuditFilter:
    person_id, stays = _person((form.who.data or "").strip())
    return AuditFilter(
        name=form.kind.data or "",
        since=begin_of(form.since.data) if form.since.data else None,
        until=begin_of(form.until.data + timedelta(days=1)) if form.until.data else None,
        actor_id=person_id,
        about=read_id(form.about.data),
        stays=stays,
        but=person_details.countrymen(person_id) if person_id and pages.is_administrator(actor()) else None,
        without=OFFICERS_OWN,
    )


def _person(text: str) -> tuple[UUID | None, list[Stay] | None]:
    """Return the person of an alias or id, and the days on which the user may see their actions (None: all days).

    An unknown alias, or an alias of another country, gives an id without entries. Closed accounts are included, because
    their entries are read most.
    """
    if not text:
        return None, None
    person_id = read_id(text) or accounts.person_by_alias(text, closed=True)
    if person_id is None:
        return NO_PERSON, None
    if pages.is_administrator(actor()):
        return person_id, None
    stays = pages.stays(postings.postings([person_id]).get(person_id, []), actor().country, clock.today())
    return (person_id, stays) if stays else (NO_PERSON, None)


def _note(audit_filter: AuditFilter, *, as_file: bool) -> None:
    """Record the read before anything is shown: an audit log that cannot be written is not shown, either."""
    limited = as_file and not pages.is_administrator(actor())
    country = "" if pages.is_administrator(actor()) else actor().country
    # counted before the transaction locks others out: a long audit log takes time
    people_count = queries.people(actor(), audit_filter, MOST) if limited else 0
    with transaction():
        if limited:  # together with the exports of other packages on the same day
            ports().export_limit(actor(), people_count, clock.real_now())
        audit.record_read(audit_filter, country=country, as_file=as_file)
