"""Read the judging panels of a course with the values of their judges."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.db.session import db
from app.studio.domain.judging import JudgeValues, JudgingRound, missing_judges, round_of
from app.studio.models import Judgement, JudgingPanel


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel with its judges; `used_rate` is the pass value that it gave, None if it gave none."""

    id: UUID
    course_id: UUID
    item: str
    opened_at: datetime
    closed_at: datetime | None
    used_rate: float | None
    judges: Sequence[JudgeValues]

    @property
    def judging_round(self) -> JudgingRound:
        """Return the round."""
        return round_of(self.judges)

    def judge(self, person_id: UUID) -> JudgeValues | None:
        """Return the values of a person, None for one who is no judge."""
        return next((judge for judge in self.judges if judge.person_id == person_id), None)

    def takes_value_of(self, person_id: UUID) -> bool:
        """Return whether this judge can give or change a value now."""
        is_judging = self.closed_at is None and self.judging_round is not JudgingRound.DONE
        return is_judging and self.judge(person_id) is not None

    def waits_for(self, person_id: UUID) -> bool:
        """Return whether this judge has not given a value in this round."""
        return self.closed_at is None and person_id in missing_judges(self.judges)


def panels(course_id: UUID) -> list[PanelView]:
    """Return the panels of a course, the newest first."""
    query = select(JudgingPanel).where(JudgingPanel.course_id == course_id)
    return _views(query.order_by(JudgingPanel.opened_at.desc(), JudgingPanel.id))


def panel(course_id: UUID, panel_id: UUID) -> PanelView:
    """Return a panel of a course, or raise NoResultFound."""
    query = select(JudgingPanel).where(JudgingPanel.course_id == course_id, JudgingPanel.id == panel_id)
    db.session.scalars(query).one()
    return _views(query)[0]


def waiting_for(person_id: UUID) -> Mapping[UUID, tuple[int, datetime]]:
    """Return how many panels wait for a judge, and since when, by course."""
    own = select(Judgement.panel_id).where(Judgement.person_id == person_id)
    query = select(JudgingPanel).where(JudgingPanel.closed_at.is_(None), JudgingPanel.id.in_(own))
    waiting: dict[UUID, tuple[int, datetime]] = {}
    for view in _views(query.order_by(JudgingPanel.opened_at)):
        if view.waits_for(person_id):
            count, oldest = waiting.get(view.course_id, (0, view.opened_at))
            waiting[view.course_id] = (count + 1, oldest)
    return waiting


def _views(query: Select[JudgingPanel]) -> list[PanelView]:
    rows = list(db.session.scalars(query.execution_options(populate_existing=True)))
    judges = _judges([row.id for row in rows])
    return [
        PanelView(
            row.id, row.course_id, row.item, row.opened_at, row.closed_at, row.used_rate, tuple(judges.get(row.id, ()))
        )
        for row in rows
    ]


def _judges(ids: Iterable[UUID]) -> dict[UUID, list[JudgeValues]]:
    columns = (Judgement.panel_id, Judgement.person_id, Judgement.first_rate, Judgement.second_rate)
    query = select(*columns).where(Judgement.panel_id.in_(list(ids))).order_by(Judgement.person_id)
    judges: dict[UUID, list[JudgeValues]] = {}
    for panel_id, person_id, first, second in db.session.execute(query):
        judges.setdefault(panel_id, []).append(JudgeValues(person_id, first, second))
    return judges
