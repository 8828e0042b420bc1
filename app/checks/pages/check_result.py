"""View models of an officer's own desk tasks: the list, and a result with own answers, scores and comments.

Neither shows documents or models.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, pgettext
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.access.targets import Target
from app.checks.domain import marking as rules
from app.checks.domain.products import ProductState
from app.checks.labels import marking as labels
from app.checks.pages import produced as produced_parts, rubric as rubric_rows
from app.checks.pages.produced import OwnPart
from app.checks.pages.rubric import RubricTexts
from app.checks.queries import products
from app.checks.queries.products import OwnProduct, OwnTaskResult
from app.competence.labels import desk_tasks as desk_task_labels
from app.competence.labels.competencies import level as level_words
from app.competence.queries import desk_tasks
from app.ports import ports
from app.web.pages import Page

LISTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResultRow:
    """A desk task of the list with the day of its sitting."""

    name: str
    level: str
    sat_on: date
    status: tuple[str, str]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResultsPage(Page):
    """The desk tasks of the user, the newest first."""

    template: ClassVar[str] = "checks/results.html"
    rows: Sequence[CheckResultRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRow:
    """A criterion with the step that the officer reached, and its description."""

    title: str
    lang: str
    step: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResultPage(Page):
    """The own result; `percent` is None until the desk task is marked. `more`: how many more tasks verify."""

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
    more: Sequence[str]


def list_page(actor: Actor) -> CheckResultsPage:
    """Return the list of the own desk tasks."""
    texts = rubric_rows.read()
    return CheckResultsPage(rows=[_result_row(line, texts) for line in products.results_of(actor.id, LISTED)])


def page(product: OwnProduct, today: date) -> CheckResultPage:
    """Return the page of an officer's own desk task. Raises NoResultFound without the rubric."""
    rubric = products.rubric_of(product.competency, product.level)
    if rubric is None:
        raise NoResultFound
    texts = rubric_rows.read()
    word, kind = _state(product.state, product.ratio, rubric.mark)
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
        more=_more(product, today),
    )


def _result_row(line: OwnTaskResult, texts: RubricTexts) -> CheckResultRow:
    rubric = products.rubric_of(line.competency, line.level)
    return CheckResultRow(
        name=texts.title(line.competency),
        level=level_words(line.level),
        sat_on=line.sat_on,
        status=_state(line.state, line.ratio, rubric.mark) if rubric else (_("Waits for marking"), "wait"),
        href=url_for("checks.show_check_result", product_id=line.id) if rubric else "",
    )


def _state(state: ProductState, ratio: float | None, pass_mark: float) -> tuple[str, str]:
    """Return the state of a desk task in words, and its shape; no result before it is final."""
    if state is ProductState.WITHDRAWN:
        return _("Not marked: the work does not count"), "none"
    if ratio is None or state is not ProductState.MARKED:
        return _("Waits for marking"), "wait"
    return (pgettext("mark", "Reached"), "good") if rules.reaches(ratio, pass_mark) else (_("Not reached"), "risk")


def _more(product: OwnProduct, today: date) -> list[str]:
    """Return how many more desk tasks verify the officer; none for one who is verified, and before the result."""
    if product.state is not ProductState.MARKED:
        return []
    aim = product.competency, product.level
    tasks = desk_tasks.needed(product.person_id, [aim], today).get(aim)
    return desk_task_labels.needed(tasks) if tasks and tasks.is_watched else []  # else a job records the result soon


def _row(texts: RubricTexts, rubric: str, criterion: str, product: OwnProduct) -> ScoredRow:
    text, language = texts.text(f"{rubric}.{criterion}")
    names = labels.steps()
    scores = sorted({marks[criterion] for marks in product.marks})
    low, high = names[scores[0]], names[scores[-1]]
    step = low if low == high else _("%(low)s to %(high)s", low=low, high=high)
    return ScoredRow(title=text.title, lang=language, step=step, text=text.body)
