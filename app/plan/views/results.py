"""`/plan` with its outcomes, outputs, indicators, countries, capacity, and the result of the nightly check."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, CountryScope, allows
from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue
from app.competence.queries import competencies as competence
from app.competence.service import capacity as capacity_lines
from app.db.session import transaction
from app.i18n.languages import country_name
from app.identity.queries import people as accounts
from app.kernel import clock
from app.plan.domain.definitions import Collected, StoredDefinition, collected
from app.plan.forms import NoteForm
from app.plan.pages import (
    attention,
    capacity as capacities,
    country as countries,
    falls,
    forecasts,
    indicator as indicators,
    indicator_cells,
    lines,
    members,
    needs,
    over_time,
    overview,
    own_chain,
    results,
    tables,
)
from app.plan.pages.capacity import CapacityTable
from app.plan.pages.country import CountryLinks
from app.plan.pages.filters import PlanFilter
from app.plan.pages.indicator_cells import Split
from app.plan.pages.tables import PlanTable
from app.plan.queries import adjustments, figures, left_out, locks, need_texts, planned_needs, published
from app.plan.queries.published import VERIFIED
from app.plan.service import manual_figures
from app.plan.shapes import IndicatorTotals
from app.plan.views._blueprint import bp
from app.plan.views._shared import companions_of, frame, lines_on, member, plan_on, read_asked
from app.ports import PlanAttention, ports
from app.web.pages import render
from app.web.table_files import FILES, NONE, send_table


@bp.get("/plan", defaults=NONE)
@bp.get(f"/plan.{FILES}")
@requires(Action.SEE_PLAN)
def show_overview(form: str) -> ResponseReturnValue:
    """Show late indicators, outcomes, outputs and countries."""
    asked = read_asked()
    numbered = figures.numbered_plan(asked.on if asked.past else None)
    if numbered is None:
        return render(overview.NoPlanPage())
    number, plan = numbered
    history, indicator_lines = lines_on(plan, asked)
    if form:
        return send_table(form, "plan", lines.table(plan, indicator_lines))
    user = actor()
    page = overview.show(
        frame(asked, number, plan, history),
        indicator_lines,
        history,
        waiting=attention.waiting(user, asked),
        check=figures.newest_check() if allows(user, Action.SEE_CHECKS) else None,
        further=PlanAttention() if asked.past else ports().plan_attention(user),
    )
    return render(page)


@bp.get(f"/plan/countries.{FILES}")
@requires(Action.SEE_PLAN)
def countries_file(form: str) -> ResponseReturnValue:
    """Send the countries with their published numbers."""
    asked = read_asked()
    _number, plan = plan_on(asked)
    table = members.members(plan, figures.history({asked.published, asked.process_day}), asked)
    return send_table(form, "countries", members.table(table))


@bp.get("/plan/outcomes/<indicator:code>", defaults=NONE)
@bp.get(f"/plan/outcomes/<indicator:code>.{FILES}")
@requires(Action.SEE_PLAN)
def outcome(code: str, form: str) -> ResponseReturnValue:
    """Show an outcome: its indicators, outputs, activities and notes."""
    return _result(code, form, outcome=True)


@bp.get("/plan/outputs/<indicator:code>", defaults=NONE)
@bp.get(f"/plan/outputs/<indicator:code>.{FILES}")
@requires(Action.SEE_PLAN)
def output(code: str, form: str) -> ResponseReturnValue:
    """Show an output: its indicators, activities and notes."""
    return _result(code, form, outcome=False)


@bp.post("/plan/outcomes/<indicator:code>/notes", endpoint="note_outcome", defaults={"outcome": True})
@bp.post("/plan/outputs/<indicator:code>/notes", endpoint="note_output", defaults={"outcome": False})
@requires(Action.WRITE_NOTE)
def add_note(code: str, outcome: bool) -> ResponseReturnValue:
    """Add a note to an outcome or output."""
    form = NoteForm(request.form)
    plan = catalogue.plan()
    if plan is None or results.find(plan, code, outcome=outcome) is None:
        raise NoResultFound
    if not form.validate():
        return _result(code, "", outcome=outcome, note=form), 422  # type: ignore[return-value]
    with transaction():
        manual_figures.write_note(
            code, form.text.data, by=current_user.id, now=clock.now(), submission=form.submission.data or ""
        )
    flash(_("The note is saved with today's date. Everyone who sees the plan can read it."))
    return redirect(url_for(results.ENDPOINTS[outcome][0], code=code, _anchor="notes"))


@bp.get("/plan/indicators/<indicator:code>", defaults=NONE)
@bp.get(f"/plan/indicators/<indicator:code>.{FILES}")
@requires(Action.SEE_PLAN)
def indicator(code: str, form: str) -> ResponseReturnValue:
    """Show the definition of an indicator, its figure, its line over time and its cells."""
    asked = read_asked()
    number, plan = plan_on(asked)
    if code not in {indicator.id for indicator in plan.indicator}:
        raise NoResultFound
    history = figures.history(indicators.days(asked, plan), only=code)
    few = published.small_ratios(history, asked)
    read = [line for line in lines.read(plan, history, asked, few) if line.code == code]
    [line] = falls.marked(plan, read, history, asked)
    defined = history[asked.on][code].defined
    past = over_time.over_time(plan, history, line, asked, few)
    head = frame(asked, number, plan, history)
    cells = _cells(plan, history[asked.table_day(line.indicator.rule)][code], asked)
    need = needs.read(asked, planned_needs.agreed_needs) if need_texts.has_need(line.indicator) else None
    cell_tables = indicator_cells.cells_of(cells, line.indicator, asked, need, opens_rows=head.opens_rows)
    cell_tables += own_chain.tables_of(plan, defined, asked, opens_rows=head.opens_rows)
    if form:
        return send_table(form, code, indicators.table(code, past, cell_tables))
    page = indicators.show(
        head,
        line,
        defined,
        past=past,
        trend=over_time.trend(past, line, forecasts.read(line, history, asked), asked),
        tables=cell_tables,
        capacity=_capacity_of(defined, asked),
    )
    adjusted = adjustments.rows(locks.adjustments_of(code), history, few, asked)
    return render(
        replace(
            page,
            companions=companions_of(history[line.day][code].defined, line, asked, plan),
            own_chain_href=own_chain.shown_href(defined, asked, is_open=head.opens_rows),
            own_chain_today=own_chain.today_href(defined, asked),
            own_need=indicators.own_need(line.indicator, asked, need),
            adjustments=adjustments.sentences(adjusted, asked),
        )
    )


@bp.get("/plan/countries/<country:country>", defaults=NONE)
@bp.get(f"/plan/countries/<country:country>.{FILES}")
@requires(Action.SEE_COUNTRY, of=member)
def country(country: str, form: str) -> ResponseReturnValue:
    """Show the figures of a country on one page, for a meeting."""
    asked = read_asked()
    number, plan = plan_on(asked)
    history = figures.history({asked.published, asked.process_day})
    head = frame(asked, number, plan)
    values = figures.approved_values(country, asked.published)
    scope = CountryScope(country)
    links = CountryLinks(head.opens_rows, allows(head.actor, Action.SEE_TARGET, scope))
    need = needs.read(asked, partial(planned_needs.agreed_needs, country=country))
    shown = countries.rows(plan, history, country, asked, values=values, needs=need, opens=links)
    able = _capacity(asked, country=country, day=asked.published)
    if form:
        return send_table(form, f"country-{country}", countries.table(shown, able))
    return render(
        countries.CountryPage(
            frame=head,
            name=country_name(country),
            rows=shown,
            capacity=able,
            links=asked.file_links("plan.country", country=country),
            needs_href=_needs_href(country, scope),
        )
    )


def _needs_href(country: str, scope: CountryScope) -> str:
    may_see = allows(actor(), Action.SEE_PLANNED_NEEDS, scope)
    return url_for("plan.show_needs", country=country) if may_see else ""


@bp.get("/plan/capacity", defaults=NONE)
@bp.get(f"/plan/capacity.{FILES}")
@requires(Action.SEE_PLAN)
def capacity(form: str) -> ResponseReturnValue:
    """Show for each competency how many officers need it, are verified, are likely able today."""
    asked = read_asked()
    number, plan = plan_on(asked)
    table = _capacity(asked)
    if form:
        return send_table(form, "capacity", capacities.table(table))
    # competencies are summed each night and are no figures of the plan: a lock does not freeze them
    head = replace(frame(asked, number, plan), is_final=None)
    return render(
        capacities.CapacityPage(
            frame=head,
            table=table,
            links=asked.file_links("plan.capacity"),
            is_locked=locks.is_locked(asked.on),
        )
    )


@bp.get("/plan/checks")
@requires(Action.SEE_CHECKS)
def checks() -> ResponseReturnValue:
    """Show the result of the last check of the figures."""
    check = figures.newest_check()
    # the messages contain technical ids, and cells of any size: only for operators
    messages = check.messages if check and allows(actor(), Action.SEE_OPERATIONS) else ()
    return render(
        overview.ChecksPage(
            check=check,
            messages=messages,
            plan_href=url_for("plan.show_overview") if allows(actor(), Action.SEE_PLAN) else "",
        )
    )


def _result(code: str, form: str, *, outcome: bool, note: NoteForm | None = None) -> ResponseReturnValue:
    asked = read_asked()
    number, plan = plan_on(asked)
    result = results.find(plan, code, outcome=outcome)
    if result is None:
        raise NoResultFound
    history, indicator_lines = lines_on(plan, asked)
    if form:
        return send_table(form, code, lines.table(plan, lines.indicators_of(indicator_lines, code)))
    notes = figures.notes(code)
    page = results.show(
        frame(asked, number, plan, history),
        result,
        indicator_lines,
        notes=notes,
        aliases=accounts.names({note.written_by for note in notes}),
        form=note or NoteForm(),
    )
    return render(page)


def _cells(plan: Plan, totals: IndicatorTotals, asked: PlanFilter) -> list[Split]:
    """Return the tables that the actor may see, by each split of the definition."""
    if collected(totals.defined.indicator) in {Collected.NOT_YET, Collected.INTERIM}:
        return []
    splits = [split for split in indicators.splits(totals.defined) if not asked.own_country or split != "country"]
    return [(split, _table(plan, totals, asked, split)) for split in splits]


def _table(plan: Plan, totals: IndicatorTotals, asked: PlanFilter, split: str) -> PlanTable:
    defined, sums = totals.defined, totals.cells
    day = asked.table_day(defined.rule)
    if split != "country":
        among = published.countries_counted(defined.rule, asked)
        sums = figures.cells(defined, day, split, country=asked.own_country, among=among)
    return tables.read(plan, defined, sums, asked, split=split, day=day)


def _capacity_of(defined: StoredDefinition, asked: PlanFilter) -> CapacityTable | None:
    """Return the officers verified and likely able today in the competencies of an indicator of verification."""
    if defined.rule not in VERIFIED:
        return None
    return _capacity(asked, only=defined.indicator.settings.get("core", ()))


def _capacity(
    asked: PlanFilter, *, country: str = "", day: date | None = None, only: Collection[str] = ()
) -> CapacityTable:
    """Return the numbers of the own country, of another country, or of all countries."""
    framework = catalogue.competencies()
    if asked.own_country:
        own = competence.capacity(asked.on, today=asked.today, country=asked.own_country)
        return capacities.capacity_table(own, framework, asked.reader, only=only)
    by_country = capacity_lines.by_country(day or asked.outside_day, left_out.protected_people())
    shown = by_country.get(country, [])
    return capacities.capacity_table(shown, framework, asked.reader, country=country, by_country=by_country, only=only)
