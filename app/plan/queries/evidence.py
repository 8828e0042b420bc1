"""Evidence behind a counted record (`/plan/records/<number>`): `_READERS_BY_RULE` names all RULES of `domain.rules`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.catalogue.queries import courses as catalogue, versions
from app.competence.queries import competencies as competence
from app.learning.queries import learning_days, progress as learning
from app.plan.domain.definitions import Collected, collected
from app.plan.domain.records import RecordSource
from app.plan.domain.result_records import AttemptResult, CourseAttempts
from app.plan.domain.spans import served_on
from app.plan.queries import figures, result_sources, sources
from app.plan.shapes import CountedRecord
from app.quizzes.domain.attempts import Purpose
from app.workshops.queries import attendance, workshops

Fact = str | int | float | bool | None
MOST = 100  # pieces of evidence on a page


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A piece of evidence behind a record: its kind, its day, and plain facts that go with the kind.

    begun, completed        course, number (of the version)
    lesson, test, case      course (a day on which the officer was active)
    held                    competency, level, until (ISO day): a period in which a core competency is valid
    evidence                competency, level, kind, share, watched, voided, number
    published               course, number, checked_on (ISO day)
    reviewed                course, number, language
    closed                  workshop (id), kind
    session                 session (id), workshop (id), attended
    served                  the posting it counts in: country, agency_kind, roles
    reported                observation (id), value, source, has_file
    approved                observation (id): the day of the approval
    pretest, delayed        course, share (also of a test, for gain and retention)
    scored                  competency, level, share, workshop (id): an assessor's score
    incomplete              part, name, licensed, sourced: an item of a course
    evaluated               workshop (id), answers
    followed_up             workshop (id)
    committed, commitment_done, commitment_dropped   workshop (id)
    incident                severe; `incident_ended` has no facts
    agreed, action_due, action_done   (an action of a meeting: these days have no facts)
    """

    kind: str
    day: date | None
    facts: Mapping[str, Fact] = field(default_factory=dict)


def evidence_for(row: CountedRecord) -> list[EvidenceItem]:
    """Return the newest 100 pieces of evidence behind a record and the posting it counts in, the oldest first."""
    indicator = figures.definition(row.code, row.since).indicator
    rule = "observed" if collected(indicator) is Collected.INTERIM else indicator.rule
    items = sorted(_READERS_BY_RULE[rule](row), key=_by_day)[-MOST:] if rule in _READERS_BY_RULE else []
    if row.person_id is not None:
        items += _served(row, row.person_id)
    return sorted(items, key=_by_day)


def _by_day(item: EvidenceItem) -> tuple[date, str]:
    return item.day or date.min, item.kind


def _served(row: CountedRecord, person_id: UUID) -> Iterator[EvidenceItem]:
    """Return the posting in which an officer's record counts."""
    served = served_on(sources.served([person_id]).get(person_id, ()), row.since)
    if served is not None:
        facts = {"country": served.country, "agency_kind": served.agency_kind, "roles": " ".join(served.roles)}
        yield EvidenceItem("served", served.since, facts)


