"""View model of a product to mark: documents, what was produced, model answers, rubric, comment, other scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.references.rubrics import Rubric
from app.checks.domain import marking as rules
from app.checks.domain.marking import Calibrated
from app.checks.domain.products import MarkingPart, ProductState, is_overdue
from app.checks.forms.marking import MarkingForm
from app.checks.labels import marking as labels
from app.checks.pages import produced as produced_parts, rubric as rubric_rows
from app.checks.pages.marking import written_in
from app.checks.pages.produced import ProducedPart
from app.checks.pages.rubric import ComparedRow, MarkingCriterion, RubricTexts
from app.checks.queries import calibrations, marking as queries, products
from app.checks.queries.marking import OtherMarking, OwnMarking
from app.competence.labels.competencies import level as level_words
from app.quizzes.shapes import DocumentView
from app.web.pages import Page

BANK_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreComparison:
    """The scores of the assessors side by side, without names; `heads` name their parts. `text` is what follows."""

    heads: Sequence[str]
    rows: Sequence[ComparedRow]
    points: Sequence[str]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage(Page):
    """A product with its form; `is_open` until the scores are submitted. `problems` are (id of the field, message)."""

    template: ClassVar[str] = "checks/product.html"
    number: int
    name: str
    level: str
    language: str
    wanted: date
    is_overdue: bool
    lead: str
    is_open: bool
    may_ask_second: bool
    no_case: bool
    documents: Sequence[DocumentView]
    parts: Sequence[ProducedPart]
    criteria: Sequence[MarkingCriterion]
    rubric_title: str
    rubric_body: str
    rubric_lang: str
    comparison: ScoreComparison | None
    problems: Sequence[tuple[str, str]]
    form: MarkingForm
    comment: str
    bank: Sequence[tuple[UUID, str]]
    submit_url: str
    draft_url: str
    bank_url: str
    return_url: str

    @property
    def has_models(self) -> bool:
        """Return whether a part has a model answer."""
        return any(part.good or part.weak for part in self.parts)


def page(
    marking: OwnMarking,
    form: MarkingForm,
    now: datetime,
    *,
    sent: Mapping[str, int] | None = None,
    needs_all: bool = False,
) -> ProductPage:
    """Return the page of a product; `sent` are rejected scores of the form, of which `needs_all` asks for each.

    Raises NoResultFound without the rubric.
    """
    rubric = products.rubric_of(marking.competency, marking.level)
    if rubric is None:
        raise NoResultFound
    is_open, texts = marking.submitted_at is None, rubric_rows.read()
    parts = produced_parts.parts(products.produced(marking.version_id, marking.language, marking.attempt_id))
    task = products.task_of(marking.version_id, marking.task)
    text, language = texts.text(rubric.id)
    criteria = rubric_rows.criteria(texts, rubric, marking.scores if sent is None else sent, marks_missing=needs_all)
    return ProductPage(
        number=marking.number,
        name=texts.title(marking.competency),
        level=level_words(marking.level),
        language=written_in(marking.language),
        wanted=marking.wanted_by,
        is_overdue=is_open and is_overdue(marking.wanted_by, now.date()),
        lead="" if marking.submitted_at else str(_LEADS[marking.part]),
        is_open=is_open,
        may_ask_second=_may_ask_second(marking),
        no_case=calibrations.state(marking.marker_id, rubric, now.date()) is Calibrated.NO_CASE,
        documents=produced_parts.task_documents(marking.version_id, marking.language, task, parts),
        parts=parts,
        criteria=criteria,
        rubric_title=text.title,
        rubric_body=text.body,
        rubric_lang=language,
        comparison=_comparison(texts, marking, rubric),
        problems=_problems(criteria, form),
        form=form,
        comment=_comment(marking, form),
        bank=queries.bank(rubric.id, BANK_SHOWN) if is_open else (),
        submit_url=url_for("checks.submit_marking", number=marking.number),
        draft_url=url_for("checks.save_draft", number=marking.number),
        bank_url=url_for("checks.add_comment", number=marking.number),
        return_url=url_for("checks.return_product", number=marking.number),
    )


def _comment(marking: OwnMarking, form: MarkingForm) -> str:
    """Return the comment that was sent, or the saved one."""
    return marking.comment if form.comment.data is None else str(form.comment.data)


def _may_ask_second(marking: OwnMarking) -> bool:
    """Return whether the assessor may ask for a second one: at level specialist there always is one."""
    is_first = marking.part is MarkingPart.FIRST and marking.submitted_at is None
    return is_first and str(marking.level) != "specialist"


def _problems(criteria: Sequence[MarkingCriterion], form: MarkingForm) -> list[tuple[str, str]]:
    missing = [(row.field, _("Score “%(title)s”.", title=row.title)) for row in criteria if row.is_missing]
    return [*missing, *(("comment", error) for error in form.comment.errors)]


def _comparison(texts: RubricTexts, marking: OwnMarking, rubric: Rubric) -> ScoreComparison | None:
    """Return the scores of all assessors: for the third one, and for those who have submitted."""
    is_settler = marking.part is MarkingPart.SETTLING
    lines = _submitted(marking) if is_settler or marking.submitted_at is not None else []
    if not lines:
        return None
    scores = [line.scores for line in lines]
    return ScoreComparison(
        heads=[_head(line, marking) for line in lines],
        rows=rubric_rows.compared(texts, rubric, scores, rules.FAR),
        points=[_points(score, rubric) for score in scores],
        text=_after(marking, is_settler=is_settler),
    )


def _submitted(marking: OwnMarking) -> list[OtherMarking]:
    """Return the submitted markings of the product, with the own one, in the order of the parts."""
    own = [] if marking.submitted_at is None else [OtherMarking(marking.part, marking.scores)]
    return sorted([*own, *queries.others(marking)], key=lambda line: rules.PART_ORDER.index(line.part))


def _head(line: OtherMarking, marking: OwnMarking) -> str:
    label = str(labels.PARTS[line.part])
    return _("%(part)s (you)", part=label) if line.part is marking.part else label


def _points(scores: Mapping[str, int], rubric: Rubric) -> str:
    word = _("reached") if rules.reaches(rules.ratio_of(scores), rubric.mark) else _("not reached")
    most = rules.HIGHEST * len(rubric.criteria)
    return _("%(n)s of %(m)s: %(word)s", n=sum(scores.values()), m=most, word=word)


def _after(marking: OwnMarking, *, is_settler: bool) -> str:
    if is_settler and marking.submitted_at is None:
        return _("Two assessors differ. Your scores decide.")
    if marking.state is ProductState.MARKED:
        return _("The result is final.")
    if marking.state is ProductState.DIFFERENT or is_settler:
        return _("You differ. A third assessor settles it.")
    return _("Another assessor marks it, too. You then see both scores here.")


_LEADS: Mapping[MarkingPart, LazyString] = {
    MarkingPart.FIRST: lazy_gettext("You mark by number. Nothing here says who wrote it."),
    MarkingPart.SECOND: lazy_gettext("You are the second assessor. You see the first scores once you submit."),
    MarkingPart.SETTLING: lazy_gettext("You are the third assessor. Your scores decide."),
}
