"""Read who watched the user's evidence on a competency, by alias as far as the user may see it."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from app.access.policy import Actor
from app.checks.labels.watching import watched_by
from app.checks.queries import watching
from app.checks.queries.watching import WatchedLine
from app.identity.queries import visible_identity
from app.identity.queries.visible_identity import VisibleIdentity


def texts(actor: Actor, competency: str, today: date) -> Mapping[int, str]:
    """Return who watched in words, by the number of the evidence; unknown ones are left out."""
    lines = watching.lines_of([actor.id], competency).get(actor.id, [])
    people = {watcher for line in lines for watcher in line.watchers}
    identities = visible_identity.visible_identities(actor, people, today) if people else {}
    by_number = {line.piece.id: _text(line, identities) for line in lines}
    return {number: text for number, text in by_number.items() if text}


def _text(line: WatchedLine, identities: Mapping[UUID, VisibleIdentity]) -> str:
    aliases = [identities[watcher].alias if watcher in identities else "" for watcher in line.watchers]
    return watched_by(aliases, marked_blind=line.is_marked_blind)
