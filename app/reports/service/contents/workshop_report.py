"""The report of a workshop: aims, sessions, seats by country, attendance, passed by competency, lessons. No names."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext as _

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.competence.labels import competencies
from app.i18n import babel
from app.i18n.languages import country_name, current
from app.identity.queries import postings
from app.plan import labels
from app.plan.domain import cells as plan_cells
from app.plan.domain.cells import PlanCell
from app.reports.domain.document import Block, CellKind, ReportHeading, ReportParagraph, Row, Section, Table
from app.reports.domain.texts import AIMS, LESSONS
from app.reports.service.contents import before_and_after, indicators, notes, values, workshops as events
from app.reports.service.contents.completion import READER
from app.reports.service.contents.frame import ReportFrame
from app.workshops import labels as workshop_labels
from app.workshops.queries import afterwards, attendance, participants, report_figures, workshops
from app.workshops.shapes import WorkshopFacts

Score = tuple[UUID, str, Level, UUID]  # booking, competency, level, assessor


def sections(frame: ReportFrame) -> list[Section]:
    """Return aims and seats, attendance and results, evaluation and lessons. Raises NoResultFound without the event."""
    workshop = workshops.get(UUID(frame.request.subject))
    return [_aims(frame, workshop), _results(frame, workshop), _lessons(frame, workshop)]


def _aims(frame: ReportFrame, workshop: WorkshopFacts) -> Section:
    blocks: list[Block] = [ReportParagraph(text=_title(workshop)), indicators.comment(frame, AIMS), _sessions(workshop)]
    blocks.append(_seats(frame, workshop))
    title = _("Aims, sessions and seats")
    return Section(key=AIMS, title=title, sheet=values.sheet(_("Seats")), blocks=tuple(blocks))


def _title(workshop: WorkshopFacts) -> str:
    """Return code, title and days; the title only of an event that is open to all."""
    is_open = workshop.sensitivity is Sensitivity.UNRESTRICTED
    titles = workshops.titles(READER, [workshop.code], current()) if is_open else {}
    return _(
        "%(code)s %(title)s, %(days)s, %(country)s",
        code=workshop.code,
        title=titles.get(workshop.code, ""),
        days=babel.days(workshop.first_day, workshop.last_day),
        country=country_name(workshop.host_country) if workshop.host_country else _("Online"),
    )


def _sessions(workshop: WorkshopFacts) -> Table:
    rows = tuple(
        Row(
            cells=(
                values.text(labels.number(session.number)),
                values.text(workshop_labels.session_kind(session.kind)),
                values.day(session.day),
                values.text(f"{session.starts:%H:%M}–{session.ends:%H:%M}"),
            )
        )
        for session in workshop.sessions
    )
    columns = (
        values.column(_("Session")),
        values.column(_("Kind")),
        values.column(_("Day"), CellKind.DATE),
        values.column(_("Time")),
    )
    return Table(caption=_("Sessions"), columns=columns, rows=rows)


def _seats(frame: ReportFrame, workshop: WorkshopFacts) -> Table:
    people = events.without_protected(report_figures.seated([workshop.id])).get(workshop.id, set())
    counts = dict.fromkeys(frame.members, 0)
    for country in postings.countries(people, workshop.first_day).values() if people else ():
        counts[country] = counts.get(country, 0) + 1
    cells = {country: PlanCell(count) for country, count in counts.items()}
    shown = plan_cells.outside_table(cells)
    rows = [
        Row(cells=(values.text(country_name(code)), values.of_cell(shown[code], frame.suppressed)), code=code)
        for code in labels.in_alphabet(frame.members)
    ]
    total = values.of_cell(plan_cells.outside_total(plan_cells.total_of(cells)), frame.suppressed)
    rows.append(Row(cells=(values.text(_("All countries")), total), is_total=True))
    columns = (values.column(_("Country")), values.column(_("Seats"), CellKind.NUMBER))
    return Table(caption=_("Seats by country"), columns=columns, rows=tuple(rows))


def _results(frame: ReportFrame, workshop: WorkshopFacts) -> Section:
    blocks: list[Block] = [
        _attendance(frame, workshop),
        ReportHeading(text=_("Before and after")),
        before_and_after.block(frame, workshop),
        _passed(frame, workshop),
    ]
    title = _("Attendance and results")
    return Section(key="results", title=title, sheet=values.sheet(_("Results")), blocks=tuple(blocks))


def _attendance(frame: ReportFrame, workshop: WorkshopFacts) -> Table:
    """Return the attendance of each session."""
    hidden = events.protected()
    present, seated = defaultdict[UUID, int](int), defaultdict[UUID, int](int)
    for line in attendance.sessions_attended(workshop.id):
        if line.person_id not in hidden and line.attended is not None:
            seated[line.session_id] += 1
            present[line.session_id] += line.attended
    cells = {str(session.id): PlanCell(present[session.id], seated[session.id]) for session in workshop.sessions}
    shown = plan_cells.outside_table(cells)
    rows = tuple(
        Row(
            cells=(
                values.text(labels.number(session.number)),
                values.day(session.day),
                values.of_cell(shown[str(session.id)], frame.suppressed),
            )
        )
        for session in workshop.sessions
    )
    columns = (
        values.column(_("Session")),
        values.column(_("Day"), CellKind.DATE),
        values.column(_("Attended"), CellKind.PERCENT),
    )
    return Table(caption=_("Attendance"), columns=columns, rows=rows)


def _passed(frame: ReportFrame, workshop: WorkshopFacts) -> Table:
    """Return how many passed of those scored, by competency."""
    cells = _passed_cells(workshop)
    shown = plan_cells.outside_table(cells)
    framework = catalogue.competencies()
    names = {key: competencies.title(framework, key).text if framework else key for key in cells}
    rows = tuple(
        Row(cells=(values.text(names[key]), values.of_cell(shown[key], frame.suppressed)), code=key)
        for key in sorted(cells)
    )
    columns = (values.column(_("Competency")), values.column(_("Passed"), CellKind.PERCENT))
    return Table(caption=_("Passed by competency"), columns=columns, rows=rows)


def _passed_cells(workshop: WorkshopFacts) -> dict[str, PlanCell]:
    hidden, people = events.protected(), dict[tuple[str, UUID], bool]()
    for (booking_id, competency, _level, _assessor), (person_id, passed) in _newest_scores(workshop.id).items():
        if person_id not in hidden:
            people[competency, booking_id] = people.get((competency, booking_id), True) and passed
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (competency, _booking), passed in people.items():
        counts[competency][0] += passed
        counts[competency][1] += 1
    return {competency: PlanCell(passed, scored) for competency, (passed, scored) in counts.items()}


def _newest_scores(workshop_id: UUID) -> Mapping[Score, tuple[UUID, bool]]:
    """Return the officer of the newest scores of each assessor, and whether it reaches the mark of the rubric."""
    newest: dict[Score, tuple[UUID, bool]] = {}
    rubrics = catalogue.rubrics()
    for line in participants.scores_of_event(workshop_id):  # the earliest first
        rubric = rubrics.get(line.competency, line.level) if rubrics else None
        if rubric is not None:
            key = (line.booking_id, line.competency, line.level, line.assessor_id)
            newest[key] = (line.person_id, line.score >= rubric.mark)
    return newest


def _evaluation(frame: ReportFrame, workshop: WorkshopFacts) -> list[Block]:
    """Return response rate and mean answers of a closed evaluation; fewer than five answers are not shown."""
    dates = afterwards.dates(workshop.id)
    result = afterwards.evaluation_result(workshop.id, dates)
    if not result.asked:
        return [ReportParagraph(text=_("Not collected"))]
    if not result.is_closed:
        return [ReportParagraph(text=_("The evaluation is open. Its results appear when it is closed."))]
    answered = values.of_cell(plan_cells.outside_total(PlanCell(result.answered, result.asked)), frame.suppressed)
    rows = [Row(cells=(values.text(_("Participants who answered")), answered))]
    rows += [
        Row(cells=(values.text(str(workshop_labels.STATEMENTS[statement])), values.number(round(mean, 1), "score")))
        for statement, mean in result.means
    ]
    columns = (values.column(_("Statement")), values.column(_("Mean answer, 1 to 5"), CellKind.NUMBER))
    table = Table(caption=_("Evaluation by participants"), columns=columns, rows=tuple(rows))
    hidden = ReportParagraph(text=_("Fewer than five people answered. Their answers are not shown."), is_note=True)
    return [table] if result.is_shown else [table, hidden]


def _lessons(frame: ReportFrame, workshop: WorkshopFacts) -> Section:
    blocks: list[Block] = [
        ReportHeading(text=_("Evaluation")),
        *_evaluation(frame, workshop),
        ReportHeading(text=_("Lessons")),
        indicators.comment(frame, LESSONS),
        ReportParagraph(text=notes.suppressed_text(frame), is_note=True),
        ReportParagraph(text=notes.check_text(), is_note=True),
    ]
    title = _("Evaluation and lessons")
    return Section(key=LESSONS, title=title, sheet=values.sheet(_("Lessons")), blocks=tuple(blocks))
