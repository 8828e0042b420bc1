"""Judging panels of the demonstration: one gave a question its expected score, another waits for the first trainer."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from app.access.policy import Actor, Role, Scope
from app.demo.history.timeline import TimedAction
from app.kernel import clock
from app.rights.service import roles
from app.studio.domain.judging import JudgingRound
from app.studio.queries import judging, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import judging as service

COURSE = "the-identification-interview"
JUDGED, WAITING = "M03-Q222", "M03-Q223"
WRITER, SECOND, THIRD = "Trainer 1", "Trainer 2", "Assessor 3"
FIRST_VALUES: Mapping[str, Mapping[str, float]] = {
    JUDGED: {WRITER: 0.55, SECOND: 0.7, THIRD: 0.45},
    WAITING: {WRITER: 0.8, SECOND: 0.6, THIRD: 0.5},
}
SECOND_VALUES: Mapping[str, Mapping[str, float]] = {
    JUDGED: {WRITER: 0.55, SECOND: 0.6, THIRD: 0.5},
    WAITING: {SECOND: 0.6, THIRD: 0.55},
}


def actions(staff: Mapping[str, UUID], now: datetime) -> Sequence[TimedAction]:
    """Return what the judges did in the last two weeks; an assessor becomes the third trainer of the course."""
    return [
        TimedAction(now - timedelta(days=15), None, partial(_add_trainer, staff)),
        *_panel(staff, JUDGED, now - timedelta(days=14)),
        TimedAction(now - timedelta(days=11), staff[WRITER], partial(_use, staff)),
        *_panel(staff, WAITING, now - timedelta(days=7)),
    ]


def _panel(staff: Mapping[str, UUID], item: str, begins: datetime) -> Sequence[TimedAction]:
    opened = TimedAction(begins, staff[WRITER], partial(_open, staff, item))
    first = [_judgement(staff, item, JudgingRound.FIRST, *pair, begins) for pair in FIRST_VALUES[item].items()]
    second = [_judgement(staff, item, JudgingRound.SECOND, *pair, begins) for pair in SECOND_VALUES[item].items()]
    return [opened, *first, *second]


def _judgement(
    staff: Mapping[str, UUID], item: str, judging_round: JudgingRound, alias: str, rate: float, begins: datetime
) -> TimedAction:
    hours = {WRITER: 3, SECOND: 9, THIRD: 20}[alias] + (24 if judging_round is JudgingRound.SECOND else 0)
    act = partial(_judge, staff[alias], item, judging_round, rate)
    return TimedAction(begins + timedelta(hours=hours), staff[alias], act)


def _add_trainer(staff: Mapping[str, UUID]) -> None:
    reach = str(_workspace(staff[WRITER]).course_id)
    roles.add_role(staff[THIRD], Role.TRAINER, scope=Scope.COURSE, reach=reach, since=clock.today())


def _open(staff: Mapping[str, UUID], item: str) -> None:
    service.open_panel(_workspace(staff[WRITER]), item, by=staff[WRITER], now=clock.now())


def _judge(person_id: UUID, item: str, judging_round: JudgingRound, rate: float) -> None:
    workspace = _workspace(person_id)
    service.judge(workspace, _panel_id(workspace, item), rate, judging_round, by=person_id, now=clock.now())


def _use(staff: Mapping[str, UUID]) -> None:
    workspace = _workspace(staff[WRITER])
    service.use_mean(workspace, _panel_id(workspace, JUDGED), by=staff[WRITER], now=clock.now())


def _panel_id(workspace: Workspace, item: str) -> UUID:
    return next(panel.id for panel in judging.panels(workspace.course_id) if panel.item == item)


def _workspace(trainer: UUID) -> Workspace:
    return workspaces.workspace(Actor(trainer, "", frozenset({Role.TRAINER})), COURSE)
