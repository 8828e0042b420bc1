"""One competency of a person, on one screen: the date, why it is that date, the evidence, what would prolong it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies, Competency
from app.competence.domain.claims import ClaimState
from app.competence.domain.display import TrainingStage
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.statuses import VerificationStatus
from app.competence.labels import competencies, evidence
from app.competence.queries import competencies as competence
from app.competence.shapes import ClaimLine, CompetencyStatus, EvidenceLine, NextStep, Outlook
from app.home.pages import path
from app.home.pages.path import Ways
from app.i18n.babel import words as in_words

COURSE = {EvidenceKind.MODULE, EvidenceKind.REFRESHER, EvidenceKind.QUIZ, EvidenceKind.SCENARIO}  # parts of a course
CHECKED = {EvidenceKind.CHECK, EvidenceKind.SURPRISE}
AHEAD = (0, 91, 182, 365)  # days from today


@dataclass(frozen=True, slots=True)
class CompetencyDetails:
    """All that is known of a person and a competency today."""

    stands: CompetencyStatus
    outlook: Outlook
    evidence: Sequence[EvidenceLine]
    claims: Sequence[ClaimLine]
    ahead: Sequence[tuple[date, float]]
    today: date


def know(person_id: UUID, roles: Collection[str], entry: Competency, today: date) -> CompetencyDetails:
    """Return all that is known of a person and a competency of the framework."""
    lines = competence.path(person_id, roles, today)
    stands = next((one for one in lines if one.competency == entry.id), None) or _unasked(entry)
    at = stands.needed or stands.level
    return CompetencyDetails(
        stands=stands,
        outlook=competence.outlook(person_id, entry.id, at, today),
        evidence=competence.evidence_of(person_id, entry.id),
        claims=[one for one in competence.claims_of(person_id) if one.competency == entry.id],
        ahead=competence.ahead(person_id, entry.id, at, [today + timedelta(days=days) for days in AHEAD]),
        today=today,
    )


def show(known: CompetencyDetails, framework: Competencies, entry: Competency, ways: Ways) -> dict[str, Any]:
    """Return everything that the page of a competency shows."""
    stands = known.stands
    at = stands.needed or stands.level
    return {
        "competency": _competency(framework, entry, at),
        "stands": competencies.dates(stands.status, stands.until),
        "by_name": stands.by_name,
        "needed": stands.needed is not None,
        "why": why(known, framework),
        "steps": path.steps(stands, ways),
        "for_others": ways.is_for_others(stands),
        "prolong": [_prolong(step, stands, ways) for step in known.outlook.next_kinds],
        "moments": [evidence.line(one) for one in known.evidence],
        "today": known.today,
        "calculated": calculated(known),
        "claim": claim(known, entry, framework),
    }


def why(known: CompetencyDetails, framework: Competencies) -> list[str]:
    """Return the sentences that say why the date is what it is, or who can verify where there is none."""
    stands, until = known.stands, known.outlook.until
    at = stands.needed or stands.level
    if until is None:
        return [_stage(known), competencies.verified_by(framework, at)]
    day = in_words(until)
    if stands.status is VerificationStatus.LAPSED:
        return [_ended(known, day), _("Lapsed means: practise again. What you have shown stays in your record.")]
    found = [*_seen(known), _holds(known, framework, day)]
    if stands.status is VerificationStatus.DUE:
        found.append(_("It still counts until that day. Now is a good time to practise."))
    return found


def calculated(known: CompetencyDetails) -> dict[str, Any] | None:
    """Return the chance in words with its number, and what is to come; without one, why it is not shown.

    None without evidence.
    """
    if not known.evidence:
        return None
    chance = known.outlook.chance
    if chance is not None:
        ahead = [(day, competencies.likelihood(p)) for day, p in known.ahead]
        return {
            "word": competencies.likelihood(chance),
            "percent": competencies.percent(chance),
            "ahead": ahead,
            "hidden": "",
        }
    if known.outlook.watched:
        hidden = _("No chance is shown: a watched check has to confirm first what you did alone.")
    else:
        hidden = _("No chance is shown: nobody has watched you do it yet.")
    return {"word": "", "percent": "", "ahead": [], "hidden": hidden}


def claim(known: CompetencyDetails, entry: Competency, framework: Competencies) -> dict[str, Any] | None:
    """Return the claim of an earlier skill that stands, or what may be claimed; None where there is evidence."""
    latest = next(iter(known.claims), None)
    if latest is not None and latest.state is not ClaimState.WITHDRAWN:
        return {
            "state": str(latest.state),
            "level": competencies.level(latest.level),
            "at": latest.claimed_at,
            "reason": latest.reason,
            "url": url_for("home.withdraw_claim", competency=entry.id),
        }
    if known.evidence:
        return None
    return {
        "state": "open",
        "levels": [_choice(framework, entry.id, each) for each in entry.levels],
        "chosen": str(known.stands.needed or known.stands.level),
        "url": url_for("home.claim_skill", competency=entry.id),
    }


def _unasked(entry: Competency) -> CompetencyStatus:
    return CompetencyStatus(
        competency=entry.id,
        level=entry.levels[0],
        status=VerificationStatus.NOT_STARTED,
        p=0.0,
        until=None,
        since=None,
        last_on=None,
        needed=None,
        by_name=False,
        watched=False,
    )


def _competency(framework: Competencies, entry: Competency, at: Level) -> dict[str, Any]:
    named = competencies.title(framework, entry.id)
    found, code = competencies.text(framework, entry.id)
    return {
        "id": entry.id,
        "title": named.text,
        "body": found.body if found else "",
        "means": competencies.meaning(framework, entry.id, at),
        "lang": code,
        "dir": named.dir,
        "level": competencies.level(at),
        "area": competencies.title(framework, entry.area),
        "months": entry.months,
    }


def _choice(framework: Competencies, name: str, at: Level) -> tuple[str, str]:
    means = competencies.meaning(framework, name, at)
    return str(at), _("%(kind)s: %(title)s", kind=competencies.level(at), title=means) if means else competencies.level(
        at
    )


def _last_watched(known: CompetencyDetails) -> EvidenceLine | None:
    """Return the newest watched evidence that counts."""
    return next((one for one in reversed(known.evidence) if one.watched and not one.voided), None)


def _passed(known: CompetencyDetails) -> list[EvidenceLine]:
    """Return the watched evidence that counts and reached the mark."""
    return [one for one in known.evidence if one.watched and not one.voided and evidence.reached(one)]


def _stage(known: CompetencyDetails) -> str:
    """Return how far an officer has come who is not verified."""
    stage = known.outlook.stage
    if stage is None:
        return _("There is no evidence yet.")
    if stage is TrainingStage.WATCHED and _passed(known):
        return _("Seen, mark reached, but not yet sure enough to verify.")
    return competencies.stage(stage)


def _seen(known: CompetencyDetails) -> list[str]:
    """Return the sentence that says who saw the skill last with success, and when."""
    passed = _passed(known)
    if not passed:
        return []
    day = in_words(passed[-1].day)
    if passed[-1].kind in CHECKED:
        return [_("You passed a watched check on %(day)s.", day=day)]
    return [_("An assessor saw you do it on %(day)s.", day=day)]


def _holds(known: CompetencyDetails, framework: Competencies, day: str) -> str:
    if known.outlook.ends_by == "watched":
        months = competencies.months(framework, known.stands.competency)
        return ngettext(
            "It counts until %(day)s: a new watched check is due %(num)s month after the last one.",
            "It counts until %(day)s: a new watched check is due %(num)s months after the last one.",
            months,
            day=day,
        )
    return _(
        "It counts until %(day)s, because such a skill fades; what you do alone can carry it further, "
        "but only a person who watches can give it or end it.",
        day=day,
    )


def _ended(known: CompetencyDetails, day: str) -> str:
    until, last = known.outlook.until, _last_watched(known)
    if last is not None and until is not None and last.day > until and not evidence.reached(last):
        return _("It counted until %(day)s. The watched check after that did not reach the mark.", day=day)
    if known.outlook.ends_by == "watched":
        return _("It counted until %(day)s, when a new watched check was due.", day=day)
    return _("It counted until %(day)s, because such a skill fades.", day=day)


def _prolong(step: NextStep, stands: CompetencyStatus, ways: Ways) -> dict[str, Any]:
    href, note = _door(step.kind, stands, ways)
    return {
        "name": competencies.kind(step.kind),
        "until": step.until,
        "href": href,
        "note": note,
        "verifies": stands.until is None or stands.status is VerificationStatus.LAPSED,
    }


def _door(kind: EvidenceKind, stands: CompetencyStatus, ways: Ways) -> tuple[str, str]:
    """Return where such evidence can be had, or why it cannot be had now."""
    if kind in COURSE:
        course = ways.course(stands.competency)
        return (path.course_href(course), "") if course else ("", _("No course for this is published yet"))
    if kind is EvidenceKind.WORKSHOP:
        event = ways.event(stands)
        if event is None:
            others = ways.is_for_others(stands)
            return "", _("What is announced is for other roles") if others else _("No date is announced yet")
        return path.event_href(event), ""
    return "", _("Not offered in the academy yet")
