"""What follows the events of the demonstration: evaluations, follow-ups, commitments, reports of study visits."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.workshops.country_events import COUNTRY_EVENTS
from app.demo.workshops.nominated import EVENTS as NOMINATED
from app.demo.workshops.programme import GATHERINGS, Fate, Gathering
from app.demo.workshops.visit_texts import COMMITMENTS, DROPPED_NOTE, NOTES, REPORT, SUMMARY
from app.rights.queries import supervision
from app.workshops.domain import evaluation, follow_up
from app.workshops.domain.commitments import CommitmentState
from app.workshops.domain.evaluation import EvaluationAnswers
from app.workshops.domain.events import WorkshopKind
from app.workshops.domain.follow_up import ChangeSeen, DeedAnswer, FollowUpAnswers, Influence, Occasion
from app.workshops.models import Commitment, FollowUp, Workshop, WorkshopOutcome
from app.workshops.queries import report_figures
from app.workshops.service import commitments, evaluations, follow_ups, visit_reports

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENING = time(18)
ANSWER_RATE, FOLLOW_UP_RATE = 0.8, 0.75
SCORES = (3, 4, 4, 5, 5)
KEEP = ("The practice in pairs.", "Mixed groups of several countries.", "The role-play with an interpreter.", "", "")
CHANGE = ("More time in groups.", "Shorter opening.", "Send the material a week before.", "", "", "")
MISSED = ("An example of our route.", "How a court looked at it.", "", "", "", "", "")
HELPS = ("A fixed hour for practice each month.", "A second screen at the post.", "")
HELPED = (Influence.TIME, Influence.SUPERVISOR, Influence.LAW)
HINDERED = (Influence.EQUIPMENT, Influence.LANGUAGE, Influence.NOBODY_ASKED, Influence.TIME)
REPORTED, SUMMARY_WAITS = "SV-2027-01", "SV-2027-02"  # visits with an approved summary, and with one that waits
APPROVED_AFTER = 5 * DAY


def actions(office: DemoStaff, *, with_crowd: bool) -> Iterator[TimedAction]:
    """Return what followed the held events, for as much of it as has happened."""
    gatherings = (*GATHERINGS, *COUNTRY_EVENTS) if with_crowd else GATHERINGS
    for event in gatherings:
        if event.fate is Fate.HELD:
            yield from after_event(office, event.code, event.last)
            yield from _visit(office, event)
    for nominated_event in NOMINATED if with_crowd else ():
        if nominated_event.is_held:
            yield from after_event(office, nominated_event.code, nominated_event.first + 2)


def after_event(office: DemoStaff, code: str, last: int) -> Iterator[TimedAction]:
    """Return evaluation and follow-up of an event whose last day is `last`."""
    for action in (*_evaluation(office, code, last), *_follow_up(office, code, last)):
        if action.at < office.now:
            yield action


def _evening(office: DemoStaff, day: int) -> datetime:
    return datetime.combine(_date(office, day), EVENING, office.now.tzinfo)


def _date(office: DemoStaff, day: int) -> date:
    return office.now.date() + timedelta(days=day)


def _dice(*purpose: object) -> Random:
    return Random(" ".join(map(str, purpose)))  # noqa: S311 - an invented year, no secret


def _evaluation(office: DemoStaff, code: str, last: int) -> Iterator[TimedAction]:
    opened = _evening(office, last)
    yield TimedAction(opened, None, lambda: evaluations.open_evaluation(_id(code), opened))
    for number, after in enumerate((DAY, 4 * DAY)):
        moment = opened + after
        yield TimedAction(moment, None, partial(_evaluate, office, code, number, moment))
    closed = opened + evaluation.OPEN_DAYS + DAY
    yield TimedAction(closed, None, lambda: evaluations.close_evaluation(_id(code), closed))


def _evaluate(office: DemoStaff, code: str, number: int, now: datetime) -> None:
    """Let half of those who attended answer; the practitioner of the tour leaves it open in the newest event."""
    dice = _dice(code, "evaluation", number)
    for person_id in _half(code, number):
        is_left_open = person_id == office.officers[0].id and now > office.now - evaluation.OPEN_DAYS
        if dice.random() < ANSWER_RATE and not is_left_open:
            evaluations.answer(_id(code), person_id, _answers(dice), now)


def _half(code: str, number: int) -> list[UUID]:
    return sorted(report_figures.present([_id(code)])[_id(code)])[number::2]


def _answers(dice: Random) -> EvaluationAnswers:
    scores = tuple(dice.choice(SCORES) for _statement in evaluation.EvaluationStatement)
    return EvaluationAnswers(scores, (dice.choice(KEEP), dice.choice(CHANGE), dice.choice(MISSED)))


def _follow_up(office: DemoStaff, code: str, last: int) -> Iterator[TimedAction]:
    opens = follow_up.first_day(_date(office, last))
    opened = datetime.combine(opens, time(6), office.now.tzinfo)
    yield TimedAction(opened, None, lambda: follow_ups.open_follow_up(_id(code), opened))
    for number, after in enumerate((2 * DAY, 9 * DAY)):
        moment = opened + after
        yield TimedAction(moment, None, partial(_answer_follow_up, code, number, moment))
    for after in (*follow_up.REMINDED_AFTER, follow_up.OPEN_DAYS + DAY):
        moment = opened + after
        yield TimedAction(moment, None, partial(_remind, code, moment))


def _remind(code: str, now: datetime) -> None:
    follow_ups.remind_or_close(_id(code), now)


def _answer_follow_up(code: str, number: int, now: datetime) -> None:
    """Let most participants of one half answer, and every second of their supervisors."""
    dice = _dice(code, "follow-up", number)
    rows = db.session.scalars(select(FollowUp).where(FollowUp.workshop_id == _id(code))).all()
    ordered = sorted(rows, key=lambda row: row.person_id)[number::2]
    used = sorted(
        db.session.scalars(select(WorkshopOutcome.competency).where(WorkshopOutcome.workshop_id == _id(code)))
    )
    for index, row in enumerate(ordered):
        is_silent = number == 0 and index == 1
        if dice.random() < FOLLOW_UP_RATE and not is_silent:
            follow_ups.answer(row.workshop_id, row.person_id, _reports(dice, used), now)
        supervisors = supervision.supervisors_of(row.person_id, now.date())
        if supervisors and index % 2 == 0:
            change = dice.choice((ChangeSeen.YES, ChangeSeen.PARTLY, ChangeSeen.CANNOT_SAY))
            by = min(supervisors)
            follow_ups.answer_as_supervisor(row.id, change, would_help=dice.choice(HELPS), by=by, now=now)


def _reports(dice: Random, used: Sequence[str]) -> FollowUpAnswers:
    deeds = [dice.choice((DeedAnswer.YES, DeedAnswer.YES, DeedAnswer.NO, DeedAnswer.NO_OCCASION)) for _deed in range(3)]
    return FollowUpAnswers(
        occasion=dice.choice((Occasion.OFTEN, Occasion.SOMETIMES, Occasion.SOMETIMES, Occasion.NEVER)),
        used=tuple(used[: dice.randint(1, 3)]),
        helped=(dice.choice(HELPED),),
        hindered=(dice.choice(HINDERED),),
        passed_on=dice.choice((0, 2, 4, 6)),
        referral=deeds[0],
        capture=deeds[1],
        request=deeds[2],
        contacted=dice.random() < 0.4,
    )


def _visit(office: DemoStaff, event: Gathering) -> Iterator[TimedAction]:
    """Return the commitments and the report of a study visit."""
    if event.kind is not WorkshopKind.STUDY_VISIT:
        return
    undertaken, ended = _evening(office, event.last) - 4 * HOUR, _evening(office, event.last + 12)
    yield TimedAction(undertaken, None, partial(_undertake, event.code, undertaken))
    yield TimedAction(ended, None, partial(_end, office, event.code, ended))
    written = _evening(office, event.last + 6)
    if event.code in {REPORTED, SUMMARY_WAITS}:
        yield TimedAction(written, None, partial(_write, event.code, written))
    if event.code == REPORTED:
        approved, by = written + APPROVED_AFTER, office.staff["Coordinator 1"]
        yield TimedAction(approved, by, partial(_approve, event.code, by, approved))


def _participants(code: str) -> list[UUID]:
    return sorted(report_figures.seated([_id(code)])[_id(code)])


def _undertake(code: str, now: datetime) -> None:
    """Let each participant write two commitments; the first is due soon, the second in autumn."""
    for index, person_id in enumerate(_participants(code)):
        for number in range(2):
            text = COMMITMENTS[(2 * index + number) % len(COMMITMENTS)]
            due = now.date() + timedelta(days=30 + 60 * number)
            commitments.make_commitment(_id(code), person_id, text=text, due=due, now=now)


def _end(office: DemoStaff, code: str, now: datetime) -> None:
    """End a few commitments: some are done, one is dropped; a supervisor confirms every second one of IQ."""
    for index, person_id in enumerate(_participants(code)):
        if index % 4 == 3:
            commitments.end_commitment(
                _id(code), person_id, 1, state=CommitmentState.DROPPED, note=DROPPED_NOTE, now=now
            )
        elif index % 2 == 0:
            note = NOTES[index % len(NOTES)]
            commitments.end_commitment(_id(code), person_id, 1, state=CommitmentState.DONE, note=note, now=now)
    ended = db.session.scalars(
        select(Commitment).where(Commitment.workshop_id == _id(code), Commitment.state == CommitmentState.DONE)
    ).all()
    supervised = [row for row in ended if supervision.supervisors_of(row.person_id, now.date())]
    for row in sorted(supervised, key=lambda row: row.person_id)[1::2]:
        commitments.confirm(row.id, by=office.staff["Supervisor 1"], now=now)


def _write(code: str, now: datetime) -> None:
    writer = _participants(code)[-1]
    visit_reports.save_report(_id(code), report=REPORT, summary=SUMMARY, by=writer, now=now)


def _approve(code: str, by: UUID, now: datetime) -> None:
    visit_reports.approve_summary(_id(code), summary=SUMMARY, by=by, now=now)


def _id(code: str) -> UUID:
    return db.session.scalars(select(Workshop.id).where(Workshop.code == code)).one()
