"""`/plan/indicators/<code>/rows`, `/plan/records/<number>`: records behind a figure, evidence; views are audited."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.catalogue.domain.references.plan import Plan
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.plan import labels
from app.plan.domain.cells import HIDDEN, Hidden
from app.plan.domain.definitions import MEANS, SHARES, StoredDefinition
from app.plan.domain.figures import figure, total
from app.plan.domain.readers import VERIFIED_RULES
from app.plan.domain.rules import OWN_CHAIN
from app.plan.pages import records, tables
from app.plan.pages.evidence import event_ids
from app.plan.pages.filters import PlanFilter
from app.plan.pages.frame import Frame
from app.plan.queries import evidence, figures, published
from app.plan.service import manual_figures
from app.plan.shapes import CountedRecord
from app.plan.views._blueprint import bp
from app.plan.views._shared import VisibleRecord, frame, plan_on, read_asked, visible_record
from app.ports import ports
from app.web.pages import render
from app.web.table_files import FILES, NONE, Row, send_table
from app.workshops.queries import workshops

PORTION = 1000  # records read at once for a file


@bp.get("/plan/indicators/<indicator:code>/rows", defaults=NONE)
@bp.get(f"/plan/indicators/<indicator:code>/rows.{FILES}")
@requires(Action.SEE_ROWS, of=own_scope)
def rows(code: str, form: str) -> ResponseReturnValue:
    """Show the records behind a number: by alias of the own country, by number alone across borders."""
    asked = read_asked()
    number, plan = plan_on(asked)
    if code not in {indicator.id for indicator in plan.indicator}:
        raise NoResultFound
    selection = _select(plan, code, asked)
    _record_view(selection, asked, form)
    if form:
        return send_table(form, f"{code}-rows", _table(selection, asked))
    return render(_records_page(selection, plan, asked, frame(asked, number, plan)))


def _select(plan: Plan, code: str, asked: PlanFilter) -> records.Selection:
    """Return the records that an address selects, as far as the actor may see them."""
    defined = figures.definition(code, asked.on)
    if asked.own_chain:
        return _own_chain(defined, asked)
    cut, day = _cut(defined, asked)
    defined = defined if day == asked.on else figures.definition(code, day)
    total, shown = _number(plan, defined, cut, day, asked)
    listed = shown and _is_listed(defined, cut, asked)
    is_counted = listed or (shown and _is_counted(defined, cut))
    count = figures.count_rows(defined, day, **_scope(defined, cut, asked)) if is_counted else None
    return records.Selection(defined, cut, day, total, shown, listed, count)


def _own_chain(defined: StoredDefinition, asked: PlanFilter) -> records.Selection:
    """Return the records of officers whom the own chain alone watched: of all countries, or of the own one.

    Raises NoResultFound for figures that count no verifications.
    """
    if defined.rule not in VERIFIED_RULES:
        raise NoResultFound
    cut, day = _cut(defined, asked)
    defined = defined if day == asked.on else figures.definition(defined.code, day)
    count = figures.count_rows(defined, day, **_scope(defined, cut, asked))
    return records.Selection(defined, cut, day, labels.number(count), shown=True, listed=True, count=count)


def _is_counted(defined: StoredDefinition, cut: Mapping[str, str]) -> bool:
    """Return whether the number of records is shown: behind a rounded ratio it would reveal the ratio itself."""
    return defined.rule not in SHARES and not (cut and published.about_officers(defined.indicator))


def _record_view(selection: records.Selection, asked: PlanFilter, form: str) -> None:
    """Record the view in the audit log, and count a file with names towards the daily limit of exports."""
    defined, listed = selection.defined, selection.listed
    with transaction():
        if form and listed and records.shows_people(defined, asked):
            # the limit applies to all files of a day, of other packages too: above it, a second person must approve
            officers = figures.count_officers(defined, selection.day, **selection.cut)
            ports().export_limit(actor(), officers, clock.real_now())
        manual_figures.record_rows_seen(
            defined.code,
            country=asked.own_country,
            form=form or "page",
            rows=(selection.count or 0) if listed else 0,
            now=clock.now(),
        )


def _records_page(selection: records.Selection, plan: Plan, asked: PlanFilter, head: Frame) -> records.RecordsPage:
    defined = selection.defined
    code = defined.code
    is_by_country = defined.rule == "active_countries"
    return records.RecordsPage(
        frame=head,
        selection=selection,
        records=_record_list(selection, asked),
        code=code,
        title=labels.plan_title(plan, code),
        href=asked.link("plan.indicator", code=code),
        officers=defined.indicator.settings.get("officers", 1) if is_by_country else 0,
        chips=asked.chips("plan.rows", code=code),
        links=asked.file_links("plan.rows", code=code, **asked.chosen_cut),
    )


def _record_list(selection: records.Selection, asked: PlanFilter) -> records.RecordList:
    """Return a page of the records, empty unless they may be listed."""
    defined, day = selection.defined, selection.day
    page: list[CountedRecord] = []
    if selection.listed:
        scope = _scope(defined, selection.cut, asked)
        page = figures.rows(defined, day, **scope, after=asked.after, size=records.PAGE + 1)
    page, more = page[: records.PAGE], len(page) > records.PAGE
    aliases = accounts.names({row.person_id for row in page if row.person_id}) if asked.own_country else {}
    return records.listing(page, asked, defined, aliases=aliases, more=more)


@bp.get("/plan/records/<small:number>")
@requires(Action.SEE_ROWS, load=visible_record)
def record(visible: VisibleRecord, number: int) -> ResponseReturnValue:
    """Show the evidence behind a record."""
    asked = read_asked()
    version, plan = plan_on(asked)
    row = visible.record
    if not _may_open(plan, row, asked):
        raise NoResultFound
    alias = ""
    if asked.own_country and row.person_id and row.country == asked.own_country:
        alias = accounts.names([row.person_id]).get(row.person_id, "")
    chain = list(evidence.evidence_for(row))
    events = workshops.readable(actor(), event_ids(chain))
    with transaction():
        manual_figures.record_rows_seen(row.code, country=asked.own_country, form="record", rows=1, now=clock.now())
    return render(
        records.RecordPage(
            frame=frame(asked, version, plan),
            record=records.record(row, chain, asked, alias=alias, events=events),
            code=row.code,
            title=labels.plan_title(plan, row.code),
            href=asked.link("plan.indicator", code=row.code),
            rows_href=asked.link("plan.rows", code=row.code),
        )
    )


def _cut(defined: StoredDefinition, asked: PlanFilter) -> tuple[dict[str, str], date]:
    """Return the filters of the records, and their day.

    A contact point sees officers and reports of the own country only; courses and events are the same for all users.
    A coordinator sees records of officers as of the end of a month: the day of a change would tell whose it is.
    """
    if (
        asked.own_country
        and not published.about_officers(defined.indicator)
        and not published.by_countries(defined.indicator)
    ):
        return asked.chosen_cut, asked.on
    if asked.cut:
        return asked.cut, asked.table_day(defined.rule)
    return {}, _record_day(defined, asked)


def _scope(defined: StoredDefinition, cut: Mapping[str, str], asked: PlanFilter) -> Mapping[str, str | frozenset[str]]:
    """Return the filters of a query of records: process counts for coordinators leave out countries without consent."""
    among = published.countries_counted(defined.rule, asked)
    scope: dict[str, str | frozenset[str]] = dict(cut) if among is None else {"country": among} | dict(cut)
    return scope | ({"thing": OWN_CHAIN} if asked.own_chain else {})


def _record_day(defined: StoredDefinition, asked: PlanFilter) -> date:
    return asked.published if published.about_officers(defined.indicator) else asked.on


def _is_listed(defined: StoredDefinition, cut: dict[str, str], asked: PlanFilter) -> bool:
    """Return whether records may be listed: across borders two filtered lists could identify an officer."""
    return bool(asked.own_country) or not cut or not published.about_officers(defined.indicator)


def _may_open(plan: Plan, row: CountedRecord, asked: PlanFilter) -> bool:
    """Return whether a record belongs to a number that is shown, because record numbers can be guessed."""
    if asked.own_country or row.person_id is None:
        return True
    defined = figures.definition(row.code, asked.published)
    day = _record_day(defined, asked)
    counts = row.since <= day <= (row.until or day) and row.version == defined.version
    return counts and _is_agreed(defined, row, asked) and _number(plan, defined, {}, day, asked)[1]


def _is_agreed(defined: StoredDefinition, row: CountedRecord, asked: PlanFilter) -> bool:
    among = published.countries_counted(defined.rule, asked)
    return among is None or row.country in among


def _number(
    plan: Plan, defined: StoredDefinition, cut: dict[str, str], day: date, asked: PlanFilter
) -> tuple[str, bool]:
    """Return the selected number, and whether its records may be opened: not when it is not published."""
    if cut and not asked.own_country:
        return _cell(plan, defined, cut, day, asked)
    if asked.own_country and cut:
        return _own(defined, cut, day), True
    history = figures.history([day], only=defined.code)
    few = published.small_ratios(history, asked)
    headline = published.of_day(history, defined.indicator, day, few, asked)
    return headline.text, not headline.hidden


def _cell(plan: Plan, defined: StoredDefinition, cut: dict[str, str], day: date, asked: PlanFilter) -> tuple[str, bool]:
    """Return the number of a cell across borders in words, and whether it is shown."""
    [(split, key)] = cut.items()
    among = published.countries_counted(defined.rule, asked) if split != "country" else None
    sums = figures.cells(defined, day, split, among=among)
    table = tables.read(plan, defined, sums, asked, split=split, day=day)
    cell = table.cells.get(key, HIDDEN)
    return table.text(key), not isinstance(cell, Hidden)


def _own(defined: StoredDefinition, cut: dict[str, str], day: date) -> str:
    whole = total(figures.cells(defined, day, "country", **cut))
    if defined.rule in MEANS:
        mean = figure(defined.rule, defined.indicator.unit, {}, {"": whole})
        return "" if mean is None else labels.number(mean, defined.indicator.unit)
    if defined.rule in SHARES:
        return labels.ratio(whole.numerator, whole.denominator)
    return labels.number(whole.numerator)


def _table(selection: records.Selection, asked: PlanFilter) -> tuple[Row, Iterator[Row]]:
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    defined, day, cut = selection.defined, selection.day, selection.cut
    scope = _scope(defined, cut, asked)
    portions = _portions(
        app,
        str(get_locale()),
        defined,
        asked,
        lambda after: figures.rows(defined, day, **scope, after=after, size=PORTION),
    )
    return records.heads(defined, asked), portions if selection.listed else iter(())


def _portions(
    app: Flask, locale: str, defined: StoredDefinition, asked: PlanFilter, read: Callable[[int], list[CountedRecord]]
) -> Iterator[Row]:
    """Yield all records, a portion at a time: memory stays flat, and no reading lasts longer than a portion."""
    after = 0
    portion: list[Row] = [()]
    while portion:
        with app.app_context(), force_locale(locale):
            rows = read(after)
            people = {row.person_id for row in rows if row.person_id}
            aliases = accounts.names(people) if records.shows_people(defined, asked) else {}
            roles = labels.roles()
            portion = [records.file_row(row, defined, asked, aliases, roles) for row in rows]
        yield from portion
        after = rows[-1].number if rows else after
