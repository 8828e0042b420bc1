"""Write the content of an event: facts, sessions, outcomes, texts, and its blocks in the search index."""

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
from app.workshops.domain.events import EnrolmentMode
from app.workshops.domain.phases import NominationRules
from app.workshops.models import Workshop, WorkshopOutcome, WorkshopSession
from app.workshops.queries.workshops import SEARCH_KIND

TEXTS = ("title", "summary", "practise")
ROOMS = {"room", "link", "language"}


def workshop_columns(new: NewWorkshop) -> dict[str, Any]:
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
        "competencies": " ".join(new.competencies),
    } | _nomination_columns(new.nomination)


def _nomination_columns(rules: NominationRules | None) -> dict[str, Any]:
    """Return the columns of a nominated event; without rules enrolment is open and has no days of nominations."""
    if rules is None:
        days = ("nomination_opens", "nomination_deadline", "reallocation_date", "decide_by", "withdraw_by")
        return {"enrolment": EnrolmentMode.OPEN, **dict.fromkeys(days)}
    return {
        "enrolment": EnrolmentMode.NOMINATED,
        "nomination_opens": rules.opens,
        "nomination_deadline": rules.deadline,
        "reallocation_date": rules.reallocation,
        "guaranteed": rules.guaranteed,
        "invited_countries": " ".join(rules.countries),
        "offer_days": rules.offer_days,
        "unanswered": rules.unanswered,
        "minimum": rules.minimum,
        "decide_by": rules.decide_by,
        "withdraw_by": rules.withdraw_by,
        "observers": rules.observers,
    }


def save_facts(workshop: Workshop, new: NewWorkshop) -> set[str]:
    """Update the row of an event and return the names of the changed columns."""
    changed = {name for name, value in workshop_columns(new).items() if getattr(workshop, name) != value}
    for name in changed:
        setattr(workshop, name, workshop_columns(new)[name])
    return changed


def save_sessions(workshop: Workshop, rows: Iterable[WorkshopSession], new: NewWorkshop) -> set[str]:
    """Save the sessions over the existing ones, by number.

    Returns {"sessions"} if their number or a time changed, {"rooms"} if a room, a link or a language did.
    """
    existing = {row.number: row for row in rows}
    changed = {"sessions"} if len(existing) != len(new.sessions) else set()
    for number, session in enumerate(new.sessions, 1):
        row = existing.pop(number, None)
        if row is None:
            row = WorkshopSession(workshop_id=workshop.id, number=number, room="", link="", language="")
            db.session.add(row)
        changed |= _put_session(row, session, new.time_zone)
    for row in existing.values():
        stored_translations.save_translations(row.id, "title", {})
        db.session.delete(row)
    return changed


def save_outcomes(workshop: Workshop, new: NewWorkshop) -> set[str]:
    """Save the outcomes; return {"outcomes"} if they changed."""
    of_workshop = WorkshopOutcome.workshop_id == workshop.id
    existing = {row.competency: row.level for row in db.session.query(WorkshopOutcome).where(of_workshop)}
    if existing == dict(new.outcomes):
        return set()
    db.session.execute(delete(WorkshopOutcome).where(of_workshop))
    db.session.add_all(
        WorkshopOutcome(workshop_id=workshop.id, competency=competency, level=level)
        for competency, level in new.outcomes
    )
    return {"outcomes"}


def save_texts(workshop: Workshop, new: NewWorkshop) -> set[str]:
    """Save the texts and return the names of those that changed."""
    existing = stored_translations.all_of(workshop.id)
    changed = {name for name in TEXTS if existing.get(name, {}) != _without_empty(getattr(new, name))}
    for name in changed:
        stored_translations.save_translations(workshop.id, name, getattr(new, name))
    return changed


def index_for_search(workshop: Workshop) -> None:
    """Index an event for search by title, summary and practised topics, in each language of its title."""
    translations = stored_translations.all_of(workshop.id)
    blocks = [
        Block(
            language=language,
            sensitivity=workshop.sensitivity,
            title=title,
            path=ports().path_to(Target.WORKSHOP, workshop.id),
            text="\n".join(_searched(workshop, translations, language)),
        )
        for language, title in translations["title"].items()
    ]
    search.replace_blocks(SEARCH_KIND, str(workshop.id), blocks)


def _searched(workshop: Workshop, translations: Mapping[str, Mapping[str, str]], language: str) -> list[str]:
    """Return the texts of an event in a language, with its code and town."""
    texts = [translations.get(name, {}).get(language, "") for name in TEXTS]
    return [text for text in (*texts, workshop.code, workshop.town) if text]


def remove_from_search(workshop_id: UUID) -> None:
    """Remove an event from the search index."""
    search.delete_blocks(SEARCH_KIND, str(workshop_id))


def _put_session(row: WorkshopSession, new: NewSession, zone: str) -> set[str]:
    """Save a session and return what changed as `save_sessions` does; title and kind do not count."""
    values = {
        "kind": new.kind,
        "day": new.day,
        "starts": new.starts,
        "ends": new.ends,
        "starts_at": times.at(new.day, new.starts, zone),
        "ends_at": times.at(new.day, new.ends, zone),
        "room": new.room,
        "link": new.link,
        "language": new.language,
    }
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, values[name])
    db.session.flush()  # gives a new row its id
    stored_translations.save_translations(row.id, "title", new.title)
    names = {"rooms"} if changed & ROOMS else set()
    return names if changed <= ROOMS | {"kind"} else names | {"sessions"}


def _without_empty(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}
