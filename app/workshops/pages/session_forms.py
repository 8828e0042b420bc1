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
    given: WorkshopFacts,
    session: SessionFacts,
    people: Sequence[Participant],
    *,
    chosen: Mapping[UUID, Mark],
    coordinator: bool,
    now: datetime,
) -> Row:
    """Return the page on which attendance of a session is kept; `chosen` are the marks that the selects show."""
    said = texts.translations_for([given.id, session.id], learning_pages.wanted())
    kept = any(session.id in one.marks for one in people)
    refused = results.refusal_of(given, session, coordinator=coordinator, corrects=kept, reason="given", now=now)
    prefilled = is_prefilled(now, session.ends_at)
    late = results.refusal_of(given, session, coordinator=coordinator, corrects=False, reason="", now=now)
    return {
        "workshop": event.heading(given, said),
        "session": event.session_title(session, said) | _when(session),
        "people": [_present(one, session, chosen, prefilled=prefilled) for one in people],
        "prefilled": prefilled,
        "ask_url": _ask_url(given, refused),
        "marks": [(str(one), attendance_label(one)) for one in Mark],
        "kept": kept,
        "asks_why": kept or late is AttendanceRefusal.NO_REASON,
        "shut": _shut(refused, session),
        "action": url_for("workshops.save_attendance", workshop_id=given.id, number=session.number),
    }


def participants(given: WorkshopFacts, people: Sequence[Participant], *, me: UUID, now: datetime) -> Row:
    """Return participants and outcomes with the state of each score."""
    titles = catalogue.competency_titles(current())
    scored = workshops_participants.assessments(given.id)
    open_now = results.can_score(given, now)
    asked = len(people) * len(given.outcomes)
    by_whom: dict[tuple[UUID, str], set[UUID]] = {}
    for each in scored:
        by_whom.setdefault((each.booking_id, each.competency), set()).add(each.assessor_id)
    return {
        "workshop": event.named(given),
        "outcomes": [
            {"id": name, "name": titles.get(name, name), "level": level_words(level)} for name, level in given.outcomes
        ],
        "people": [_row_of(one, given, by_whom, me=me, open_now=open_now) for one in people],
        "open": open_now,
        "summary": ngettext("%(n)s of %(num)s score given", "%(n)s of %(num)s scores given", asked, n=len(by_whom)),
        "shut": "" if open_now else _not_open(given, now),
        "ask_url": _ask_about_scores(given, now),
    }


