"""`/sittings/surprise`: draws and counts for coordinators, officers of the own country for contact points."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, allows, own_scope
from app.access.targets import Target
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.domain import surprise as rules
from app.checks.domain.keys import new_sitting_query, parsed
from app.checks.forms.surprise import ExcuseForm, QuarterForm
from app.checks.pages import surprise as pages
from app.checks.queries import surprise as queries
from app.checks.queries.surprise import PAGE, PickLine
from app.checks.service import surprise as service
from app.checks.views._blueprint import bp
from app.checks.views._officers import fits, ticked
from app.db.session import db, transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.ports import ports
from app.web import paging
from app.web.pages import render


@bp.get("/sittings/surprise")
@requires(Action.SEE_SURPRISE_CHECKS, of=own_scope)
def show_surprise() -> ResponseReturnValue:
    """Show the draws of a quarter as counts, or the drawn officers of the own country."""
    if allows(actor(), Action.DRAW_SURPRISE_CHECKS):
        return _draws()
    return _own_country()


@bp.post("/sittings/surprise/draw")
@requires(Action.DRAW_SURPRISE_CHECKS)
def draw_surprise() -> ResponseReturnValue:
    """Draw the officers of this quarter now; the job would draw them within hours."""
    now = clock.now()
    prepared = service.prepare(now)
    db.session.rollback()  # end the read snapshot before writing
    with transaction():
        count = sum(service.store(draw, now) for draw in prepared)
    text = ngettext("%(num)s competency is drawn.", "%(num)s competencies are drawn.", count)
    flash(text if count else _("Nothing to draw: other competencies have too few trained officers."))
    return redirect(url_for("checks.show_surprise"))


@bp.post("/sittings/surprise/plan")
@requires(Action.PLAN_SITTING, of=own_scope, audited=False, reason="leads to the form of a sitting, no change")
def plan_surprise() -> ResponseReturnValue:
    """Lead to the form of a sitting for the ticked officers; only those who were drawn get a surprise seat there."""
    aim, officers = parsed(request.form.get("competency", "")), ticked("officer")
    if aim is None:
        raise NoResultFound
    if not fits(len(officers)):
        return redirect(url_for("checks.show_surprise"))
    query = new_sitting_query([aim], officers, is_surprise=True)
    return redirect(f"{ports().path_to(Target.NEW_SITTING)}?{query}")


@bp.get("/sittings/surprise/<uuid:draw_id>/<uuid:person_id>/excuse")
@requires(Action.EXCUSE_SURPRISE_CHECK, load=queries.pick)
def show_excuse(pick: PickLine, draw_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Show the form that excuses an officer from a surprise check."""
    return _excuse_form(pick, ExcuseForm())


@bp.post("/sittings/surprise/<uuid:draw_id>/<uuid:person_id>/excuse")
@requires(Action.EXCUSE_SURPRISE_CHECK, load=queries.pick)
def excuse_from_surprise(pick: PickLine, draw_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Excuse an officer from a surprise check."""
    form = ExcuseForm(request.form)
    if not form.validate():
        return _excuse_form(pick, form), 422
    try:
        with transaction():
            service.excuse(draw_id, person_id, reason=form.reason.data or "", now=clock.now())
    except DomainError as error:
        return _excuse_form(pick, form, error.translated(_)), 422
    flash(_("The officer is excused from this surprise check."))
    return redirect(url_for("checks.show_surprise"))


def _draws() -> str:
    current, quarters = rules.quarter_of(clock.today()), queries.quarters()
    form = QuarterForm(request.args)
    form.quarter.offer([("", ""), *((quarter, quarter) for quarter in quarters)])
    wanted = form.quarter.data if form.validate() else ""
    quarter = wanted or next(iter(quarters), current)
    page = pages.surprise_page(
        queries.draws(quarter),
        queries.by_country(quarter),
        _framework(),
        quarter=quarter,
        quarters=quarters,
        today=clock.today(),
        may_draw=current not in quarters,
    )
    return render(page)


def _own_country() -> str:
    country, quarter = actor().country, rules.quarter_of(clock.today())
    count = queries.count_picks(country, quarter)
    paged = paging.requested_page(count, PAGE)
    lines = queries.picks_of(country, quarter, offset=paged.offset)
    return render(
        pages.country_page(
            lines,
            accounts.names({line.person_id for line in lines}),
            _framework(),
            quarter=quarter,
            count=count,
            links=paged.links("checks.show_surprise"),
        )
    )


def _excuse_form(pick: PickLine, form: ExcuseForm, error: str = "") -> str:
    alias = accounts.names([pick.person_id]).get(pick.person_id, "")
    return render(pages.excuse_page(pick, alias, _framework(), form, error))


def _framework() -> Competencies:
    return catalogue.competencies() or Competencies()
