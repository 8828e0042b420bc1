"""Events go into the trail, which only grows: ids and plain values, no words that somebody wrote."""

from dataclasses import fields
from importlib import import_module
from pathlib import Path

import app
from app.kernel.events import Event

ROOMS = sorted(path.parent.name for path in Path(app.__file__).parent.glob("*/events.py"))
WRITTEN = {"body", "comment", "description", "message", "note", "reason", "source", "text", "title", "why", "words"}
# said by a machine (a code of the mail server, the kind of an error), or one of a few that the code names
CHOSEN = {
    "AuditKeyReplaced.reason",
    "IdentityRemoved.why",
    "IncidentBegun.reason",
    "IncidentEnded.reason",
    "MailGivenUp.reason",
}


def _kinds(of: type[Event] = Event) -> list[type[Event]]:
    found = [one for one in of.__subclasses__() if one.__module__.startswith("app.")]
    return [*found, *(further for one in found for further in _kinds(one))]


def test_no_event_carries_words_that_somebody_wrote() -> None:
    for room in ROOMS:
        import_module(f"app.{room}.events")
    named = {f"{kind.__name__}.{one.name}" for kind in _kinds() for one in fields(kind) if one.name in WRITTEN}
    assert len(_kinds()) > 50
    assert named <= CHOSEN
