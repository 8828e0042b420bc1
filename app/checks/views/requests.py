"""`/sittings/requests`: an officer asks for a check and withdraws it; the contact point plans a sitting or declines."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, Actor, own_scope
from app.access.targets import Target
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.domain.keys import new_sitting_query, parsed
from app.checks.domain.requests import AskRefusal, OwnCheckRequest
from app.checks.forms.requests import DeclineForm
from app.checks.labels.requests import REFUSALS
from app.checks.pages import requests as pages
from app.checks.queries import offers, requests as queries
from app.checks.queries.requests import OpenRequests, RequestLine
from app.checks.queries.ways import ways
from app.checks.service import requests as service
from app.checks.views._blueprint import bp
from app.checks.views._officers import fits, ticked
from app.competence.events import OfficersSeen
from app.db.session import record, transaction
from app.kernel import clock
from app.ports import ports
from app.web import paging
from app.web.pages import render


def request_group(actor: Actor, competency: str, level: str) -> OpenRequests:
    """Return the open requests for a competency at a level, or raise NoResultFound."""
    if level not in set(Level):
        raise NoResultFound
    return queries.of_competency(actor, competency, Level(level))


@bp.get("/sittings/requests/new")
@requires(Action.ASK_FOR_CHECK)
def confirm_request() -> ResponseReturnValue:
    """Show what a request for a check means, before it is sent."""
    wanted = _wanted(request.args.get("competency", ""))
    framework, today = _framework(), clock.today()
    open_to_officer = ways(actor().id, today, [wanted])[wanted]
    refusal = service.refusal_of(actor().id, *wanted, today)
    return render(pages.ask_page(framework, wanted, open_to_officer, refusal))


@bp.post("/sittings/requests")
@requires(Action.ASK_FOR_CHECK)
def ask_for_check() -> ResponseReturnValue:
    """Ask the contact points of the own country for a check; repeating the request changes nothing."""
    competency, level = _wanted(request.form.get("competency", ""))
    with transaction():
        result = service.ask(actor().id, competency, level, clock.now())
    if isinstance(result, AskRefusal):
        flash(str(REFUSALS[result]), "warning")
    else:
        flash(_("Asked. Your contact point answers."))
    return redirect(ports().path_to(Target.COMPETENCY, competency))


@bp.post("/sittings/requests/<uuid:request_id>/withdraw")
@requires(Action.ASK_FOR_CHECK, load=queries.own_open)
def withdraw_request(own: OwnCheckRequest, request_id: UUID) -> ResponseReturnValue:
    """Withdraw an own open request."""
    with transaction():
        service.withdraw(own.id, clock.now())
    flash(_("Withdrawn. You can ask again."))
    return redirect(ports().path_to(Target.COMPETENCY, own.competency))


@bp.get("/sittings/requests")
@requires(Action.ANSWER_CHECK_REQUEST, of=own_scope)
def show_requests() -> ResponseReturnValue:
    """Show how many officers of the own country ask for a check, by competency and level."""
    return render(pages.requests_page(queries.groups(actor().country, clock.today()), _framework()))


@bp.get("/sittings/requests/<competency:competency>/<slug:level>")
@requires(Action.ANSWER_CHECK_REQUEST, load=request_group)
def show_request_group(group: OpenRequests, competency: str, level: str) -> ResponseReturnValue:
    """Show the officers who ask for a competency at a level, by alias; the view is recorded."""
    _record_view()
    page = paging.requested_page(group.officers, queries.PAGE_SIZE)
    lines = queries.lines(group, clock.today(), offset=page.offset, size=page.size)
    return render(pages.group_page(group, lines, _framework(), page))


@bp.post("/sittings/requests/<competency:competency>/<slug:level>/plan")
@requires(
    Action.ANSWER_CHECK_REQUEST, load=request_group, audited=False, reason="leads to the form of a sitting, no change"
)
def plan_for_requests(group: OpenRequests, competency: str, level: str) -> ResponseReturnValue:
    """Lead to the form of a sitting for the ticked officers."""
    lines = _ticked(group)
    if not fits(len(lines)):
        return redirect(url_for("checks.show_request_group", competency=competency, level=level))
    aims = offers.in_sittings(_framework(), [(group.competency, group.level)])
    query = new_sitting_query(aims, [line.person_id for line in lines])
    return redirect(f"{ports().path_to(Target.NEW_SITTING)}?{query}")


@bp.post("/sittings/requests/<competency:competency>/<slug:level>/decline")
@requires(Action.ANSWER_CHECK_REQUEST, load=request_group)
def decline_requests(group: OpenRequests, competency: str, level: str) -> ResponseReturnValue:
    """Ask for the reason, then decline the ticked requests."""
    lines, form = _ticked(group), DeclineForm(request.form)
    if not fits(len(lines)):
        return redirect(url_for("checks.show_request_group", competency=competency, level=level))
    if "reason" not in request.form:
        _record_view()
        return render(pages.decline_page(group, lines, form, _framework()))
    if not form.validate():
        return render(pages.decline_page(group, lines, form, _framework())), 422
    with transaction():
        count = service.decline(
            [line.id for line in lines], by=actor().id, reason=form.reason.data or "", now=clock.now()
        )
    flash(ngettext("%(num)s request is declined.", "%(num)s requests are declined.", count))
    return redirect(url_for("checks.show_requests"))


def _wanted(key: str) -> tuple[str, Level]:
    """Return the competency and level of a key, or raise NoResultFound for one that the framework does not have."""
    wanted = parsed(key)
    entry = _framework().get(wanted[0]) if wanted else None
    if wanted is None or entry is None or wanted[1] not in entry.levels:
        raise NoResultFound
    return wanted


def _ticked(group: OpenRequests) -> Sequence[RequestLine]:
    """Return the ticked requests that are still open in this group. Raises NoResultFound for a text that is no id."""
    return queries.chosen(group, frozenset(ticked("request")), clock.today())


def _record_view() -> None:
    """Record that the user views officers of the own country, before they are shown."""
    with transaction():
        record(OfficersSeen(country=actor().country, officer=None))


def _framework() -> Competencies:
    return catalogue.competencies() or Competencies()
