"""View model of the officer's own result of a desk task: own answers, scores, comments; no documents, no models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask_babel import gettext as _, pgettext
from sqlalchemy.exc import NoResultFound

from app.access.targets import Target
from app.checks.domain import marking as rules
from app.checks.domain.products import ProductState
from app.checks.labels import marking as labels
from app.checks.pages import produced as produced_parts, rubric as rubric_rows
from app.checks.pages.produced import OwnPart
from app.checks.pages.rubric import RubricTexts
from app.checks.queries import products
from app.checks.queries.products import OwnProduct
from app.competence.labels.competencies import level as level_words
from app.ports import ports
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRow:
    """A criterion with the step that the officer reached, and its description."""

    title: str
    lang: str
    step: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResultPage(Page):
    """The own result; `percent` is None until the desk task is marked."""

    template: ClassVar[str] = "checks/result.html"
    name: str
    level: str
    href: str
    sat_on: date
    wanted: date
    word: str
    kind: str
    percent: int | None
    needed: int
    rows: Sequence[ScoredRow]
    comments: Sequence[Sequence[str]]
    parts: Sequence[OwnPart]


def page(product: OwnProduct) -> CheckResultPage:
    """Return the page of an officer's own desk task. Raises NoResultFound without the rubric."""
    rubric = products.rubric_of(product.competency, product.level)
    if rubric is None:
        raise NoResultFound
    texts = rubric_rows.read()
    word, kind = _state(product, rubric.mark)
    produced = products.produced(product.version_id, product.language, product.attempt_id)
    return CheckResultPage(
        name=texts.title(product.competency),
        level=level_words(product.level),
        href=ports().path_to(Target.COMPETENCY, product.competency),
        sat_on=product.sat_on,
        wanted=product.wanted_by,
        word=word,
        kind=kind,
        percent=None if product.ratio is None else round(product.ratio * 100),
        needed=round(rubric.mark * 100),
        rows=[_row(texts, rubric.id, name, product) for name in rubric.criteria] if product.marks else [],
        comments=[rubric_rows.paragraphs(comment) for comment in product.comments],
        parts=produced_parts.own_parts(produced),
    )


def _state(product: OwnProduct, pass_mark: float) -> tuple[str, str]:
    if product.state is ProductState.WITHDRAWN:
        return _("Not marked: the work does not count"), "none"
    if product.ratio is None or product.state is not ProductState.MARKED:
        return _("Waits for marking"), "wait"
    return (
        (pgettext("mark", "Reached"), "good") if rules.reaches(product.ratio, pass_mark) else (_("Not reached"), "risk")
    )


def _row(texts: RubricTexts, rubric: str, criterion: str, product: OwnProduct) -> ScoredRow:
    text, language = texts.text(f"{rubric}.{criterion}")
    names = labels.steps()
    scores = sorted({marks[criterion] for marks in product.marks})
    low, high = names[scores[0]], names[scores[-1]]
    step = low if low == high else _("%(low)s to %(high)s", low=low, high=high)
    return ScoredRow(title=text.title, lang=language, step=step, text=text.body)
