"""Writing the rows of an event: its facts, sessions, outcomes and words, and what search finds it by."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from app.access.targets import Target
from app.db.session import db
from app.i18n import stored_translations
from app.ports import ports
from app.search import service as search
from app.search.service import Block
from app.workshops.domain import times
from app.workshops.domain.drafts import NewSession, NewWorkshop
from app.workshops.models import Workshop, WorkshopOutcome, WorkshopSession
from app.workshops.queries.workshops import SEARCH_KIND

WORDS = ("title", "summary", "practise")


def facts(new: NewWorkshop) -> dict[str, Any]:
    """Return the columns of an event's row by name; its days are those of its sessions."""
    return {
        "code": new.code,
        "kind": new.kind,
        "sensitivity": new.sensitivity,
        "host_country": new.host_country,
        "town": new.town,
        "venue": new.venue,
        "form": new.form,
        "time_zone": new.time_zone,
        "first_day": new.sessions[0].day,
        "last_day": new.sessions[-1].day,
        "booking_until": new.booking_until,
        "languages": " ".join(new.languages),
        "prerequisites": " ".join(new.prerequisites),
        "roles": " ".join(new.roles),
        "activity": new.activity,
        "attendance_share": new.attendance_share,
    }


def save_facts(workshop: Workshop, new: NewWorkshop) -> set[str]:
    """Write an event's row anew and return the names of the columns that changed."""
    changed = {name for name, value in facts(new).items() if getattr(workshop, name) != value}
    for name in changed:
        setattr(workshop, name, facts(new)[name])
    return changed


def save_sessions(workshop: Workshop, rows: Iterable[WorkshopSession], new: NewWorkshop) -> set[str]:
    """Write the sessions anew over those that are there, by number; return {"sessions"} when any is another one now."""
    there = {one.number: one for one in rows}
    changed = len(there) != len(new.sessions)
    for number, session in enumerate(new.sessions, 1):
        row = there.pop(number, None)
        if row is None:
            row = WorkshopSession(workshop_id=workshop.id, number=number)
            db.session.add(row)
        changed |= _put_session(row, session, new.time_zone)
    for left in there.values():
        stored_translations.put(left.id, "title", {})
        db.session.delete(left)
    return {"sessions"} if changed else set()


def save_outcomes(workshop: Workshop, new: NewWorkshop) -> set[str]:
    """Write the outcomes anew; return {"outcomes"} when they are others now."""
    mine = WorkshopOutcome.workshop_id == workshop.id
    there = {row.competency: row.level for row in db.session.query(WorkshopOutcome).where(mine)}
    if there == dict(new.outcomes):
        return set()
    db.session.execute(delete(WorkshopOutcome).where(mine))
    db.session.add_all(
        WorkshopOutcome(workshop_id=workshop.id, competency=competency, level=level)
        for competency, level in new.outcomes
    )
    return {"outcomes"}


def save_texts(workshop: Workshop, new: NewWorkshop) -> set[str]:
    """Write the texts anew and return the names of those that changed."""
    there = stored_translations.all_of(workshop.id)
    changed = {name for name in WORDS if there.get(name, {}) != _said(getattr(new, name))}
    for name in changed:
        stored_translations.put(workshop.id, name, getattr(new, name))
    return changed


def index_for_search(workshop: Workshop) -> None:
    """Let an event be found by its title, its summary and what is practised, in each language of its title."""
    said = stored_translations.all_of(workshop.id)
    blocks = [
        Block(
            language=language,
            sensitivity=workshop.sensitivity,
            title=title,
            path=ports().path_to(Target.WORKSHOP, workshop.id),
            text="\n".join(text for name in WORDS if (text := said.get(name, {}).get(language))),
        )
        for language, title in said["title"].items()
    ]
    search.put(SEARCH_KIND, str(workshop.id), blocks)


def remove_from_search(workshop_id: UUID) -> None:
    """Take an event out of the search."""
    search.withdraw(SEARCH_KIND, str(workshop_id))


def _put_session(row: WorkshopSession, new: NewSession, zone: str) -> bool:
    """Write a session and say whether it is another one now: when it is held counts, not what it is called."""
    values = {
        "kind": new.kind,
        "day": new.day,
        "starts": new.starts,
        "ends": new.ends,
        "starts_at": times.at(new.day, new.starts, zone),
        "ends_at": times.at(new.day, new.ends, zone),
    }
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, values[name])
    db.session.flush()  # a new one has its id
    stored_translations.put(row.id, "title", new.title)
    return not changed <= {"kind"}


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}
