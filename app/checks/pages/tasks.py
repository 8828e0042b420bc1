"""The task of assessors on /teaching: desk tasks that wait for marking."""

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.checks.queries import marking as queries
from app.kernel import clock
from app.ports import TaskLink


def marking_tasks(actor: Actor) -> list[TaskLink]:
    """Return the link to the queue with the number of products that wait for the assessor; empty for others."""
    if not allows(actor, Action.SEE_MARKING):
        return []
    marker = queries.marker(actor, clock.today())
    waiting = queries.count_waiting(marker) if marker else 0
    opened = queries.count_open(actor.id)
    return [
        TaskLink(
            name=_("Marking"),
            href=url_for("checks.show_marking"),
            sub=ngettext("You have %(num)s desk task open.", "You have %(num)s desk tasks open.", opened)
            if opened
            else "",
            word=ngettext("%(num)s waits", "%(num)s wait", waiting) if waiting else _("Nothing waits"),
            kind="open" if waiting else "none",
            lang="",
            dir="",
        )
    ]
