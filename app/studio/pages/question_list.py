"""View model of the list of questions of a course, with its filters and what the test needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext, pgettext

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.blueprint_checks import DRAWN
from app.catalogue.domain.courses import CourseFacts
from app.catalogue.domain.items import ItemForm, ItemKind
from app.catalogue.domain.problems import Weight
from app.catalogue.queries import courses as catalogue
from app.i18n.languages import current, direction
from app.quizzes.domain.item_flags import ItemFlag
from app.quizzes.labels import FLAGS
from app.studio import labels as studio_labels
from app.studio.domain.item_titles import item_title
from app.studio.domain.question_use import undrawn_use
from app.studio.forms.questions import NO_FORM, KeysForm
from app.studio.pages import question_labels as labels
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.question_use import UnusedQuestions, unused
from app.studio.queries import questions, results
from app.studio.queries.questions import Demand, DraftBank, QuestionLine
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

Pairs = list[tuple[str, str]]
PROBLEMS, ERRORS, FINE, FLAGGED = "problems", "errors", "fine", "flagged"
_START = 120  # characters of a question in the list
_DRAWN = frozenset(map(str, DRAWN))


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFilter:
    """A filter of the list with its choices and the selected value."""

    name: str
    label: str
    options: Pairs
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedQuestion:
    """A question of the list."""

    id: str
    href: str
    text: str
    sub: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandLine:
    """How many questions the test draws of a competency, and how many the bank has."""

    name: str
    needed: int
    form_a: int
    form_b: int
    total: int
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankProblem:
    """A problem of the bank that belongs to no question."""

    message: str
    hint: str
    line: int
    is_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPage(Page):
    """The questions that fit the filters; `count` is of all. `keys` is the form of the bulk edit."""

    template: ClassVar[str] = "studio/bank.html"
    head: CourseHeader
    lang: str
    dir: str
    can_write: bool
    filters: Sequence[BankFilter]
    is_filtered: bool
    questions: Sequence[ListedQuestion]
    count: int
    demands: Sequence[DemandLine]
    problems: Sequence[BankProblem]
    unused: UnusedQuestions | None
    keys: KeysForm
    selected: frozenset[str]
    message: str
    new_url: str
    keys_url: str
    all_url: str
    panels_url: str


def page(
    actor: Actor,
    workspace: Workspace,
    draft_bank: DraftBank,
    chosen: Mapping[str, str],
    keys: KeysForm,
    *,
    message: str = "",
) -> BankPage:
    """Return the list of questions. `chosen` are the values of the filters; unknown ones select everything."""
    filters = _filters(draft_bank, chosen)
    selected = {field.name: field.value for field in filters}
    flags = results.question_flags(workspace.version_id) if workspace.version_id else {}
    fitting = [line for line in draft_bank.lines.values() if _fits(line, selected, flags.get(line.id, ()))]
    return BankPage(
        head=header(workspace, draft_bank.folder, "studio.show_bank"),
        lang=draft_bank.language,
        dir=direction(draft_bank.language),
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        filters=filters,
        is_filtered=any(selected.values()),
        questions=[_question(workspace, draft_bank.folder.course, line, flags.get(line.id, ())) for line in fitting],
        count=len(draft_bank.lines),
        demands=[_demand(demand) for demand in questions.demands(draft_bank)],
        problems=_problems(draft_bank),
        unused=unused(workspace, draft_bank.folder),
        keys=keys,
        selected=frozenset(keys.items.data or ()),
        message=message,
        new_url=url_for("studio.new_question", course=workspace.slug),
        keys_url=url_for("studio.change_keys", course=workspace.slug),
        all_url=url_for("studio.show_bank", course=workspace.slug),
        panels_url=url_for("studio.show_panels", course=workspace.slug),
    )


def competency_pairs(draft_bank: DraftBank) -> Pairs:
    """Return the competencies of a question of this course with their titles."""
    titles = catalogue.competency_titles(current())
    return [(name, f"{name} {titles.get(name, '')}".strip()) for name in questions.competencies(draft_bank)]


def kind_pairs() -> Pairs:
    """Return the kinds of questions; those that learners do not see yet say so."""
    return [
        (str(kind), str(name) if kind in DRAWN else _("%(kind)s (in lessons and desk tasks only)", kind=name))
        for kind, name in labels.KINDS.items()
    ]


def form_pairs() -> Pairs:
    """Return the sets of questions with their names."""
    return [(str(form), labels.form(str(form))) for form in ItemForm]


def _filters(draft_bank: DraftBank, chosen: Mapping[str, str]) -> list[BankFilter]:
    flags = [(PROBLEMS, _("With problems")), (ERRORS, _("With errors")), (FINE, _("Without problems"))]
    flags += [(FLAGGED, _("Flagged by results")), *((str(flag), str(FLAGS[flag])) for flag in ItemFlag)]
    choices: list[tuple[str, str, Pairs]] = [
        ("competency", _("Competency"), competency_pairs(draft_bank)),
        ("kind", _("Kind"), [(str(kind), labels.kind(kind)) for kind in ItemKind]),
        ("form", pgettext("question", "Question set"), [*form_pairs(), (NO_FORM, _("Any set"))]),
        ("flag", _("Quality"), flags),
    ]
    return [_filter(name, label, pairs, chosen.get(name, "")) for name, label, pairs in choices]


def _filter(name: str, label: str, pairs: Pairs, value: str) -> BankFilter:
    is_offered = any(value == offered for offered, _label in pairs)
    return BankFilter(name=name, label=label, options=[("", _("All")), *pairs], value=value if is_offered else "")


def _fits(line: QuestionLine, selected: Mapping[str, str], flags: Sequence[ItemFlag]) -> bool:
    form = selected["form"]
    return (
        selected["competency"] in ("", line.key("competency"))
        and selected["kind"] in ("", line.key("kind"))
        and form in ("", line.key("form") or NO_FORM)
        and _has_quality(line, selected["flag"], flags)
    )


def _has_quality(line: QuestionLine, wanted: str, flags: Sequence[ItemFlag]) -> bool:
    if wanted in _QUALITIES:
        return _QUALITIES[wanted](line)
    return bool(flags) if wanted == FLAGGED else wanted in flags


_QUALITIES: Mapping[str, Callable[[QuestionLine], bool]] = {
    "": lambda line: True,
    PROBLEMS: lambda line: bool(line.problems),
    ERRORS: lambda line: line.has_errors,
    FINE: lambda line: not line.problems,
}


def _question(
    workspace: Workspace, course: CourseFacts, line: QuestionLine, flags: Sequence[ItemFlag]
) -> ListedQuestion:
    facts = [line.id, labels.kind(line.key("kind")), line.key("competency"), labels.form(line.key("form"))]
    if line.key("kind") not in _DRAWN:
        facts.append(labels.undrawn_use(undrawn_use(course, line.id, line.key("form"))))
    facts += [str(FLAGS[flag]) for flag in flags]
    word, kind = _state(line)
    return ListedQuestion(
        id=line.id,
        href=url_for("studio.show_question", course=workspace.slug, item=line.id),
        text=(_start(item_title(line.item)) if line.item else "") or line.id,
        sub=". ".join(fact for fact in facts if fact),
        word=word,
        kind=kind,
    )


def _state(line: QuestionLine) -> tuple[str, str]:
    if line.has_errors:
        return _("Error"), "bad"
    count = len(line.problems)
    return (ngettext("%(num)s warning", "%(num)s warnings", count), "risk") if count else (_("No problems"), "good")


def _start(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _START else text[:_START].rsplit(" ", 1)[0] + "…"


def _demand(demand: Demand) -> DemandLine:
    missing = demand.needed - demand.form_b
    word, kind = "", "none"
    if demand.needed:
        word, kind = _("Enough"), "good"
    if missing > 0:
        word, kind = ngettext("%(num)s missing", "%(num)s missing", missing), "bad"
    title = catalogue.competency_titles(current()).get(demand.competency, "")
    level = labels.level(demand.level)
    return DemandLine(
        name=" ".join(part for part in (demand.competency, title, level) if part),
        needed=demand.needed,
        form_a=demand.form_a,
        form_b=demand.form_b,
        total=demand.total,
        word=word,
        kind=kind,
    )


def _problems(draft_bank: DraftBank) -> list[BankProblem]:
    problems = []
    for problem in draft_bank.problems:
        message, hint = studio_labels.problem(problem)
        is_error = problem.weight is Weight.ERROR
        problems.append(BankProblem(message=message, hint=hint, line=problem.line, is_error=is_error))
    return problems
