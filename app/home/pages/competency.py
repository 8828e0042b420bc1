"""Page model of `/path/<competency>`: the date and its reason, the evidence, and what would extend it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies, Competency
from app.checks.domain.products import product_of_source
from app.checks.domain.ways import WayKind
from app.competence.domain.claims import ClaimState
from app.competence.domain.display import TrainingStage
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.statuses import VerificationStatus
from app.competence.labels import competencies, evidence
from app.competence.labels.evidence import EvidenceDetails
from app.competence.queries import competencies as competence
from app.competence.shapes import ClaimLine, CompetencyStatus, EvidenceLine, NextStep, Outlook
from app.home.pages import path
from app.home.pages.path import FrameworkCompetency, Offers, PathLine
from app.home.pages.verification import VerificationWays, verification_ways
from app.i18n.babel import words as in_words
from app.i18n.stored_translations import TranslatedText
from app.web.pages import Page

COURSE = {EvidenceKind.MODULE, EvidenceKind.REFRESHER, EvidenceKind.QUIZ, EvidenceKind.SCENARIO}  # parts of a course
CHECKED = {EvidenceKind.CHECK, EvidenceKind.SURPRISE}
AHEAD = (0, 91, 182, 365)  # days from today


@dataclass(frozen=True, slots=True, kw_only=True)
class Prolongation:
    """A kind of evidence that would verify or extend a competency; `note` says why there is no link."""

    name: str
    until: date | None
    href: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """The chance today and on later days in words, or in `hidden` why it is not shown."""

    word: str = ""
    percent: str = ""
    ahead: Sequence[tuple[date, str]] = ()
    hidden: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetencyPage(Page):
    """A competency of the user; without a claim and evidence, the `levels` that may be claimed.

    `practice_url` is empty before there is evidence. `claim_level` is the label of the claimed level, or the chosen
    level; `mistakes` are the form's errors by field.
    """

    template: ClassVar[str] = "home/competency.html"
    line: PathLine
    practice_url: str
    area: TranslatedText
    body: str
    meaning: str
    months: int
    needed_by: str
    why: Sequence[str]
    verifies: bool
    ways: VerificationWays | None
    prolong: Sequence[Prolongation]
    moments: Sequence[EvidenceDetails]
    today: date
    calculated: Calculation | None
    claim: ClaimLine | None
    claim_level: str
    levels: Sequence[tuple[str, str]]
    mistakes: Sequence[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class CompetencyDetails:
    """The data about a person and a competency today."""

    status: CompetencyStatus
    outlook: Outlook
    evidence: Sequence[EvidenceLine]
    claims: Sequence[ClaimLine]
    ahead: Sequence[tuple[date, float]]
    today: date


def details(person_id: UUID, roles: Collection[str], entry: Competency, today: date) -> CompetencyDetails:
    """Return the data about a person and a competency of the framework."""
    lines = competence.path(person_id, roles, today)
    status = next((line for line in lines if line.competency == entry.id), None) or _not_started(entry)
    at = status.needed or status.level
    return CompetencyDetails(
        status=status,
        outlook=competence.outlook(person_id, entry.id, at, today),
        evidence=competence.evidence_of(person_id, entry.id),
        claims=[claim for claim in competence.claims_of(person_id) if claim.competency == entry.id],
        ahead=competence.chances_on(person_id, entry.id, at, [today + timedelta(days=days) for days in AHEAD]),
        today=today,
    )


def competency_page(
    details: CompetencyDetails,
    competency: FrameworkCompetency,
    offers: Offers,
    mistakes: Sequence[tuple[str, object]],
    watchers: Mapping[int, str],
    desk_tasks: Collection[UUID] = (),
) -> CompetencyPage:
    """Return the page of a competency of the user; `watchers`: who watched, by the number of the evidence.

    `desk_tasks` are those of the user, by id.
    """
    framework, entry, status = competency.framework, competency.entry, details.status
    at = status.needed or status.level
    text, _code = competencies.text(framework, entry.id)
    claim = _latest_claim(details)
    return CompetencyPage(
        line=path.path_line(status, framework, offers),
        practice_url=_practice_url(details, entry),
        area=competencies.title(framework, entry.area),
        body=text.body if text else "",
        meaning=competencies.meaning(framework, entry.id, at),
        months=entry.months,
        needed_by=_needed_by(status),
        why=why(details, framework),
        verifies=status.until is None or status.status is VerificationStatus.LAPSED,
        ways=verification_ways(status, details.outlook.stage, offers),
        prolong=[_prolong(step, status, offers) for step in details.outlook.next_kinds],
        moments=[_moment(line, watchers.get(line.id, ""), desk_tasks) for line in details.evidence],
        today=details.today,
        calculated=calculation(details),
        claim=claim,
        claim_level=competencies.level(claim.level) if claim else str(at),
        levels=_levels(details, competency),
        mistakes=mistakes,
    )


def _moment(line: EvidenceLine, watchers: str, desk_tasks: Collection[UUID]) -> EvidenceDetails:
    details, product_id = evidence.line(line), product_of_source(line.source)
    result_url = url_for("checks.show_check_result", product_id=product_id) if product_id in desk_tasks else ""
    return replace(details, watched=watchers or details.watched, result_url=result_url)


def _practice_url(details: CompetencyDetails, entry: Competency) -> str:
    """Return the address of practice, "" before there is evidence: other questions belong to the pre-test."""
    return url_for("home.show_practice", competency=entry.id) if details.evidence else ""


def _levels(details: CompetencyDetails, competency: FrameworkCompetency) -> list[tuple[str, str]]:
    """Return the levels that may be claimed: none with evidence or a claim."""
    if details.evidence or _latest_claim(details) is not None:
        return []
    return [_choice(competency.framework, competency.entry.id, level) for level in competency.entry.levels]


def _needed_by(status: CompetencyStatus) -> str:
    if status.by_name:
        return _("Required by name")
    return _("By your role") if status.needed is not None else _("Not required")


def why(details: CompetencyDetails, framework: Competencies) -> list[str]:
    """Return the sentences that explain the date, or without a date who can verify the competency."""
    status, until = details.status, details.outlook.until
    if until is None:
        return [_stage(details), competencies.verified_by(framework, status.needed or status.level)]
    day = in_words(until)
    if status.status is VerificationStatus.LAPSED:
        return [_ended(details, day), _("Lapsed means: practise again. What you have shown stays in your record.")]
    reasons = [*_last_success(details), _valid_until(details, framework, day)]
    if status.status is VerificationStatus.DUE:
        reasons.append(_("It still counts until that day. Now is a good time to practise."))
    return reasons


def calculation(details: CompetencyDetails) -> Calculation | None:
    """Return the chance in words and as a number, or why it is not shown; None without evidence."""
    if not details.evidence:
        return None
    chance = details.outlook.chance
    if chance is not None:
        return Calculation(
            word=competencies.likelihood(chance),
            percent=competencies.percent(chance),
            ahead=[(day, competencies.likelihood(p)) for day, p in details.ahead],
        )
    if details.outlook.watched:
        return Calculation(hidden=_("No chance is shown: a watched check has to confirm first what you did alone."))
    return Calculation(hidden=_("No chance is shown: no one has watched you do it yet."))


def _latest_claim(details: CompetencyDetails) -> ClaimLine | None:
    latest = next(iter(details.claims), None)
    return latest if latest is not None and latest.state is not ClaimState.WITHDRAWN else None


def _not_started(entry: Competency) -> CompetencyStatus:
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


def _choice(framework: Competencies, competency: str, level: Level) -> tuple[str, str]:
    meaning, label = competencies.meaning(framework, competency, level), competencies.level(level)
    return str(level), _("%(kind)s: %(title)s", kind=label, title=meaning) if meaning else label


def _last_watched(details: CompetencyDetails) -> EvidenceLine | None:
    """Return the newest watched evidence that counts."""
    return next((line for line in reversed(details.evidence) if line.watched and not line.voided), None)


def _passed(details: CompetencyDetails) -> list[EvidenceLine]:
    """Return the watched evidence that counts and reached the pass mark."""
    return [line for line in details.evidence if line.watched and not line.voided and evidence.is_passed(line)]


def _stage(details: CompetencyDetails) -> str:
    """Return how far an officer is who is not verified."""
    stage = details.outlook.stage
    if stage is None:
        return _("There is no evidence yet.")
    if stage is TrainingStage.WATCHED and _passed(details):
        return _("Seen, mark reached, but not yet sure enough to verify.")
    return competencies.stage(stage)


def _last_success(details: CompetencyDetails) -> list[str]:
    """Return the sentence about the latest watched success, if there is one."""
    passed = _passed(details)
    if not passed:
        return []
    day = in_words(passed[-1].day)
    if passed[-1].kind in CHECKED:
        return [_("You passed a watched check on %(day)s.", day=day)]
    if passed[-1].kind is EvidenceKind.DESK_TASK:
        return [_("An assessor scored the desk task that you did in a sitting on %(day)s.", day=day)]
    return [_("An assessor saw you do it on %(day)s.", day=day)]


def _valid_until(details: CompetencyDetails, framework: Competencies, day: str) -> str:
    if details.outlook.ends_by == "watched":
        months = competencies.months(framework, details.status.competency)
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


def _ended(details: CompetencyDetails, day: str) -> str:
    until, last = details.outlook.until, _last_watched(details)
    if last is not None and until is not None and last.day > until and not evidence.is_passed(last):
        return _("It counted until %(day)s. The watched check after that did not reach the mark.", day=day)
    if details.outlook.ends_by == "watched":
        return _("It counted until %(day)s, when a new watched check was due.", day=day)
    return _("It counted until %(day)s, because such a skill fades.", day=day)


def _prolong(step: NextStep, status: CompetencyStatus, offers: Offers) -> Prolongation:
    if step.kind is EvidenceKind.REVIEW:
        href, note = url_for("home.show_practice", competency=status.competency), ""
    else:
        href, note = _link_or_note(step.kind, status, offers)
    return Prolongation(name=competencies.kind(step.kind), until=_until(step, status, offers), href=href, note=note)


def _until(step: NextStep, status: CompetencyStatus, offers: Offers) -> date | None:
    """Return the last valid day after a step: of a desk task where no workshop is announced, None if one is too few."""
    tasks = offers.desk_tasks_for(status)
    if step.kind is not EvidenceKind.WORKSHOP or tasks is None or offers.workshop(status) is not None:
        return step.until
    return tasks.until if tasks.count == 1 else None


def _link_or_note(kind: EvidenceKind, status: CompetencyStatus, offers: Offers) -> tuple[str, str]:
    """Return the address where such evidence can be earned, or a note why there is none now."""
    if kind in COURSE:
        course = offers.course(status.competency)
        if course is None:
            return "", _("No course for this is published yet")
        return url_for("learning.course", course=course.outline.slug), ""
    if kind is EvidenceKind.WORKSHOP and (workshop := offers.workshop(status)):
        return url_for("workshops.show_workshop", workshop_id=workshop.line.id), ""
    return _sitting_or_note(kind, status, offers)


def _sitting_or_note(kind: EvidenceKind, status: CompetencyStatus, offers: Offers) -> tuple[str, str]:
    """Return the part of the page that names the ways in sittings, or a note why there is none now."""
    how = WayKind.CHECK if kind is EvidenceKind.CHECK else WayKind.DESK_TASK
    if any(way.how is how for way in offers.ways_to(status)):
        return "#ways", ""
    if kind is EvidenceKind.CHECK:
        return "", _no_check(status)
    if offers.is_for_others(status):
        return "", _("The announced workshops are for other roles")
    return "", _("No date is announced yet")


def _no_check(status: CompetencyStatus) -> str:
    if status.status is VerificationStatus.VERIFIED:
        return _("You can ask for one when it is due")
    return _("Not offered in the academy yet")