def _courses(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the enrolment of this record, or the first completion of a module."""
    lines = learning.enrolments([row.subject]).get(row.subject, [])
    if row.thing == "completion":
        lines = [
            enrolment
            for enrolment in lines
            if enrolment.completed_on == row.since and sources.is_module(enrolment.version_id)
        ][:1]
    else:
        lines = [enrolment for enrolment in lines if row.thing == f"enrolment:{enrolment.id}"]
    for enrolment in lines:
        outline = catalogue.outline(enrolment.version_id)
        facts: dict[str, Fact] = {"course": outline.code, "number": outline.number}
        yield EvidenceItem("begun", enrolment.begun_on, facts)
        if enrolment.completed_on is not None:
            yield EvidenceItem("completed", enrolment.completed_on, facts)


def _deeds(row: CountedRecord) -> Iterator[EvidenceItem]:
    codes = {course_id: editions[-1].outline.code for course_id, editions in _published(row.subject).items()}
    for deed in learning_days.learning_days([row.subject]).get(row.subject, []):
        if row.until is None or deed.day <= row.until:
            yield EvidenceItem(deed.kind, deed.day, {"course": codes.get(deed.course_id, "")})


def _published(person_id: UUID) -> Mapping[UUID, list[versions.Edition]]:
    return versions.editions({enrolment.course_id for enrolment in learning.enrolments([person_id]).get(person_id, [])})


def _core(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the periods of core competencies that overlap with the record, and all their evidence until its end."""
    core = frozenset(figures.definition(row.code, row.since).indicator.settings.get("core", ()))
    for period in competence.periods([row.subject]).get(row.subject, []):
        if period.competency in core and period.until >= row.since and (row.until is None or period.since <= row.until):
            facts: dict[str, Fact] = {
                "competency": period.competency,
                "level": str(period.level),
                "until": str(period.until),
            }
            yield EvidenceItem("held", period.since, facts)
    for competency in sorted(core):
        yield from _evidence(row, competency)


def _evidence(row: CountedRecord, competency: str) -> Iterator[EvidenceItem]:
    for piece in competence.evidence_of(row.subject, competency):
        if row.until is None or piece.day <= row.until:
            facts: dict[str, Fact] = {
                "competency": competency,
                "level": str(piece.level),
                "kind": str(piece.kind),
                "share": piece.share,
                "watched": piece.watched,
                "voided": piece.voided,
                "number": piece.id,
            }
            yield EvidenceItem("evidence", piece.day, facts)


def _versions(row: CountedRecord) -> Iterator[EvidenceItem]:
    part, _, name = row.thing.partition(":")
    for edition in versions.editions([row.subject]).get(row.subject, []):
        facts: dict[str, Fact] = {"course": edition.outline.code, "number": edition.outline.number}
        if part == "version" and name == str(edition.outline.number):
            yield EvidenceItem(
                "published", edition.published_on, facts | {"checked_on": str(edition.outline.facts.checked_on)}
            )
        elif part == "language" and edition.published_on <= (row.until or date.max):
            yield EvidenceItem("reviewed", edition.published_on, facts | {"language": name})


def _event(row: CountedRecord) -> Iterator[EvidenceItem]:
    line = workshops.event_for_plan(row.subject)
    yield EvidenceItem("closed", line.closed_on, {"workshop": str(line.id), "kind": str(line.kind)})


def _session(row: CountedRecord) -> Iterator[EvidenceItem]:
    for line in attendance.sessions_attended(row.subject):
        if row.thing == f"session:{line.session_id}:{line.person_id}":
            facts = {"session": str(line.session_id), "workshop": str(row.subject), "attended": line.attended}
            yield EvidenceItem("session", line.session_day, facts)


def _reported(row: CountedRecord) -> Iterator[EvidenceItem]:
    observation = figures.observation(row.subject)
    facts: dict[str, Fact] = {
        "observation": str(observation.id),
        "value": observation.value,
        "source": observation.source,
    }
    yield EvidenceItem("reported", observation.day, facts | {"has_file": observation.has_file})
    if observation.approved_at is not None:
        yield EvidenceItem("approved", observation.approved_at.date(), {"observation": str(observation.id)})


def _gain(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the pre-test and the first test handed in."""
    code = row.thing.partition(":")[2]
    for course in _results(row, code):
        for kind, purpose in (("pretest", Purpose.PRETEST), ("test", Purpose.TEST)):
            taken = [line for line in course.attempts if line.purpose is purpose and line.handed_in]
            for attempt in taken[:1]:
                yield EvidenceItem(kind, attempt.ended_at.date(), {"course": code, "share": attempt.score})


def _retained(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the passed test of a version and the answers to the delayed questions, until the record's day."""
    version_id = row.thing.partition(":")[2]
    outline = catalogue.outline(UUID(version_id))
    for course in _results(row, outline.code):
        for attempt in course.attempts:
            kind = _retention_kind(attempt, version_id)
            if kind and attempt.ended_at.date() <= row.since:
                yield EvidenceItem(kind, attempt.ended_at.date(), {"course": outline.code, "share": attempt.score})


def _retention_kind(attempt: AttemptResult, version_id: str) -> str:
    """Return as which kind of evidence an attempt counts for the retention of a version, "" for none."""
    if attempt.purpose is Purpose.RETENTION:
        return "delayed"
    is_passed = attempt.passed and str(attempt.version_id) == version_id and attempt.purpose is Purpose.TEST
    return "test" if is_passed else ""


def _results(row: CountedRecord, code: str) -> list[CourseAttempts]:
    results = result_sources.results([row.subject], {})[row.subject]
    return [course for course in results.courses if course.course == code]


def _case(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the first finished run of the case."""
    _thing, course, name = row.thing.split(":", 2)
    runs = result_sources.cases([row.subject], {})[row.subject].runs
    for run in [run for run in runs if run.course == course and run.name.startswith(name)][:1]:
        facts: dict[str, Fact] = {"course": course, "misses": run.misses, "false_alarms": run.false_alarms}
        yield EvidenceItem("case", run.finished_at.date(), facts)


def _agreement(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the scores of both assessors, also those corrected later; no assessor is named."""
    _thing, booking_id, competency, level = row.thing.split(":", 3)
    # a desk task is a result of its own: its booking is the subject
    event: dict[str, Fact] = {} if booking_id == str(row.subject) else {"workshop": str(row.subject)}
    for score in sources.assessments([row.subject])[row.subject].scores:
        if (str(score.booking_id), score.competency, score.level) == (booking_id, competency, level):
            facts: dict[str, Fact] = {"competency": competency, "level": level, "share": score.score}
            yield EvidenceItem("scored", score.scored_at.date(), facts | event)


def _content(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the version and its items that lack a licence or a source."""
    for edition in versions.editions([row.subject]).get(row.subject, []):
        outline = edition.outline
        if row.thing == f"content:{outline.number}":
            facts: dict[str, Fact] = {"course": outline.code, "number": outline.number}
            yield EvidenceItem("published", edition.published_on, facts)
            for line in versions.content_of(outline.version_id):
                if not (line.licensed and line.sourced):
                    yield EvidenceItem(
                        "incomplete",
                        edition.published_on,
                        {"part": line.kind, "name": line.name, "licensed": line.licensed, "sourced": line.sourced},
                    )


def _incident(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the beginning and the end of the incident."""
    for incident in result_sources.incident_list().incidents:
        if row.thing == f"incident:{incident.id}":
            yield EvidenceItem("incident", incident.begun, {"severe": incident.severe})
            if incident.ended is not None:
                yield EvidenceItem("incident_ended", incident.ended, {})


def _action(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the days of an action: of the meeting, the first due date, and of its end."""
    action = sources.agreed_actions([row.subject])[row.subject]
    yield EvidenceItem("agreed", action.agreed)
    yield EvidenceItem("action_due", action.first_due)
    if action.done is not None:
        yield EvidenceItem("action_done", action.done)


def _evaluation(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the event with its number of answers; no answer is shown by itself."""
    answers = len(sources.records_of(RecordSource.EVALUATIONS, [row.subject])[row.subject].answers)
    yield EvidenceItem("evaluated", row.since, {"workshop": str(row.subject), "answers": answers})


def _follow_up(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the event whose follow-up it is; neither answers nor their day, which belong to the officer."""
    yield EvidenceItem("followed_up", row.since, {"workshop": str(row.subject)})


def _commitment(row: CountedRecord) -> Iterator[EvidenceItem]:
    """Return the days on which a commitment was made and ended."""
    for commitment in sources.records_of(RecordSource.COMMITMENTS, [row.subject])[row.subject].commitments:
        if row.thing == f"commitment:{commitment.id}":
            facts: dict[str, Fact] = {"workshop": str(row.subject)}
            yield EvidenceItem("committed", commitment.made_on, facts)
            if commitment.ended is not None:
                kind = "commitment_done" if commitment.is_done else "commitment_dropped"
                yield EvidenceItem(kind, commitment.ended, facts)


_READERS_BY_RULE: Mapping[str, Callable[[CountedRecord], Iterable[EvidenceItem]]] = {
    "completers": _courses,
    "completed_of_started": _courses,
    "active_countries": _deeds,
    "verified_in_all": _core,
    "verified_in_all_share": _core,
    "modules_current": _versions,
    "translations_reviewed": _versions,
    "events_closed": _event,
    "session_attendance": _session,
    "mean_gain": _gain,
    "retained_share": _retained,
    "scenario_accuracy": _case,
    "assessors_agree": _agreement,
    "content_marked": _content,
    "incidents": _incident,
    "action_points_on_time": _action,
    "evaluation_mean": _evaluation,
    "follow_up_reports": _follow_up,
    "commitments_done": _commitment,
    "offered_seats_used": _event,
    "women_among_attended": _event,
    "observed": _reported,
    "observed_countries": _reported,
}
