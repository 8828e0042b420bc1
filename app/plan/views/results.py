"""The plan, its outcomes, outputs and indicators, countries, capacity, checks."""

from itertools import takewhile
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
from app.plan.domain.cells import SMALLEST
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
from app.plan.views._shared import frame, lines_on, member, opens_rows, plan_on, read_asked


@bp.get("/plan", defaults=NONE)
@bp.get(f"/plan.{FILES}")
@requires(Action.SEE_PLAN)
def show_overview(form: str) -> ResponseReturnValue:
    """Show what is late, why and who acts next; outcomes, outputs, countries."""
    asked = read_asked()
    found = catalogue.numbered_plan(asked.on if asked.past else None)
    if found is None:
        return render_template("plan/none.html")
    number, plan = found
    history, shown = lines_on(plan, asked)
    if form:
        return send(form, "plan", lines.table(plan, shown))
    decides = allows(actor(), Action.DECIDE_FIGURE)
    page = overview.show(
        plan,
        shown,
        history,
        asked,
        opens_rows=opens_rows(),
        hands=figures.observations(state=ObservationState.PENDING) if decides else [],
        check=figures.newest_check() if allows(actor(), Action.SEE_CHECKS) else None,
    )
    links = {name: asked.link("plan.show_overview", form=name) for name in ("csv", "xlsx")}
    return render_template(
        "plan/plan.html",
        **frame(asked, number),
        **page,
        title=overview.title(plan),
        compare=asked.compare,
        compare_href=asked.link("plan.show_overview", **({} if asked.compare else {"compare": 1})),
        before=next((line.before[0] for line in shown if line.before), None),
        links=links
        | {"countries": asked.link("plan.countries_file", form="csv"), "capacity": asked.link("plan.capacity")},
        hands_href=url_for("plan.show_manual_figures")
        if allows(actor(), Action.ENTER_FIGURE, own_scope(actor()))
        else "",
        checks_href=asked.link("plan.checks") if allows(actor(), Action.SEE_CHECKS) else "",
        people_href=url_for("directory.show_people") if allows(actor(), Action.SEE_PEOPLE, own_scope(actor())) else "",
    )


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
    """Show how an indicator is counted, where it stands, its line over time and its cells."""
    asked = read_asked()
    number, plan = plan_on(asked)
    if code not in {one.id for one in plan.indicator}:
        raise NoResultFound
    history = figures.history(indicators.days(asked, plan), only=code)
    few = published.few(history, mine=asked.mine)
    [line] = [one for one in lines.read(plan, history, asked, few) if one.code == code]
    defined = history[asked.on][code].defined
    shown = indicators.show(plan, line, defined, history, asked, few, opens_rows=opens_rows())
    cells = _cells(plan, history[asked.published][code], asked)
    then = published.of_day(history, line.indicator, asked.published, few, mine=asked.mine)
    tables = indicators.cells_of(cells, line.indicator, then, asked, opens_rows=opens_rows())
    if form:
        return send(form, code, indicators.table(shown, tables))
    ahead = _forecast(line, history, asked)
    return render_template(
        "plan/indicator.html",
        **frame(asked, number),
        it=shown,
        tables=tables,
        trend=over_time.trend(shown, line, ahead, asked),
        capacity=_able(defined, asked),
        chips=asked.chips("plan.indicator", code=code),
        links={name: asked.link("plan.indicator", code=code, form=name, **_cut(asked)) for name in ("csv", "xlsx")},
        country=country_name(asked.country) if asked.country and not asked.mine else "",
    )


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
        one.defined.code: figures.people(
            one.defined, asked.published, "country", published.doubtful(one.defined, one.cells)
        )
        for one in counted
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
        **frame(asked, number),
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
    """Show for each competency who needs it, who is verified, who is likely able today."""
    asked = read_asked()
    number, _plan = plan_on(asked)
    found = competence.capacity(asked.on, today=asked.today, country=asked.mine)
    shown = capacities.rows(found, catalogue.competencies(), scope=capacities.scope_of(asked), guarded=_guards(asked))
    if form:
        return send(form, "capacity", capacities.table(shown))
    return render_template(
        "plan/capacity.html",
        **frame(asked, number),
        rows=shown,
        has_range=capacities.has_range(shown),
        links={name: asked.link("plan.capacity", form=name) for name in ("csv", "xlsx")},
    )


