"""Events are stored in the append-only audit log: they contain ids and plain values, no text that a user wrote."""

from dataclasses import fields
from importlib import import_module
from pathlib import Path

import app
from app.kernel.events import Event, stored_name

ROOMS = sorted(path.parent.name for path in Path(app.__file__).parent.glob("*/events*"))
WRITTEN = {"body", "comment", "description", "message", "note", "reason", "source", "text", "title", "why", "words"}
# said by a machine (a code of the mail server, the kind of an error), or one of a few that the code names
CHOSEN = {
    "AuditKeyReplaced.reason",
    "CompletionExported.reason",
    "IdentityRemoved.why",
    "IncidentBegun.reason",
    "IncidentEnded.reason",
    "MailGivenUp.reason",
}

# class name: stored name. Entries of the audit log are hashed with it, so that a row here never changes
RENAMED = {
    "AccessRestored": "LetBackIn",
    "AttendanceRecorded": "AttendanceKept",
    "DepartureCancelled": "LeavingTakenBack",
    "FactorsInvalidated": "FactorsVoided",
    "IdentityViewed": "IdentitySeen",
    "MailFailed": "MailGivenUp",
    "PostingsViewed": "ServiceSeen",
    "RosterViewed": "RosterSeen",
    "WaitingListJoined": "QueueJoined",
    "WorkshopCreated": "WorkshopMade",
    "WorkshopStateChanged": "WorkshopMoved",
    "WorkshopUpdated": "WorkshopChanged",
}


def _kinds(of: type[Event] = Event) -> list[type[Event]]:
    found = [one for one in of.__subclasses__() if one.__module__.startswith("app.")]
    return [*found, *(further for one in found for further in _kinds(one))]


def test_no_event_carries_words_that_somebody_wrote() -> None:
    for room in ROOMS:
        import_module(f"app.{room}.events")
    named = {f"{stored_name(kind)}.{one.name}" for kind in _kinds() for one in fields(kind) if one.name in WRITTEN}
    assert len(_kinds()) > 50
    assert named <= CHOSEN


def test_renamed_events_keep_the_name_that_is_stored() -> None:
    """The audit log of an old database verifies: a renamed class writes the name that its entries have."""
    for room in ROOMS:
        import_module(f"app.{room}.events")
    kinds = set(_kinds())
    assert {kind.__name__: kind.audit_name for kind in kinds if kind.audit_name} == RENAMED
    assert {stored_name(kind) for kind in kinds} == {kind.__name__ for kind in kinds} - set(RENAMED) | set(
        RENAMED.values()
    )
    assert not set(RENAMED.values()) & {kind.__name__ for kind in kinds}
