"""Targets, planned needs, sheets of values and reports of a busy academy, in the states of pages."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from flask_babel import force_locale

from app.access.policy import Actor, Role
from app.db.session import db, transaction
from app.kernel import clock
from app.plan.domain.planned_needs import NewPlannedNeed
from app.plan.domain.sheet_formats import FORMATS
from app.plan.domain.targets import NewTarget, TargetCell, TargetOpinion
from app.plan.domain.value_sheets import EnteredRow, Key, SheetKind
from app.plan.queries import value_sheets as sheet_queries
from app.plan.service import planned_needs, targets, value_sheets
from app.reports.domain.donors import NewDonorLine
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind, ReportRequest
from app.reports.domain.schedules import SchedulePeriod
from app.reports.queries.texts import ReportKey
from app.reports.service import donors, making, runs, schedules, texts
from app.reports.service.schedules import NewSchedule

COUNTRY, CODE, YEAR = "IQ", "OP2.1", "2028"
QUARTER = date(2026, 12, 31)
PDF = b"%PDF-1.7\nminutes of a meeting\n%%EOF\n"
DAY = timedelta(days=1)


def make(people: Mapping[str, UUID]) -> dict[str, str]:
    """Write values of every kind; return ids by what they are."""
    _targets(people)
    _needs(people)
    ids = _sheets(people) | _reports(people)
    db.session.rollback()
    return ids


def _targets(people: Mapping[str, UUID]) -> None:
    """Agree to a target of the community and of a country, which another version waits to replace; draft a third."""
    by, other = people["coordinator"], people["second coordinator"]
    for country, value in (("", 90.0), (COUNTRY, 20.0)):
        target_id = _target(country, value, by=by)
        with transaction():
            targets.agree_target(target_id, by=other, now=clock.now())
    waiting = _target(COUNTRY, 25.0, by=by)
    with transaction():
        text = "We can train twenty officers, not more."
        targets.note_target(waiting, TargetOpinion.OBJECTION, text, by=people["contact point"], now=clock.now())
    _target("BG", 15.0, by=by, is_draft=True)


def _target(country: str, value: float, *, by: UUID, is_draft: bool = False) -> UUID:
    reason = "Agreed in the meeting of February."
    new = NewTarget(cell=TargetCell(CODE, country, YEAR), value=value, second=None, reason=reason, valid_from=None)
    with transaction():
        return targets.propose_target(new, by=by, now=clock.now(), is_draft=is_draft)


def _needs(people: Mapping[str, UUID]) -> None:
    """Agree to the need of a role and replace it, and let that of another role wait."""
    agreeing = Actor(people["coordinator"], "BG", frozenset({Role.COORDINATOR}))
    for role, value, is_agreed in (
        ("first_responder", 120, True),
        ("first_responder", 140, True),
        ("investigator", 30, False),
    ):
        new = NewPlannedNeed(
            country=COUNTRY, role=role, value=value, day=clock.today() - DAY, source="Order 17 of the border police"
        )
        with transaction():
            need_id = planned_needs.propose_need(new, by=people["contact point"], now=clock.now())
        if is_agreed:
            with transaction():
                planned_needs.agree_need(need_id, by=agreeing, now=clock.now())


def _sheets(people: Mapping[str, UUID]) -> dict[str, str]:
    """Check a sheet with wrong rows and a right one of each author; write one, and write and undo another."""
    coordinator = Actor(people["coordinator"], "BG", frozenset({Role.COORDINATOR}))
    contact = Actor(people["contact point"], COUNTRY, frozenset({Role.CONTACT_POINT}))
    reason = {"second": "", "reason": "Agreed in the meeting of February."}
    ids = {
        "wrong values": _check(
            coordinator,
            SheetKind.TARGETS,
            [
                ((CODE, "BG", "2029"), {"value": "30", **reason}),
                ((CODE, "IQ", "2029"), {"value": "-5", **reason}),
                ((CODE, "FR", "2029"), {"value": "30.5", "second": "", "reason": ""}),
                (("OP9.9", "IQ", "2029"), {"value": "30", **reason}),
            ],
        ),
        "right values": _check(
            coordinator,
            SheetKind.FIGURES,
            [(("OC2.3", "BG", "2026-12-31"), {"value": "12", "source": "Form 3", "explanation": ""})],
        ),
        "wrong completions": _check(
            contact,
            SheetKind.COMPLETIONS,
            [(("Unknown officer", "M01"), {"value": "2026-05-04", "proof": "certificate", "note": ""})],
        ),
    }
    for name, role, is_undone in (("written values", "victim_liaison", False), ("undone values", "trainer", True)):
        row = ((COUNTRY, role), {"value": "12", "source_day": "2026-12-01", "source": "Order 18"})
        sheet_id = _check(contact, SheetKind.NEEDS, [row])
        with transaction():
            value_sheets.write(contact, UUID(sheet_id), document=PDF, now=clock.now())
        batch_id = sheet_queries.batch_of(contact, UUID(sheet_id))
        db.session.rollback()
        assert batch_id is not None
        if is_undone:
            with transaction():
                value_sheets.undo(contact, batch_id, now=clock.now())
        ids[name] = str(batch_id)
    return ids


def _check(by: Actor, kind: SheetKind, rows: Sequence[tuple[Key, Mapping[str, str]]]) -> str:
    entered = [EnteredRow(number, key, "", entries) for number, (key, entries) in enumerate(rows, 3)]
    letters = {column.name: "ABCDEFGHIJ"[position] for position, column in enumerate(FORMATS[kind].columns)}
    with force_locale("en"), transaction():
        return str(value_sheets.check(by, kind, entered, letters, now=clock.now()))


def _reports(people: Mapping[str, UUID]) -> dict[str, str]:
    """Make a report that a newer one replaces, and queue another; write a text, a schedule and a donor's line."""
    by, now = people["coordinator"], clock.now()
    with transaction():
        key = ReportKey(ReportKind.QUARTERLY, QUARTER, "")
        texts.save(key, "en", {"summary": "Two workshops moved to May."}, country="", by=by, now=now)
        texts.save(key, "ar", {"summary": "انتقلت ورشتان إلى مايو."}, country="", by=by, now=now)
        line = NewDonorLine(donor="Donor A", code="R1.2", wording="Officers trained in the region", indicator="OP2.1")
        donors.create(line, indicators=[line.indicator], now=now)
        schedule = NewSchedule(
            kind=ReportKind.QUARTERLY,
            period=SchedulePeriod.QUARTERLY,
            forms=frozenset({ReportFormat.PDF, ReportFormat.XLSX}),
            languages=("en", "ar"),
            recipients=frozenset({people["co-chair"], people["contact point"]}),
        )
        schedules.create(schedule, possible=[*schedule.recipients], by=by, now=now)
    ids = {}
    for name, language in (("replaced report", "en"), ("report", "en"), ("Arabic report", "ar")):
        ids[name] = str(_request(language, by))
        making.make_next()
    exact = _request("en", people["contact point"], country=COUNTRY)
    making.make_next()
    return ids | {"country sheet": str(exact), "queued report": str(_request("ar", by))}


def _request(language: str, by: UUID, *, country: str = "") -> UUID:
    new = ReportRequest(
        kind=ReportKind.COUNTRY if country else ReportKind.QUARTERLY,
        period_end=QUARTER,
        compared_end=date(2026, 9, 30),
        language=language,
        forms=frozenset({ReportFormat.JSON}),
        subject=country,
        country=country,
        is_exact=bool(country),
    )
    with transaction():
        return runs.request(new, by=by, now=clock.now())
