"""What a supervisor sees of the officers supervised, as plain values: names, counts, states and dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for

from app.access import visibility
from app.access.policy import Actor
from app.access.visibility import IdentityField, Viewer
from app.catalogue.domain.references.competencies import Competencies
from app.competence.domain.statuses import status
from app.competence.labels import competencies
from app.competence.shapes import PeriodSpan
from app.i18n.babel import joined
from app.i18n.languages import current
from app.identity.queries.person_details import PersonName
from app.rights.queries.supervision import Officer


@dataclass(frozen=True, slots=True)
class OfficerDetails:
    """What is known of the officers of a page, each by the person's id."""

    names: Mapping[UUID, PersonName]
    ends: Mapping[UUID, Mapping[str, date | None]]  # what is needed, with the last day that it is held
    held: Mapping[UUID, Sequence[PeriodSpan]]
    courses: Mapping[UUID, int]  # completed


def sees_name(actor: Actor, officer: Officer) -> bool:
    """Say whether a supervisor learns how an officer is called."""
    about = visibility.OfficerVisibility(officer.country, protected=officer.protected)
    return IdentityField.NAME in visibility.visible_fields(Viewer.SUPERVISOR, actor.country, about)


def officer(one: Officer, known: OfficerDetails, framework: Competencies, today: date) -> dict[str, Any]:
    """Return an officer with what is verified and until when."""
    needed = known.ends.get(one.person_id, {})
    titles = competencies.role_titles(framework, current())
    return {
        "id": str(one.person_id),
        "alias": one.alias,
        "href": url_for("home.show_officer_learning", person_id=one.person_id),
        "name": known.names.get(one.person_id),
        "roles": joined([titles.get(role, role) for role in one.roles]) if one.roles else "",
        "verified": sum(1 for end in needed.values() if end is not None and end >= today),
        "needed": len(needed),
        "courses": known.courses.get(one.person_id, 0),
        "held": [_held(span, framework, today) for span in known.held.get(one.person_id, ())],
    }


def _held(span: PeriodSpan, framework: Competencies, today: date) -> dict[str, Any]:
    named = competencies.title(framework, span.competency)
    return {
        "id": span.competency,
        "name": named.text,
        "lang": named.lang,
        "dir": named.dir,
        "level": competencies.level(span.level),
        **competencies.dates(status(True, span.until, today), span.until),
    }
