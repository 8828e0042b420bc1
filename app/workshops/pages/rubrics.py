"""Build the pages of rubrics: one participant with all criteria, and one criterion with all participants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext, pgettext
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.catalogue.domain.references.rubrics import EXERCISE, STEPS, Rubric, Rubrics
from app.catalogue.domain.references.texts import Text
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import level as level_words
from app.i18n.languages import current
from app.identity.queries import people as accounts
from app.learning import labels as learning_pages
from app.web.pages import Page
from app.workshops.domain.scoring import HIGHEST
from app.workshops.forms.on_the_day import CommentForm
from app.workshops.forms.scoring import ScoreForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.pages.session_forms import not_open
from app.workshops.queries import bookings, participants as workshops_participants, rubric_sheets
from app.workshops.queries.participants import AssessmentLine
from app.workshops.queries.rubric_sheets import SheetLine
from app.workshops.service import results
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """A criterion of a rubric; a step is (score, label, text, whether it is chosen).

    `is_missing` after it was submitted without a score.
    """

    field: str
    text: Text
    lang: str
    steps: Sequence[tuple[int, str, str, bool]]
    is_missing: bool


@dataclass(frozen=True, slots=True)
class SentRubric:
    """A submitted rubric; without `scores` and `comment` the page shows what is saved."""

    form: ScoreForm = field(default_factory=ScoreForm)
    comment: CommentForm | None = None
    scores: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricPage(Page):
    """The rubric of a competency for a participant; `before` are the actor's earlier scores, `points` their sum.

    `exercise` is the sheet of the exercise with its language, None if the rubric has none. `problems` are (id of the
    field, message); `refusal` is why scores cannot be saved now.
    """

    template: ClassVar[str] = "teaching/rubric.html"
    back_url: str
    alias: str
    competency: str
    name: str
    level: str
    text: Text
    lang: str
    exercise: tuple[Text, str] | None
    criteria: Sequence[CriterionRow]
    before: AssessmentLine | None
    points: str
    refusal: str
    problems: Sequence[tuple[str, str]]
    form: ScoreForm
    comment: CommentForm
    is_begun: bool
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionScoreRow:
    """A participant in the view of one criterion; `score` is the label of a saved score that is not changed here."""

    field: str
    alias: str
    lang: str
    steps: Sequence[tuple[int, str, str, bool]]
    score: str
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionPage(Page):
    """One criterion of a rubric for all participants; `others` are the criteria as (title, language, address)."""

    template: ClassVar[str] = "teaching/criterion.html"
    heading: EventHeading
    back_url: str
    competency: str
    text: Text
    lang: str
    step_texts: Sequence[tuple[str, str]]
    people: Sequence[CriterionScoreRow]
    others: Sequence[tuple[Text, str, str]]
    refusal: str
    action: str


def rubric_page(
    actor: Actor,
    workshop: WorkshopFacts,
    rubric: Rubric,
    *,
    booking_id: UUID,
    sent: SentRubric,
    now: datetime,
) -> RubricPage:
    """Return the page of a rubric with the submitted scores, or with those of the actor's earlier assessment.

    Raises NoResultFound for the actor's own booking: assessors do not score themselves.
    """
    person_id = workshops_participants.participant(workshop.id, booking_id)
    if person_id == actor.id:
        raise NoResultFound
    before = workshops_participants.assessment_of(workshop.id, booking_id, rubric.competency, actor.id)
    sheet = rubric_sheets.sheet(booking_id, rubric.competency, actor.id)
    rubrics = catalogue.rubrics() or Rubrics()
    titles = catalogue.competency_titles(current())
    is_open = results.can_score(workshop, now)
    criteria = _criteria(rubrics, rubric, sent.scores, _saved(before, sheet))
    text, language = _localized(rubrics, rubric.id)
    return RubricPage(
        back_url=url_for("workshops.participants", workshop_id=workshop.id),
        alias=accounts.names([person_id]).get(person_id, ""),
        competency=rubric.competency,
        name=titles.get(rubric.competency, rubric.competency),
        level=level_words(rubric.level),
        text=text,
        lang=language,
        exercise=_localized(rubrics, f"{rubric.id}.{EXERCISE}") if rubric.model else None,
        criteria=criteria,
        before=before,
        points=_points(before, len(criteria), is_open=is_open),
        refusal="" if is_open else not_open(workshop, now),
        problems=[*_missing_scores(criteria), *_form_problems(sent)],
        form=sent.form,
        comment=sent.comment or _saved_comment(sheet),
        is_begun=before is None and _has_scores(sheet),
        action=url_for("workshops.score", workshop_id=workshop.id, booking_id=booking_id, competency=rubric.competency),
    )


def criterion_page(
    actor: Actor, workshop: WorkshopFacts, rubric: Rubric, criterion: str, now: datetime
) -> CriterionPage:
    """Return one criterion for all participants; raise NoResultFound if the rubric has no such criterion."""
    if criterion not in rubric.criteria:
        raise NoResultFound
    rubrics = catalogue.rubrics() or Rubrics()
    text, language = _localized(rubrics, f"{rubric.id}.{criterion}")
    url = url_for(
        "workshops.show_criterion", workshop_id=workshop.id, competency=rubric.competency, criterion=criterion
    )
    return CriterionPage(
        heading=event.heading_of(workshop),
        back_url=url_for("workshops.participants", workshop_id=workshop.id),
        competency=rubric.competency,
        text=text,
        lang=language,
        step_texts=[(label, step_text) for _value, label, step_text, _chosen in _steps(text, None)],
        people=_criterion_rows(actor, workshop, rubric, criterion, (text, language)),
        others=[_other(workshop, rubrics, rubric, name) for name in rubric.criteria if name != criterion],
        refusal="" if results.can_score(workshop, now) else not_open(workshop, now),
        action=url,
    )


def next_booking(workshop: WorkshopFacts, competency: str, booking_id: UUID, assessor_id: UUID) -> UUID | None:
    """Return the next participant by seat whom the assessor has not scored in a competency, or None."""
    scored = _scored_bookings(workshop.id, competency, assessor_id)
    seated = [booking for booking in bookings.seated(workshop.id) if booking.person_id != assessor_id]
    ids = [booking.id for booking in seated]
    start = ids.index(booking_id) + 1 if booking_id in ids else 0
    return next((key for key in (*ids[start:], *ids[:start]) if key not in scored and key != booking_id), None)


def _scored_bookings(workshop_id: UUID, competency: str, assessor_id: UUID) -> set[UUID]:
    return {
        line.booking_id
        for line in workshops_participants.assessments(workshop_id)
        if line.competency == competency and line.assessor_id == assessor_id
    }


def _criterion_rows(
    actor: Actor, workshop: WorkshopFacts, rubric: Rubric, criterion: str, localized: tuple[Text, str]
) -> list[CriterionScoreRow]:
    seated = [booking for booking in bookings.seated(workshop.id) if booking.person_id != actor.id]
    aliases = accounts.names([booking.person_id for booking in seated])
    sheets = rubric_sheets.sheets([booking.id for booking in seated], rubric.competency, actor.id)
    scored = rubric_sheets.scored_by(workshop.id, rubric.competency, actor.id)
    text, language = localized
    rows = []
    for booking in seated:
        sheet = sheets.get(booking.id)
        saved = sheet.scores if sheet else {}
        missing = len(rubric.criteria) - len(saved)
        rows.append(
            CriterionScoreRow(
                field=f"score-{booking.id}",
                alias=aliases.get(booking.person_id, ""),
                lang=language,
                steps=[
                    (value, label, "", chosen) for value, label, _text, chosen in _steps(text, saved.get(criterion))
                ],
                score=_score_label(scored.get(booking.id), criterion),
                left=ngettext("%(num)s criterion is open", "%(num)s criteria are open", missing),
            )
        )
    return rows


def _score_label(scores: Mapping[str, int] | None, criterion: str) -> str:
    """Return the label of a recorded score, or "" without one."""
    if scores is None or criterion not in scores:
        return ""
    return _step_names()[scores[criterion]]


def _other(workshop: WorkshopFacts, rubrics: Rubrics, rubric: Rubric, criterion: str) -> tuple[Text, str, str]:
    text, language = _localized(rubrics, f"{rubric.id}.{criterion}")
    url = url_for(
        "workshops.show_criterion", workshop_id=workshop.id, competency=rubric.competency, criterion=criterion
    )
    return text, language, url


def _saved(before: AssessmentLine | None, sheet: SheetLine | None) -> Mapping[str, int]:
    if before is not None:
        return before.scores
    return sheet.scores if sheet else {}


def _saved_comment(sheet: SheetLine | None) -> CommentForm:
    return CommentForm(comment=sheet.comment if sheet else "")


def _has_scores(sheet: SheetLine | None) -> bool:
    return sheet is not None and bool(sheet.scores)


def _missing_scores(criteria: Sequence[CriterionRow]) -> list[tuple[str, str]]:
    return [(row.field, _("Score “%(title)s”.", title=row.text.title)) for row in criteria if row.is_missing]


def _form_problems(sent: SentRubric) -> list[tuple[str, str]]:
    problems = [("reason", str(error)) for error in sent.form.reason.errors]
    comment = sent.comment.comment.errors if sent.comment else ()
    return [*problems, *(("comment", str(error)) for error in comment)]


def _points(before: AssessmentLine | None, criteria: int, *, is_open: bool) -> str:
    if before is None:
        return ""
    points, most = sum(before.scores.values()), HIGHEST * criteria
    if is_open:
        return _("%(n)s of %(m)s points. To correct them, choose other scores and give a reason.", n=points, m=most)
    return _("%(n)s of %(m)s points.", n=points, m=most)


def _criteria(
    rubrics: Rubrics, rubric: Rubric, submitted: Mapping[str, int] | None, saved: Mapping[str, int]
) -> list[CriterionRow]:
    chosen = saved if submitted is None else submitted
    rows = []
    for name in rubric.criteria:
        text, language = _localized(rubrics, f"{rubric.id}.{name}")
        is_missing = submitted is not None and name not in submitted
        steps = _steps(text, chosen.get(name))
        rows.append(CriterionRow(field=f"score-{name}", text=text, lang=language, steps=steps, is_missing=is_missing))
    return rows


def _steps(text: Text, chosen: int | None) -> list[tuple[int, str, str, bool]]:
    names = _step_names()
    return [
        (value, label, text.parts.get(step, ""), chosen == value)
        for value, (label, step) in enumerate(zip(names, STEPS, strict=True))
    ]


def _localized(rubrics: Rubrics, name: str) -> tuple[Text, str]:
    """Return a text in the language of the user or in English, or its id if it has no text."""
    for code in (learning_pages.wanted(), "en"):
        text = rubrics.texts[code].get(name) if code in rubrics.texts else None
        if text is not None:
            return text, code
    return Text(name, name), "en"


def _step_names() -> tuple[str, ...]:
    return (pgettext("skill", "Not shown"), _("With help"), _("Alone"), _("Securely, explains it"))
