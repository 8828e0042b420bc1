"""Sentences about the conflicts of an event with others: rooms and staff that are needed twice at a time."""

from flask_babel import gettext as _

from app.identity.queries import people as accounts
from app.workshops.queries import conflicts as queries
from app.workshops.shapes import WorkshopFacts

SHOWN = 20


def lines(workshop: WorkshopFacts) -> list[str]:
    """Return a sentence for each conflict; other events are named by their code alone."""
    conflicts = queries.conflicts(workshop)[:SHOWN]
    names = accounts.names({line.person_id for line in conflicts if line.person_id is not None})
    sentences = []
    for line in conflicts:
        resource = line.room if line.person_id is None else names.get(line.person_id, "")
        sentences.append(
            _(
                "Session %(n)s: %(resource)s is also needed in session %(m)s of %(code)s.",
                n=line.number,
                resource=resource,
                m=line.other_number,
                code=line.other_code,
            )
        )
    return sentences
