"""The plan, its outcomes, outputs and indicators, countries, capacity, checks."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, allows, own_scope
from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue
from app.competence.queries import competencies as competence
from app.db.session import transaction
from app.i18n.languages import country_name
from app.identity.queries import people as accounts
from app.kernel import clock
from app.plan.domain.cells import SMALLEST, Published
from app.plan.domain.definitions import BY_HAND, Collected, Defined, collected
from app.plan.domain.observations import ObservationState
from app.plan.forms import NoteForm
from app.plan.pages import capacity as capacities
from app.plan.pages import country as countries
from app.plan.pages import indicator as indicators
from app.plan.pages import lines, members, over_time, overview, published, results
from app.plan.pages.files import FILES, NONE, send
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import IndicatorLine
from app.plan.pages.published import VERIFIED
from app.plan.queries import figures
from app.plan.service import manual_figures
from app.plan.shapes import IndicatorTotals
from app.plan.views._blueprint import bp
from app.plan.views._shared import frame, frame_values, lines_on, member, opens_rows, plan_on, read_asked
from app.web.pages import render


@bp.get("/plan", defaults=NONE)
@bp.get(f"/plan.{FILES}")
@requires(Action.SEE_PLAN)
def show_overview(form: str) -> ResponseReturnValue:
    """Show what is late, why and who acts next; outcomes, outputs, countries."""
    asked = read_asked()
    numbered = catalogue.numbered_plan(asked.on if asked.past else None)
    if numbered is None:
        return render(overview.NoPlanPage())
    number, plan = numbered
    history, indicator_lines = lines_on(plan, asked)
    if form:
        return send(form, "plan", lines.table(plan, indicator_lines))
    page = overview.show(
        plan,
        indicator_lines,
        history,
        asked,
        opens_rows=opens_rows(),
        hands=figures.observations(state=ObservationState.PENDING) if allows(actor(), Action.DECIDE_FIGURE) else [],
        check=figures.newest_check() if allows(actor(), Action.SEE_CHECKS) else None,
    )
    return render_template(
        "plan/plan.html",
        **frame_values(asked, number),
        **page,
        title=overview.title(plan),
        compare=asked.compare,
        compare_href=asked.link("plan.show_overview", **({} if asked.compare else {"compare": 1})),
        before=next((line.before[0] for line in indicator_lines if line.before), None),
        **_overview_links(asked),
    )


def _overview_links(asked: PlanFilter) -> Mapping[str, Any]:
    """Return the addresses of files and of neighbouring pages; empty for pages that the actor may not open."""
    enters = allows(actor(), Action.ENTER_FIGURE, own_scope(actor()))
    sees_people = allows(actor(), Action.SEE_PEOPLE, own_scope(actor()))
    return {
        "links": {
            "csv": asked.link("plan.show_overview", form="csv"),
            "xlsx": asked.link("plan.show_overview", form="xlsx"),
            "countries": asked.link("plan.countries_file", form="csv"),
            "capacity": asked.link("plan.capacity"),
        },
        "hands_href": url_for("plan.show_manual_figures") if enters else "",
        "checks_href": asked.link("plan.checks") if allows(actor(), Action.SEE_CHECKS) else "",
        "people_href": url_for("directory.show_people") if sees_people else "",
    }


@bp.get(f"/plan/countries.{FILES}")
@requires(Action.SEE_PLAN)
def countries_file(form: str) -> ResponseReturnValue:
    """Send the countries with their published numbers."""
    asked = read_asked()
    _number, plan = plan_on(asked)
    history = figures.history([asked.published])
    table = members.table(members.tiles(plan, history, asked), members.matrix(plan, history, asked))
    return send(form, "countries", table)


@bp.get("/plan/outcomes/<indicator:code>", defaults=NONE)
@bp.get(f"/plan/outcomes/<indicator:code>.{FILES}")
@requires(Action.SEE_PLAN)
def outcome(code: str, form: str) -> ResponseReturnValue:
    """Show an outcome: its indicators, what feeds it, notes."""
    return _result(code, form, outcome=True)


@bp.get("/plan/outputs/<indicator:code>", defaults=NONE)
@bp.get(f"/plan/outputs/<indicator:code>.{FILES}")
@requires(Action.SEE_PLAN)
def output(code: str, form: str) -> ResponseReturnValue:
    """Show an output: its indicators, what feeds it, notes."""
    return _result(code, form, outcome=False)


@bp.post("/plan/outcomes/<indicator:code>/notes")
@requires(Action.WRITE_NOTE)
def note_outcome(code: str) -> ResponseReturnValue:
    """Add a note to an outcome."""
    return _note(code, outcome=True)


@bp.post("/plan/outputs/<indicator:code>/notes")
@requires(Action.WRITE_NOTE)
def note_output(code: str) -> ResponseReturnValue:
    """Add a note to an output."""
    return _note(code, outcome=False)


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
    few = published.few(history, own=asked.mine)
    [line] = [line for line in lines.read(plan, history, asked, few) if line.code == code]
    defined = history[asked.on][code].defined
    details = indicators.show(plan, line, defined, history, asked, few, opens_rows=opens_rows())
    cells = _cells(plan, history[asked.published][code], asked)
    then = published.of_day(history, line.indicator, asked.published, few, own=asked.mine)
    tables = indicators.cells_of(cells, line.indicator, then, asked, opens_rows=opens_rows())
    if form:
        return send(form, code, indicators.table(details, tables))
    return render_template(
        "plan/indicator.html",
        **frame_values(asked, number),
        it=details,
        tables=tables,
        trend=over_time.trend(details, line, _forecast(line, history, asked), asked),
        capacity=_able(defined, asked),
        chips=asked.chips("plan.indicator", code=code),
        links={name: asked.link("plan.indicator", code=code, form=name, **_cut(asked)) for name in ("csv", "xlsx")},
        country="" if asked.mine else _country(asked),
    )


def _country(asked: PlanFilter) -> str:
    return country_name(asked.country) if asked.country else ""


@bp.get("/plan/countries/<country:country>", defaults=NONE)
@bp.get(f"/plan/countries/<country:country>.{FILES}")
@requires(Action.SEE_COUNTRY, of=member)
def country(country: str, form: str) -> ResponseReturnValue:
    """Show one country on one page, for a meeting."""
    asked = read_asked()
    number, plan = plan_on(asked)
    history = figures.history([asked.published])
    counted = [] if asked.mine else history[asked.published].values()
    people = {
        totals.defined.code: figures.people(
            totals.defined, asked.published, "country", published.doubtful(totals.defined, totals.cells)
        )
        for totals in counted
    }
    shown = countries.rows(plan, history, country, asked, people, opens_rows=opens_rows())
    able = capacities.rows(
        competence.capacity(asked.published, today=asked.today, country=country),
        catalogue.competencies(),
        scope=capacities.scope_of(asked, country),
        whole=[] if asked.mine else competence.capacity(asked.published, today=asked.today),
        fewest=SMALLEST,
        guarded=not asked.mine and country in published.places_guarded(),
    )
    if form:
        return send(form, f"country-{country}", countries.table(shown, able))
    return render_template(
        "plan/country.html",
        **frame_values(asked, number),
        name=country_name(country),
        rows=shown,
        capacity=able,
        own=bool(asked.mine),
        has_range=capacities.has_range(able),
        links={name: asked.link("plan.country", country=country, form=name) for name in ("csv", "xlsx")},
    )


@bp.get("/plan/capacity", defaults=NONE)
@bp.get(f"/plan/capacity.{FILES}")
@requires(Action.SEE_PLAN)
def capacity(form: str) -> ResponseReturnValue:
    """Show for each competency how many officers need it, are verified, are likely able today."""
    asked = read_asked()
    number, _plan = plan_on(asked)
    rows = capacities.rows(
        competence.capacity(asked.on, today=asked.today, country=asked.mine),
        catalogue.competencies(),
        scope=capacities.scope_of(asked),
        guarded=_guards(asked),
    )
    if form:
        return send(form, "capacity", capacities.table(rows))
    return render(
        capacities.CapacityPage(
            frame=frame(asked, number),
            rows=rows,
            has_range=capacities.has_range(rows),
            links={name: asked.link("plan.capacity", form=name) for name in ("csv", "xlsx")},
        )
    )


@bp.get("/plan/checks")
@requires(Action.SEE_CHECKS)
def checks() -> ResponseReturnValue:
    """Show the result of the last check of the figures."""
    check = figures.newest_check()
    # sentences contain technical ids, and cells of any size: only for operators
    sentences = check.told if check and allows(actor(), Action.SEE_OPERATIONS) else ()
    return render(
        overview.ChecksPage(
            check=check,
            sentences=sentences,
            plan_href=url_for("plan.show_overview") if allows(actor(), Action.SEE_PLAN) else "",
        )
    )


def _result(code: str, form: str, *, outcome: bool, note: NoteForm | None = None) -> ResponseReturnValue:
    asked = read_asked()
    number, plan = plan_on(asked)
    result = results.find(plan, code, outcome=outcome)
    if result is None:
        raise NoResultFound
    _history, indicator_lines = lines_on(plan, asked)
    if form:
        return send(form, code, lines.table(plan, lines.of(indicator_lines, code)))
    notes = figures.notes(code)
    aliases = accounts.names({entry.written_by for entry in notes})
    page = results.show(plan, result, indicator_lines, asked, opens_rows=opens_rows(), notes=notes, aliases=aliases)
    endpoint = "plan.outcome" if outcome else "plan.output"
    return render_template(
        "plan/result.html",
        **frame_values(asked, number),
        it=page,
        links={name: asked.link(endpoint, code=code, form=name) for name in ("csv", "xlsx")},
        **_note_form(code, note, outcome=outcome),
    )


def _note_form(code: str, note: NoteForm | None, *, outcome: bool) -> Mapping[str, Any]:
    """Return the form for a note, and its address if the actor may write one."""
    endpoint = "plan.note_outcome" if outcome else "plan.note_output"
    return {
        "note_url": url_for(endpoint, code=code) if allows(actor(), Action.WRITE_NOTE) else "",
        "note": note or NoteForm(),
        "submission": (note.submission.data if note else "") or uuid4().hex,
    }


def _note(code: str, *, outcome: bool) -> ResponseReturnValue:
    form = NoteForm(request.form)
    plan = figures.plan_of()
    if plan is None or results.find(plan, code, outcome=outcome) is None:
        raise NoResultFound
    if not form.validate():
        return _result(code, "", outcome=outcome, note=form), 422  # type: ignore[return-value]
    with transaction():
        manual_figures.write_note(
            code, form.text.data, by=current_user.id, now=clock.now(), submission=form.submission.data or ""
        )
    flash(_("The note is saved with today's date. Everyone who sees the plan can read it."))
    return redirect(url_for("plan.outcome" if outcome else "plan.output", code=code, _anchor="notes"))


def _cut(asked: PlanFilter) -> dict[str, str]:
    return {} if asked.mine else asked.cut


def _cells(plan: Plan, totals: IndicatorTotals, asked: PlanFilter) -> list[indicators.Split]:
    """Return the cells that the actor may see on the published day, by each split of the definition."""
    if collected(totals.defined.indicator) is Collected.NOT_YET:
        return []
    splits = [split for split in indicators.splits(totals.defined) if not asked.mine or split != "country"]
    return [(split, _published_cells(plan, totals, asked, split)) for split in splits]


def _published_cells(plan: Plan, totals: IndicatorTotals, asked: PlanFilter, split: str) -> Mapping[str, Published]:
    defined = totals.defined
    sums = totals.cells
    if split != "country":
        sums = figures.cells(defined, asked.published, split, country=asked.mine)
    few = frozenset() if asked.mine else published.doubtful(defined, sums)
    people = figures.people(defined, asked.published, split, few)
    # a country that has not reported has no figure: missing is not zero
    keys = () if defined.rule in BY_HAND else published.keys_of(split, defined.indicator, plan)
    whole = {**dict.fromkeys(keys, published.NOTHING), **sums}
    return published.publish(defined.indicator, whole, people, own=bool(asked.mine))


def _forecast(line: IndicatorLine, history: lines.History, asked: PlanFilter) -> list[tuple[date, float]]:
    """Return the figures of the coming quarter ends if nothing new comes; only verifications run out."""
    if line.indicator.rule not in VERIFIED or asked.past or _cut(asked):
        return []
    forecast = []
    for day in indicators.ahead(asked):
        value = published.headline(history[day].get(line.code), line.indicator, own=asked.mine).value
        if value is None:
            break
        forecast.append((day, value))
    return forecast


def _able(defined: Defined, asked: PlanFilter) -> dict[str, Any] | None:
    """Return who is verified and who is likely able today in the competencies of a verified indicator."""
    if defined.rule not in VERIFIED:
        return None
    capacity_lines = competence.capacity(asked.on, today=asked.today, country=asked.mine)
    core = defined.indicator.settings.get("core", ())
    rows = capacities.rows(
        capacity_lines,
        catalogue.competencies(),
        scope=capacities.scope_of(asked),
        only=core,
        fewest=SMALLEST,
        guarded=_guards(asked),
    )
    return {"rows": rows, "has_range": capacities.has_range(rows)}


def _guards(asked: PlanFilter) -> bool:
    """Say whether small numbers of the community leave out more, for somebody may be under threat."""
    return not asked.mine and bool(published.places_guarded())