@bp.get("/plan/checks")
@requires(Action.SEE_CHECKS)
def checks() -> ResponseReturnValue:
    """Show what the last check of the figures found."""
    plan_href = url_for("plan.show_overview") if allows(actor(), Action.SEE_PLAN) else ""
    check = figures.newest_check()
    # sentences hold technical ids, and cells of any size: for whoever mends them alone
    told = check.told if check and allows(actor(), Action.SEE_OPERATIONS) else ()
    return render_template("plan/checks.html", check=check, told=told, plan_href=plan_href)


def _result(code: str, form: str, *, outcome: bool, wrong: NoteForm | None = None) -> ResponseReturnValue:
    asked = read_asked()
    number, plan = plan_on(asked)
    result = results.find(plan, code, outcome=outcome)
    if result is None:
        raise NoResultFound
    _history, shown = lines_on(plan, asked)
    if form:
        return send(form, code, lines.table(plan, lines.of(shown, code)))
    notes = figures.notes(code)
    aliases = accounts.names({one.written_by for one in notes})
    page = results.show(plan, result, shown, asked, opens_rows=opens_rows(), notes=notes, aliases=aliases)
    endpoint = "plan.outcome" if outcome else "plan.output"
    return render_template(
        "plan/result.html",
        **frame(asked, number),
        it=page,
        note_url=url_for("plan.note_outcome" if outcome else "plan.note_output", code=code)
        if allows(actor(), Action.WRITE_NOTE)
        else "",
        note=wrong or NoteForm(),
        submission=(wrong.submission.data if wrong else "") or uuid4().hex,
        links={name: asked.link(endpoint, code=code, form=name) for name in ("csv", "xlsx")},
    )


def _note(code: str, *, outcome: bool) -> ResponseReturnValue:
    form = NoteForm(request.form)
    plan = figures.plan_of()
    if plan is None or results.find(plan, code, outcome=outcome) is None:
        raise NoResultFound
    if not form.validate():
        return _result(code, "", outcome=outcome, wrong=form), 422  # type: ignore[return-value]
    with transaction():
        manual_figures.write_note(
            code, form.text.data, by=current_user.id, now=clock.now(), submission=form.submission.data or ""
        )
    flash(_("The note is saved with today's date. Everyone who sees the plan can read it."))
    return redirect(url_for("plan.outcome" if outcome else "plan.output", code=code, _anchor="notes"))


def _cut(asked: PlanFilter) -> dict[str, str]:
    return {} if asked.mine else asked.cut


def _cells(plan: Plan, counted: IndicatorTotals, asked: PlanFilter) -> list[indicators.Split]:
    """Return the cells that the reader may see on the published day, by each thing that the definition is cut by."""
    defined = counted.defined
    if collected(defined.indicator) is Collected.NOT_YET:
        return []
    found: list[indicators.Split] = []
    for split in indicators.splits(defined):
        if asked.mine and split == "country":
            continue
        by_country = split == "country"
        sums = counted.cells if by_country else figures.cells(defined, asked.published, split, country=asked.mine)
        few = frozenset() if asked.mine else published.doubtful(defined, sums)
        people = figures.people(defined, asked.published, split, few)
        # a country that has not reported has no figure: missing is not nought
        keys = () if defined.rule in BY_HAND else published.keys_of(split, defined.indicator, plan)
        whole = {**dict.fromkeys(keys, published.NOTHING), **sums}
        found.append((split, published.publish(defined.indicator, whole, people, own=bool(asked.mine))))
    return found


def _forecast(line: IndicatorLine, history: lines.History, asked: PlanFilter) -> list[tuple[Any, float]]:
    """Return what will stand at the coming quarter ends if nothing new comes; only verifications run out."""
    if line.indicator.rule not in VERIFIED or asked.past or _cut(asked):
        return []
    seen = [
        (day, published.headline(history[day].get(line.code), line.indicator, mine=asked.mine).value)
        for day in indicators.ahead(asked)
    ]
    return [(day, value) for day, value in takewhile(lambda one: one[1] is not None, seen) if value is not None]


def _able(defined: Defined, asked: PlanFilter) -> dict[str, Any] | None:
    """Return who is verified and who is likely able today in the competencies of a verified indicator."""
    if defined.rule not in VERIFIED:
        return None
    found = competence.capacity(asked.on, today=asked.today, country=asked.mine)
    core = defined.indicator.settings.get("core", ())
    rows = capacities.rows(
        found,
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
