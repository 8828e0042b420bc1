"""What is behind a number: its records, and the evidence behind a record."""

from collections.abc import Callable, Iterator
from datetime import date

from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires, thing
from app.access.policy import Action, own_scope
from app.catalogue.domain.references.plan import Plan
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.plan import labels
from app.plan.domain.cells import Shown
from app.plan.domain.definitions import SHARES, Defined
from app.plan.domain.figures import Sum, total
from app.plan.pages import published, records
from app.plan.pages.files import FILES, NONE, send
from app.plan.pages.filters import PlanFilter
from app.plan.queries import evidence, figures
from app.plan.service import manual_figures
from app.plan.shapes import Row as Record
from app.plan.views._blueprint import bp
from app.plan.views._shared import frame, plan_on, read_asked, visible_record
from app.ports import ports
from app.web.table_files import Row

PORTION = 1000  # records read at once for a file


@bp.get("/plan/indicators/<indicator:code>/rows", defaults=NONE)
@bp.get(f"/plan/indicators/<indicator:code>/rows.{FILES}")
@requires(Action.SEE_ROWS, of=own_scope)
def rows(code: str, form: str) -> ResponseReturnValue:
    """Show the records behind a number: by alias of the own country, by number alone across borders."""
    asked = read_asked()
    number, plan = plan_on(asked)
    if code not in {one.id for one in plan.indicator}:
        raise NoResultFound
    defined = figures.definition(code, asked.on)
    cut, day = _cut(defined, asked)
    defined = defined if day == asked.on else figures.definition(code, day)
    said, shown = _number(plan, defined, cut, day, asked)
    listed = shown and _is_listed(defined, cut, asked)
    # how many stand behind a rounded share would tell the share itself
    count = figures.count_rows(defined, day, **cut) if listed or (shown and defined.rule not in SHARES) else None
    with transaction():
        if form and listed and records.shows_people(defined, asked):
            # together with the files of other rooms, all of a day (security S9)
            ports().export_limit(actor(), figures.count_officers(defined, day, **cut), clock.real_now())
        manual_figures.record_rows_seen(
            code, country=asked.mine, form=form or "page", rows=(count or 0) if listed else 0, now=clock.now()
        )
    if form:
        return send(form, f"{code}-rows", _table(defined, asked, cut, day, listed=listed))
    found = figures.rows(defined, day, **cut, after=asked.after, size=records.PAGE + 1) if listed else []
    page, more = found[: records.PAGE], len(found) > records.PAGE
    aliases = accounts.names({one.person_id for one in page if one.person_id}) if asked.mine else {}
    return render_template(
        "plan/rows.html",
        **frame(asked, number),
        **records.listing(page, asked, defined, aliases=aliases, more=more),
        code=code,
        title=labels.said(plan, code),
        href=asked.link("plan.indicator", code=code),
        day=day,
        shown=shown,
        listed=listed,
        count=count,
        total=said,
        officers=defined.indicator.settings.get("officers", 1) if defined.rule == "active_countries" else 0,
        chips=asked.chips("plan.rows", code=code),
        links={name: asked.link("plan.rows", code=code, form=name, **_kept(asked)) for name in ("csv", "xlsx")},
    )


@bp.get("/plan/records/<small:number>")
@requires(Action.SEE_ROWS, of=visible_record)
def record(number: int) -> ResponseReturnValue:
    """Show the evidence behind a record."""
    asked = read_asked()
    version, plan = plan_on(asked)
    found: Record = thing().record
    if not _may_open(plan, found, asked):
        raise NoResultFound
    alias = ""
    if asked.mine and found.person_id and found.country == asked.mine:
        alias = accounts.names([found.person_id]).get(found.person_id, "")
    with transaction():
        manual_figures.record_rows_seen(found.code, country=asked.mine, form="record", rows=1, now=clock.now())
    return render_template(
        "plan/record.html",
        **frame(asked, version),
        it=records.one(found, evidence.chain(found), asked, alias=alias),
        code=found.code,
        title=labels.said(plan, found.code),
        href=asked.link("plan.indicator", code=found.code),
        rows_href=asked.link("plan.rows", code=found.code),
    )


