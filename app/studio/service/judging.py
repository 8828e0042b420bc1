"""Open a panel of judges for a question, store their values, and give the question the mean as its pass value."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from app.db.session import db, record
from app.kernel.errors import DomainError
from app.studio.domain.judging import LEAST_JUDGES, JudgingRound, can_leave_out, missing_judges, panel_mean
from app.studio.events import ItemJudged, JudgesLeftOut, PanelClosed, PanelOpened
from app.studio.models import Judgement, JudgingPanel
from app.studio.queries import judging, questions as bank_queries
from app.studio.queries.judging import PanelView
from app.studio.queries.workspaces import Workspace
from app.studio.service import questions


def open_panel(workspace: Workspace, item: str, *, by: UUID, now: datetime) -> UUID:
    """Ask the trainers and reviewers of a course to judge a question; return the id of the panel.

    Raises DomainError for a question that the draft does not have, for fewer than three judges, and for a question
    that a panel is judging.
    """
    line = bank_queries.bank(workspace).lines.get(item)
    if line is None or line.item is None:
        raise DomainError("The draft has no such question, or its text has errors.")
    judges = workspace.trainers | workspace.reviewers
    if len(judges) < LEAST_JUDGES:
        raise DomainError("A panel needs at least three trainers or reviewers of this course.")
    panel_id = _insert(workspace.course_id, item, by, now)
    db.session.add_all(Judgement(panel_id=panel_id, person_id=person_id) for person_id in sorted(judges))
    record(PanelOpened(at=now, course_id=workspace.course_id, panel_id=panel_id, item=item, judges=len(judges)))
    return panel_id


def judge(
    workspace: Workspace, panel_id: UUID, rate: float, judging_round: JudgingRound, *, by: UUID, now: datetime
) -> None:
    """Store the value of a judge, from 0 to 1, in the round that the page showed; it may be changed in that round.

    Raises DomainError if the round is over, NoResultFound for a person who is no judge of the panel.
    """
    panel = _locked(workspace, panel_id)
    if panel.closed_at is not None or panel.judging_round is not judging_round or judging_round is JudgingRound.DONE:
        raise DomainError("This round is over. Open the page again.")
    query = select(Judgement).where(Judgement.panel_id == panel_id, Judgement.person_id == by)
    row = db.session.scalars(query).one()
    if judging_round is JudgingRound.FIRST:
        row.first_rate = rate
    else:
        row.second_rate = rate
    row.judged_at = now
    record(ItemJudged(at=now, panel_id=panel_id, round=str(judging_round)))


def leave_out(workspace: Workspace, panel_id: UUID, now: datetime) -> None:
    """Go on without the judges who gave no value in this round. Raises DomainError if fewer than three others did."""
    panel = _locked(workspace, panel_id)
    if panel.closed_at is not None or not can_leave_out(panel.judges):
        raise DomainError("A panel needs at least three judges who gave a value.")
    missing = missing_judges(panel.judges)
    db.session.execute(delete(Judgement).where(Judgement.panel_id == panel_id, Judgement.person_id.in_(missing)))
    record(JudgesLeftOut(at=now, panel_id=panel_id, judges=len(missing)))


def use_mean(workspace: Workspace, panel_id: UUID, *, by: UUID, now: datetime) -> None:
    """Make the mean the pass value of the question in the draft, and close the panel.

    Raises DomainError before all judges gave both values, and if the question was removed from the draft.
    """
    panel = _locked(workspace, panel_id)
    mean = panel_mean(panel.judges)
    if panel.closed_at is not None or mean is None:
        raise DomainError("The judges have not finished yet, or the panel is closed.")
    questions.change_keys(workspace, [panel.item], {"pass_value": f"{mean:g}"}, by=by, now=now)
    _close(panel, mean, by, now)


def close_panel(workspace: Workspace, panel_id: UUID, *, by: UUID, now: datetime) -> None:
    """Close a panel without using its mean. Raises DomainError if it is closed."""
    panel = _locked(workspace, panel_id)
    if panel.closed_at is not None:
        raise DomainError("This panel is closed.")
    _close(panel, None, by, now)


def _insert(course_id: UUID, item: str, by: UUID, now: datetime) -> UUID:
    row = JudgingPanel(course_id=course_id, item=item, opened_by=by, opened_at=now)
    query = select(JudgingPanel.id).where(
        JudgingPanel.course_id == course_id, JudgingPanel.item == item, JudgingPanel.closed_at.is_(None)
    )
    if db.session.scalars(query).one_or_none() is not None:
        raise DomainError("A panel is judging this question. Close it first.")
    db.session.add(row)
    db.session.flush()
    return row.id


def _locked(workspace: Workspace, panel_id: UUID) -> PanelView:
    """Return a panel whose row is locked: rounds end one after the other. Raises NoResultFound for another course."""
    query = select(JudgingPanel.id).where(JudgingPanel.course_id == workspace.course_id, JudgingPanel.id == panel_id)
    db.session.scalars(query.with_for_update()).one()
    return judging.panel(workspace.course_id, panel_id)


def _close(panel: PanelView, used_rate: float | None, by: UUID, now: datetime) -> None:
    row = db.session.get_one(JudgingPanel, panel.id)
    row.used_rate, row.closed_by, row.closed_at = used_rate, by, now
    record(PanelClosed(at=now, course_id=panel.course_id, panel_id=panel.id, used=used_rate is not None))
