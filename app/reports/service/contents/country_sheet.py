"""The country sheet: figures, completion, seats, forecast, next steps; exact for the own country, else as published."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator
from app.i18n.babel import joined, words as day_words
from app.identity.queries import postings
from app.learning.domain.completion import CompletionCounts, CompletionGroup
from app.learning.queries import completion as learning
from app.learning.queries.completion import CellAxis
from app.plan import labels
from app.plan.domain import cells as plan_cells
from app.plan.domain.cells import PlanCell, Published, Shown
from app.plan.domain.definitions import BY_HAND, MEANS, Collected, collected
from app.plan.domain.falls import DATED_RULES, quarter_ends_ahead
from app.plan.domain.sums import FigureSum
from app.plan.queries import figures, published
from app.reports.domain.document import (
    Block,
    Cell,
    CellKind,
    Items,
    ReportHeading,
    ReportParagraph,
    Row,
    Section,
    SignatureLines,
    Table,
)
from app.reports.domain.texts import NEXT_STEPS
from app.reports.service.contents import completion, countries, indicators, needs, notes, values, workshops
from app.reports.service.contents.frame import ReportFrame
from app.workshops.queries import report_figures

COUNTING = frozenset({"active_countries", "observed_countries"})  # with an own label for one country


def sections(frame: ReportFrame) -> list[Section]:
    """Return what was offered, used and reached, completion and forecast, next steps, and the notes."""
    parts = [_reached(frame), _completion(frame), _next_steps(frame)]
    note = ReportParagraph(text=_note(frame), is_note=True)
    check = ReportParagraph(text=notes.check_text(), is_note=True)
    last = Section(key="notes", title=_("Notes"), sheet=values.sheet(_("Notes")), blocks=(note, check), new_page=False)
    return [*parts, last]


def _note(frame: ReportFrame) -> str:
    if frame.request.is_exact:
        return _("The numbers are exact. They are for the contact points of this country.")
    return notes.suppressed_text(frame)


def _reached(frame: ReportFrame) -> Section:
    by_hand = figures.approved_values(frame.request.country, frame.day)
    earlier = figures.approved_values(frame.request.country, frame.compared) if frame.compared else {}
    rows = tuple(
        _row(frame, indicator, by_hand, earlier) for indicator in frame.plan.indicator if _has_country(frame, indicator)
    )
    then = [] if frame.compared is None else [values.column(labels.quarter(frame.compared), CellKind.NUMBER)]
    columns = (
        values.column(_("Indicator")),
        *then,
        values.column(labels.quarter(frame.day), CellKind.NUMBER),
        values.column(_("Target"), CellKind.NUMBER),
        values.column(_("Status"), CellKind.STATUS),
    )
    table = Table(caption=_("Indicators of the country"), columns=columns, rows=rows)
    title = _("What was offered, used and reached")
    return Section(
        key="reached", title=title, sheet=values.sheet(_("Summary")), blocks=(table, *_need(frame), *_needs(frame))
    )


def _need(frame: ReportFrame) -> list[Block]:
    """Return the number of officers in service."""
    without = frozenset[UUID]() if frame.request.is_exact else workshops.protected()
    groups = postings.serving_groups([frame.day], without)[frame.day]
    counts = dict.fromkeys(frame.members, 0)
    for group in groups:
        counts[group.country] = counts.get(group.country, 0) + group.count
    cell = _published(frame, {country: PlanCell(count) for country, count in counts.items()})
    return [ReportParagraph(text=_("Officers in service: %(n)s.", n=values.of_cell(cell, frame.suppressed).text))]


def _needs(frame: ReportFrame) -> list[Block]:
    shown = [indicator for indicator in frame.plan.indicator if _has_country(frame, indicator)]
    cells = {indicator.id: _cell(frame, indicator, frame.day) for indicator in shown}
    return needs.blocks(frame, {code: cell for code, cell in cells.items() if cell is not None})


def _published(frame: ReportFrame, cells: Mapping[str, PlanCell]) -> Published | None:
    """Return the cell of the country: exact for its own contact points, else as published with all others."""
    country = frame.request.country
    if frame.request.is_exact:
        return plan_cells.own_table({country: cells.get(country, PlanCell(0))})[country]
    return plan_cells.outside_table(cells).get(country)


def _has_country(frame: ReportFrame, indicator: Indicator) -> bool:
    totals = frame.totals(indicator, frame.day)
    if totals is None or collected(indicator) is Collected.NOT_YET or "country" not in indicator.split_by:
        return False
    return published.about_officers(indicator) or indicator.rule in BY_HAND


def _row(frame: ReportFrame, indicator: Indicator, by_hand: Mapping[str, float], earlier: Mapping[str, float]) -> Row:
    then = [] if frame.compared is None else [_figure(frame, indicator, frame.compared, earlier)]
    cells = (
        values.text(_title(frame, indicator)),
        *then,
        _figure(frame, indicator, frame.day, by_hand),
        countries.target_cell(indicator, frame.request.country),
        values.status(countries.status_of(frame, indicator, _cell(frame, indicator, frame.day), frame.request.country)),
    )
    return Row(cells=cells, code=indicator.id)


def _title(frame: ReportFrame, indicator: Indicator) -> str:
    """Return code and title; an indicator that counts countries has another title for one of them."""
    own = labels.part(frame.plan, indicator.id, "country_title").text if indicator.rule in COUNTING else ""
    return _("%(code)s %(title)s", code=indicator.id, title=own) if own else indicators.name(frame, indicator)


def _figure(frame: ReportFrame, indicator: Indicator, day: date, by_hand: Mapping[str, float]) -> Cell:
    if indicator.rule in BY_HAND:
        value = by_hand.get(indicator.id)
        return values.text(_("Not reported yet")) if value is None else values.number(value)
    cell = _cell(frame, indicator, day)
    return _with_ratio(values.of_cell(cell, frame.suppressed, indicator.unit), cell)


def _with_ratio(shown: Cell, cell: Published | None) -> Cell:
    """Return a percentage with the numbers behind it, if they are shown."""
    if not isinstance(cell, Shown) or cell.percent is None or not cell.of:
        return shown
    text = _("%(share)s (%(ratio)s)", share=shown.text, ratio=labels.ratio(cell.n, cell.of))
    return Cell(text=text, kind=shown.kind, value=shown.value)


def _cell(frame: ReportFrame, indicator: Indicator, day: date) -> Published | None:
    """Return the figure of the country, None for one entered by hand."""
    if indicator.rule in BY_HAND:
        return None
    return _exact(frame, indicator, day) if frame.request.is_exact else _outside(frame, indicator, day)


def _outside(frame: ReportFrame, indicator: Indicator, day: date) -> Published | None:
    table = None if indicator.rule in MEANS else countries.outside(frame, indicator, day)
    return None if table is None else table.cells.get(frame.request.country)


def _exact(frame: ReportFrame, indicator: Indicator, day: date) -> Published | None:
    totals = frame.totals(indicator, day)
    if totals is None:
        return None
    total = totals.cells.get(frame.request.country, FigureSum())
    if indicator.rule in MEANS:
        return Shown(None, None, total.numerator / total.denominator) if total.denominator else None
    return plan_cells.own_table({"": published.cell_of(indicator, total)})[""]


def _completion(frame: ReportFrame) -> Section:
    table = _by_role(frame) if frame.request.is_exact else _by_course(frame)
    first = table if table.rows else ReportParagraph(text=_("No course is required yet."))
    blocks: list[Block] = [first, ReportHeading(text=_("Seats")), ReportParagraph(text=_seats(frame))]
    blocks += [ReportHeading(text=_("Forecast")), *_forecast(frame)]
    title = _("Completion, seats and forecast")
    return Section(key="completion", title=title, sheet=values.sheet(_("Completion")), blocks=tuple(blocks))


def _by_course(frame: ReportFrame) -> Table:
    names, counted = completion.titles(), completion.by_course(frame)
    rows = tuple(
        Row(cells=(values.text(names.get(key, "")), values.of_cell(_published(frame, counted[key]), frame.suppressed)))
        for key in sorted(counted, key=lambda key: names.get(key, ""))
    )
    columns = (values.column(_("Course")), values.column(_("Completed"), CellKind.PERCENT))
    return Table(caption=_("Completion by course"), columns=columns, rows=rows)


def _by_role(frame: ReportFrame) -> Table:
    """Return completion of the own country by course and role, exactly."""
    axes = {CellAxis.COURSE, CellAxis.ROLE}
    country, groups = frame.request.country, (CompletionGroup.REQUIRED,)
    counts: dict[tuple[UUID, str], CompletionCounts] = defaultdict(CompletionCounts)
    for cell in learning.cells(frame.day, by=axes, countries=[country], groups=groups):
        if cell.course_id is not None:
            counts[cell.course_id, cell.role] += cell.counts
    names, roles = completion.titles(), labels.roles()
    rows = tuple(
        Row(
            cells=(
                values.text(names.get(course_id, "")),
                values.text(roles.get(role, role)),
                values.number(count.completed),
                values.number(count.need),
                values.number(count.overdue),
            )
        )
        for (course_id, role), count in sorted(counts.items(), key=lambda item: (names.get(item[0][0], ""), item[0][1]))
    )
    columns = (
        values.column(_("Course")),
        values.column(_("Role")),
        *(values.column(head, CellKind.NUMBER) for head in (_("Completed"), _("Needed"), _("Overdue"))),
    )
    return Table(caption=_("Completion by course and role"), columns=columns, rows=rows)


def _seats(frame: ReportFrame) -> str:
    """Return how many seats officers of the country had in events of the period."""
    ids = [line.id for line in report_figures.ended_between(frame.first_day, frame.day)]
    seated = report_figures.seated(ids)
    people = seated if frame.request.is_exact else workshops.without_protected(seated)
    cell = _published(frame, _seats_by_country(frame, [person for group in people.values() for person in group]))
    return _("Seats in events of the period: %(n)s.", n=values.of_cell(cell, frame.suppressed).text)


def _seats_by_country(frame: ReportFrame, seats: Sequence[UUID]) -> dict[str, PlanCell]:
    """Return the seats and the officers who have them by country; a person is listed once for each seat."""
    countries_of = postings.countries(set(seats), frame.day) if seats else {}
    counts = Counter(countries_of.get(person, "") for person in seats)
    officers = Counter(countries_of.get(person, "") for person in set(seats))
    return {country: PlanCell(counts[country], None, officers[country]) for country in {*frame.members, *counts}}


def _forecast(frame: ReportFrame) -> list[Block]:
    """Return the figures of the coming quarter ends in words."""
    sentences = []
    for indicator in frame.plan.indicator:
        if indicator.rule in DATED_RULES and _has_country(frame, indicator):
            parts = [_coming(frame, indicator, day) for day in quarter_ends_ahead(frame.day)]
            title = _title(frame, indicator)
            sentences.append(_("%(title)s: if nothing new is proven, %(figures)s.", title=title, figures=joined(parts)))
    return [Items(texts=tuple(sentences))] if sentences else [ReportParagraph(text=_("No forecast."))]


def _coming(frame: ReportFrame, indicator: Indicator, day: date) -> str:
    shown = values.of_cell(_cell(frame, indicator, day), frame.suppressed, indicator.unit)
    return _("%(n)s on %(day)s", n=shown.text, day=day_words(day))


def _next_steps(frame: ReportFrame) -> Section:
    signatures = SignatureLines(labels=(_("For the country"), _("For the secretariat")))
    blocks = (indicators.comment(frame, NEXT_STEPS), signatures)
    title = _("Agreed next steps")
    return Section(key=NEXT_STEPS, title=title, sheet=values.sheet(_("Next steps")), blocks=blocks)