def _kept(asked: PlanFilter) -> dict[str, str]:
    return {name: value for name, value in asked.cut.items() if not (asked.mine and name == "country")}


def _cut(defined: Defined, asked: PlanFilter) -> tuple[dict[str, str], date]:
    """Return what narrows the records, and the day: that of the published cells when something does.

    To a contact point records of officers and what countries reported are those of the own country; what happened or
    was made is the same to all.
    """
    if asked.mine and not published.about_officers(defined.indicator) and not published.by_countries(defined.indicator):
        return _kept(asked), asked.on
    return asked.cut, asked.published if asked.cut else asked.on


def _is_listed(defined: Defined, cut: dict[str, str], asked: PlanFilter) -> bool:
    """Say whether records may be listed: across borders two lists by two things would tell officers apart."""
    return bool(asked.mine) or not cut or not published.about_officers(defined.indicator)


def _may_open(plan: Plan, row: Record, asked: PlanFilter) -> bool:
    """Say whether a record is one of those behind a number that is shown: numbers could be tried one by one."""
    if asked.mine or row.person_id is None:
        return True
    defined = figures.definition(row.code, asked.on)
    counts = row.since <= asked.on <= (row.until or asked.on) and row.version == defined.version
    return counts and _number(plan, defined, {}, asked.on, asked)[1]


def _number(plan: Plan, defined: Defined, cut: dict[str, str], day: date, asked: PlanFilter) -> tuple[str, bool]:
    """Return the number that was pressed, and whether its records may be opened: not when it is not published."""
    if cut and not asked.mine:
        [(split, key)] = cut.items()
        sums = figures.cells(defined, day, split)
        people = figures.people(defined, day, split, published.doubtful(defined, sums))
        keys = published.keys_of(split, defined.indicator, plan)
        whole = {**dict.fromkeys(keys, published.NOTHING), **sums}
        seen = published.publish(defined.indicator, whole, people, own=False).get(key)
        return (published.text(seen), True) if isinstance(seen, Shown) else ("", False)
    if asked.mine and cut:
        return _own(defined, cut, day), True
    history = figures.history([day], only=defined.code)
    few = published.few(history, mine=asked.mine)
    told = published.of_day(history, defined.indicator, day, few, mine=asked.mine)
    return told.text, not told.hidden


def _own(defined: Defined, cut: dict[str, str], day: date) -> str:
    found = total(figures.cells(defined, day, "country", **cut))
    return _of(found) if defined.rule in SHARES else labels.number(found.numerator)


def _of(found: Sum) -> str:
    return _("%(n)s of %(of)s", n=labels.number(found.numerator), of=labels.number(found.denominator))


def _table(
    defined: Defined, asked: PlanFilter, cut: dict[str, str], day: date, *, listed: bool
) -> tuple[Row, Iterator[Row]]:
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    portions = _portions(
        app,
        str(get_locale()),
        defined,
        asked,
        lambda after: figures.rows(defined, day, **cut, after=after, size=PORTION),
    )
    return records.heads(defined, asked), portions if listed else iter(())


def _portions(
    app: Flask, locale: str, defined: Defined, asked: PlanFilter, read: Callable[[int], list[Record]]
) -> Iterator[Row]:
    """Yield all records, a portion at a time: memory stays flat, and no reading lasts longer than a portion."""
    after = 0
    portion: list[Row] = [()]
    while portion:
        with app.app_context(), force_locale(locale):
            found = read(after)
            people = {one.person_id for one in found if one.person_id}
            aliases = accounts.names(people) if records.shows_people(defined, asked) else {}
            roles = labels.roles()
            portion = [records.file_row(one, defined, asked, aliases, roles) for one in found]
        yield from portion
        after = found[-1].number if found else after
