"""Who else has a file of a draft open."""

from datetime import datetime

from app.access.policy import Actor
from app.identity.queries import people
from app.studio.queries import drafts
from app.studio.queries.workspaces import Workspace


def others(actor: Actor, workspace: Workspace, path: str, now: datetime) -> list[str]:
    """Return the aliases of the other users who have a file open."""
    lines = [line for line in drafts.editors(workspace.course_id, now, without=actor.id) if line.path == path]
    aliases = people.names([line.person_id for line in lines])
    return [aliases[line.person_id] for line in lines]