def rubric(
    given: WorkshopFacts,
    rubric: Rubric,
    *,
    booking_id: UUID,
    alias: str,
    before: AssessmentLine | None,
    chosen: Mapping[str, int],
    now: datetime,
) -> Row:
    """Return the page of a rubric; `chosen` are the scores that the rows show."""
    found = catalogue.rubrics() or Rubrics()
    language = learning_pages.wanted()
    titles = catalogue.competency_titles(current())
    head = _spoken(found, rubric.id, language)
    return {
        "workshop": event.named(given),
        "back_url": url_for("workshops.participants", workshop_id=given.id),
        "alias": alias,
        "competency": rubric.competency,
        "name": titles.get(rubric.competency, rubric.competency),
        "level": level_words(rubric.level),
        "rubric": head,
        "criteria": [_criterion(found, rubric, one, language, chosen.get(one)) for one in rubric.criteria],
        "of": len(rubric.criteria),
        "counted": len(chosen),
        "before": None if before is None else {"on": before.made_at, "points": sum(before.scores.values())},
        "most": HIGHEST * len(rubric.criteria),
        "open": results.can_score(given, now),
        "shut": "" if results.can_score(given, now) else _not_open(given, now),
        "action": url_for("workshops.score", workshop_id=given.id, booking_id=booking_id, competency=rubric.competency),
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


def _ask_url(given: WorkshopFacts, refused: AttendanceRefusal | None) -> str:
    """Return where the coordinators are asked about attendance, "" while it can be entered or was asked for."""
    if (
        refused is not AttendanceRefusal.COORDINATOR_ONLY
        or HistoryKind.ATTENDANCE_ASKED in workshops_participants.asked([given.id])[given.id]
    ):
        return ""
    return url_for("workshops.ask_about_attendance", workshop_id=given.id)


def _ask_about_scores(given: WorkshopFacts, now: datetime) -> str:
    if (
        not closing.may_reopen(given, now)
        or HistoryKind.SCORES_ASKED in workshops_participants.asked([given.id])[given.id]
    ):
        return ""
    return (
        url_for("workshops.ask_about_scores", workshop_id=given.id) if workshops_participants.gaps(given).scores else ""
    )


def _present(one: Participant, session: SessionFacts, chosen: Mapping[UUID, Mark], *, prefilled: bool) -> Row:
    usual = Mark.PRESENT if prefilled else None
    shown = chosen.get(one.booking_id) or one.marks.get(session.id) or usual
    return {
        "field": f"mark-{one.booking_id}",
        "alias": one.alias,
        "sub": _about(one),
        "value": str(shown or ""),
        "word": attendance_label(shown) if shown else _("No mark"),
    }


def _about(one: Participant) -> str:
    if not one.country:
        return _("Seat %(n)s", n=one.seat)
    return _("Seat %(n)s, %(country)s", n=one.seat, country=country_name(one.country))


def _shut(refused: AttendanceRefusal | None, session: SessionFacts) -> str:
    if refused is AttendanceRefusal.NOT_BEGUN:
        hours = labels.hours(session.starts, session.ends)
        return _("Attendance can be recorded once the session has begun: %(day)s, %(hours)s.",
                 day=labels.short_day(session.day), hours=hours)  # fmt: skip
    if refused is AttendanceRefusal.COORDINATOR_ONLY:
        return _("The time for corrections is over. Ask a coordinator, and say why.")
    return ""


def _row_of(
    one: Participant, given: WorkshopFacts, by_whom: Mapping[tuple[UUID, str], Collection[UUID]], *, me: UUID,
    open_now: bool,
) -> Row:  # fmt: skip
    """Return a participant by alias: where somebody serves is nothing to assess by."""
    own = one.person_id == me
    cells = []
    for competency, _level in given.outcomes:
        assessors = by_whom.get((one.booking_id, competency), ())
        by_me = me in assessors
        reachable = not own and (by_me or open_now)
        cells.append(
            {
                "href": url_for(
                    "workshops.rubric", workshop_id=given.id, booking_id=one.booking_id, competency=competency
                )
                if reachable
                else "",
                "word": _cell(own=own, by_me=by_me, by_others=bool(assessors)),
                "kind": "good" if by_me else ("none" if own else ("here" if assessors else "open")),
                "competency": competency,
            }
        )
    return {"alias": one.alias, "sub": _("Seat %(n)s", n=one.seat), "cells": cells}


def _cell(*, own: bool, by_me: bool, by_others: bool) -> str:
    if own:
        return _("Yourself")
    if by_me:
        return _("Scored")
    return _("By another") if by_others else _("Score")


def _not_open(given: WorkshopFacts, now: datetime) -> str:
    if now < given.starts_at:
        return _("Scores are given from the first session on: %(day)s.", day=labels.short_day(given.first_day))
    return _("The time for scores is over. What was scored can be read.")


def _criterion(found: Rubrics, rubric: Rubric, name: str, language: str, chosen: int | None) -> Row:
    said = _spoken(found, f"{rubric.id}.{name}", language)
    labels = (pgettext("skill", "Not shown"), _("With help"), _("Alone"), _("Securely, explains it"))
    return {
        "id": name,
        "field": f"score-{name}",
        **said,
        "chosen": chosen,
        "steps": [
            {"value": value, "label": label, "text": said["parts"].get(step, ""), "chosen": chosen == value}
            for value, (label, step) in enumerate(zip(labels, STEPS, strict=True))
        ],
    }


def _spoken(found: Rubrics, name: str, language: str) -> Row:
    """Return a text with its language; nothing but its id where none was written."""
    for code in (language, "en"):
        text = found.texts[code].get(name) if code in found.texts else None
        if text is not None:
            break
    else:
        text, code = Text(name, name), "en"
    return {"title": text.title, "body": text.body, "parts": text.parts, "lang": code, "dir": direction(code)}
