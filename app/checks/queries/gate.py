"""Decide whether a watched attempt may be opened: the port `watched_attempt`, asked on each request of the attempt."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from app.checks.domain.sittings import SeatState, SittingState, WorkState
from app.checks.models import SeatWork, Sitting, SittingSeat
from app.db.session import db
from app.ports import WatchedGate


def watched_attempt(attempt_id: UUID, session_digest: str) -> WatchedGate:
    """Return whether the attempt may be opened now in this sign-in session; its sitting must be open.

    The message is empty if the work has ended, so that its officer goes to the page of the sitting.
    """
    query = (
        select(Sitting.code, Sitting.state, SittingSeat.state, SittingSeat.session_id, SeatWork.state)
        .join(SittingSeat, SittingSeat.sitting_id == Sitting.id)
        .join(SeatWork, SeatWork.seat_id == SittingSeat.id)
        .where(SeatWork.attempt_id == attempt_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return WatchedGate(False, _("This work belongs to no sitting."), "/sittings")
    code, sitting_state, seat_state, session_id, work_state = row
    back_url = f"/sittings/{code}"
    if work_state is not WorkState.OPEN or sitting_state is SittingState.CLOSED:
        return WatchedGate(False, "", back_url)
    message = _refusal(sitting_state, seat_state, is_own=session_id == session_digest)
    return WatchedGate(not message, message, back_url)


def _refusal(sitting_state: SittingState, seat_state: SeatState, *, is_own: bool) -> str:
    if sitting_state is not SittingState.OPEN:
        return _("The sitting is interrupted. Wait for the invigilator: your time stops.")
    if not is_own:
        return _("Your work is open on another device. Ask the invigilator to let you continue here.")
    if seat_state is not SeatState.WORKING:
        return _("An invigilator has not confirmed you on this device.")
    return ""
