"""What is written in the room: attendance of a session, scores by rubric."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.rubrics import STEPS, Rubric, Rubrics
from app.catalogue.domain.references.texts import Text
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import level as level_words
from app.competence.queries import competencies as competence
from app.i18n import babel
from app.i18n import stored_translations as texts
from app.i18n.languages import country_name, current, direction
from app.learning import labels as learning_pages
from app.workshops import labels
from app.workshops.domain.attendance import AttendanceRefusal, Mark, is_prefilled
from app.workshops.domain.events import HistoryKind
from app.workshops.domain.scoring import HIGHEST
from app.workshops.labels import attendance_label
from app.workshops.pages import event
from app.workshops.queries import participants as workshops_participants
from app.workshops.queries.participants import AssessmentLine, Participant
from app.workshops.service import closing, results
from app.workshops.shapes import SessionFacts, WorkshopFacts

Row = dict[str, Any]


def attendance(
    workshop: WorkshopFacts,
    session: SessionFacts,
    people: Sequence[Participant],
    *,
    chosen: Mapping[UUID, Mark],
    coordinator: bool,
    now: datetime,
) -> Row:
    """Return the page on which attendance of a session is kept; `chosen` are the marks that the selects show."""
    translations = texts.translations_for([workshop.id, session.id], learning_pages.wanted())
    is_recorded = any(session.id in one.marks for one in people)
    refusal = results.refusal_of(
        workshop, session, coordinator=coordinator, corrects=is_recorded, reason="given", now=now
    )
    prefilled = is_prefilled(now, session.ends_at)
    late = results.refusal_of(workshop, session, coordinator=coordinator, corrects=False, reason="", now=now)
    return {
        "workshop": event.heading(workshop, translations),
        "session": event.session_title(session, translations) | _when(session),
        "people": [_present(one, session, chosen, prefilled=prefilled) for one in people],
        "prefilled": prefilled,
        "ask_url": _ask_url(workshop, refusal),
        "marks": [(str(one), attendance_label(one)) for one in Mark],
        "kept": is_recorded,
        "asks_why": is_recorded or late is AttendanceRefusal.NO_REASON,
        "shut": _shut(refusal, session),
        "action": url_for("workshops.save_attendance", workshop_id=workshop.id, number=session.number),
    }


def participants(workshop: WorkshopFacts, people: Sequence[Participant], *, me: UUID, now: datetime) -> Row:
    """Return participants and outcomes with the state of each score."""
    titles = catalogue.competency_titles(current())
    scored = workshops_participants.assessments(workshop.id)
    open_now = results.can_score(workshop, now)
    asked = len(people) * len(workshop.outcomes)
    by_whom: dict[tuple[UUID, str], set[UUID]] = {}
    for assessment in scored:
        by_whom.setdefault((assessment.booking_id, assessment.competency), set()).add(assessment.assessor_id)
    return {
        "workshop": event.named(workshop),
        "outcomes": [
            {"id": name, "name": titles.get(name, name), "level": level_words(level)}
            for name, level in workshop.outcomes
        ],
        "people": [_row_of(one, workshop, by_whom, me=me, open_now=open_now) for one in people],
        "open": open_now,
        "summary": ngettext("%(n)s of %(num)s score given", "%(n)s of %(num)s scores given", asked, n=len(by_whom)),
        "shut": "" if open_now else _not_open(workshop, now),
        "ask_url": _ask_about_scores(workshop, now),
    }


def rubric(
    workshop: WorkshopFacts,
    rubric: Rubric,
    *,
    booking_id: UUID,
    alias: str,
    before: AssessmentLine | None,
    chosen: Mapping[str, int],
    now: datetime,
) -> Row:
    """Return the page of a rubric; `chosen` are the scores that the rows show."""
    rubrics = catalogue.rubrics() or Rubrics()
    language = learning_pages.wanted()
    titles = catalogue.competency_titles(current())
    head = _spoken(rubrics, rubric.id, language)
    return {
        "workshop": event.named(workshop),
        "back_url": url_for("workshops.participants", workshop_id=workshop.id),
        "alias": alias,
        "competency": rubric.competency,
        "name": titles.get(rubric.competency, rubric.competency),
        "level": level_words(rubric.level),
        "rubric": head,
        "criteria": [_criterion(rubrics, rubric, one, language, chosen.get(one)) for one in rubric.criteria],
        "of": len(rubric.criteria),
        "counted": len(chosen),
        "before": None if before is None else {"on": before.made_at, "points": sum(before.scores.values())},
        "most": HIGHEST * len(rubric.criteria),
        "open": results.can_score(workshop, now),
        "shut": "" if results.can_score(workshop, now) else _not_open(workshop, now),
        "action": url_for(
            "workshops.score", workshop_id=workshop.id, booking_id=booking_id, competency=rubric.competency
        ),
    }


def result(person_id: UUID, alias: str, competency: str, level: Level, now: datetime) -> str:
    """Return in words what scoring led to."""
    until = competence.outlook(person_id, competency, level, now.date()).until
    if until is not None and until >= now.date():
        return _(
            "Scored. %(competency)s of %(alias)s is verified until %(day)s.",
            competency=competency, alias=alias, day=babel.words(until),
        )  # fmt: skip
    return _("Scored. %(competency)s of %(alias)s is not verified yet.", competency=competency, alias=alias)


def _when(session: SessionFacts) -> Row:
    return {
        "number": session.number,
        "iso": session.day.isoformat(),
        "day": labels.short_day(session.day),
        "hours": labels.hours(session.starts, session.ends),
    }


def _ask_url(workshop: WorkshopFacts, refusal: AttendanceRefusal | None) -> str:
    """Return where the coordinators are asked about attendance, "" while it can be entered or was asked for."""
    if (
        refusal is not AttendanceRefusal.COORDINATOR_ONLY
        or HistoryKind.ATTENDANCE_ASKED in workshops_participants.asked([workshop.id])[workshop.id]
    ):
        return ""
    return url_for("workshops.ask_about_attendance", workshop_id=workshop.id)


def _ask_about_scores(workshop: WorkshopFacts, now: datetime) -> str:
    if (
        not closing.may_reopen(workshop, now)
        or HistoryKind.SCORES_ASKED in workshops_participants.asked([workshop.id])[workshop.id]
    ):
        return ""
    return (
        url_for("workshops.ask_about_scores", workshop_id=workshop.id)
        if workshops_participants.gaps(workshop).scores
        else ""
    )


def _present(person: Participant, session: SessionFacts, chosen: Mapping[UUID, Mark], *, prefilled: bool) -> Row:
    usual = Mark.PRESENT if prefilled else None
    shown = chosen.get(person.booking_id) or person.marks.get(session.id) or usual
    return {
        "field": f"mark-{person.booking_id}",
        "alias": person.alias,
        "sub": _about(person),
        "value": str(shown or ""),
        "word": attendance_label(shown) if shown else _("No mark"),
    }


def _about(person: Participant) -> str:
    if not person.country:
        return _("Seat %(n)s", n=person.seat)
    return _("Seat %(n)s, %(country)s", n=person.seat, country=country_name(person.country))


def _shut(refusal: AttendanceRefusal | None, session: SessionFacts) -> str:
    if refusal is AttendanceRefusal.NOT_BEGUN:
        hours = labels.hours(session.starts, session.ends)
        return _("Attendance can be recorded once the session has begun: %(day)s, %(hours)s.",
                 day=labels.short_day(session.day), hours=hours)  # fmt: skip
    if refusal is AttendanceRefusal.COORDINATOR_ONLY:
        return _("The time for corrections is over. Ask a coordinator, and say why.")
    return ""


def _row_of(
    person: Participant, workshop: WorkshopFacts, by_whom: Mapping[tuple[UUID, str], Collection[UUID]], *, me: UUID,
    open_now: bool,
) -> Row:  # fmt: skip
    """Return a participant by alias: where somebody serves is nothing to assess by."""
    own = person.person_id == me
    cells = []
    for competency, _level in workshop.outcomes:
        assessors = by_whom.get((person.booking_id, competency), ())
        by_me = me in assessors
        reachable = not own and (by_me or open_now)
        cells.append(
            {
                "href": url_for(
                    "workshops.rubric", workshop_id=workshop.id, booking_id=person.booking_id, competency=competency
                )
                if reachable
                else "",
                "word": _cell(own=own, by_me=by_me, by_others=bool(assessors)),
                "kind": "good" if by_me else ("none" if own else ("here" if assessors else "open")),
                "competency": competency,
            }
        )
    return {"alias": person.alias, "sub": _("Seat %(n)s", n=person.seat), "cells": cells}


def _cell(*, own: bool, by_me: bool, by_others: bool) -> str:
    if own:
        return _("Yourself")
    if by_me:
        return _("Scored")
    return _("By another") if by_others else _("Score")


def _not_open(workshop: WorkshopFacts, now: datetime) -> str:
    if now < workshop.starts_at:
        return _("Scores are given from the first session on: %(day)s.", day=labels.short_day(workshop.first_day))
    return _("The time for scores is over. What was scored can be read.")


def _criterion(rubrics: Rubrics, rubric: Rubric, name: str, language: str, chosen: int | None) -> Row:
    text = _spoken(rubrics, f"{rubric.id}.{name}", language)
    labels = (pgettext("skill", "Not shown"), _("With help"), _("Alone"), _("Securely, explains it"))
    return {
        "id": name,
        "field": f"score-{name}",
        **text,
        "chosen": chosen,
        "steps": [
            {"value": value, "label": label, "text": text["parts"].get(step, ""), "chosen": chosen == value}
            for value, (label, step) in enumerate(zip(labels, STEPS, strict=True))
        ],
    }


def _spoken(rubrics: Rubrics, name: str, language: str) -> Row:
    """Return a text with its language; nothing but its id where none was written."""
    for code in (language, "en"):
        text = rubrics.texts[code].get(name) if code in rubrics.texts else None
        if text is not None:
            break
    else:
        text, code = Text(name, name), "en"
    return {"title": text.title, "body": text.body, "parts": text.parts, "lang": code, "dir": direction(code)}
