"""View models of judging panels: the list of a course, and a panel as a judge sees it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows
from app.i18n.languages import direction
from app.studio.domain.item_titles import item_title
from app.studio.domain.judging import (
    LEAST_JUDGES,
    JudgingRound,
    can_leave_out,
    missing_judges,
    panel_mean,
    visible_spread,
)
from app.studio.forms.judging import JudgementForm, PanelForm
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.result_summary import Fact, percent
from app.studio.queries import questions, results
from app.studio.queries.judging import PanelView
from app.studio.queries.questions import DraftBank
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

_START = 80  # characters of a question in a list
Status = tuple[str, str]  # text and kind


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLine:
    """A panel of the list."""

    name: str
    href: str
    sub: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelListPage(Page):
    """The panels of a course; `can_open`: a trainer with enough judges. `waiting` are those for the user."""

    template: ClassVar[str] = "studio/panels.html"
    head: CourseHeader
    lang: str
    dir: str
    waiting: Sequence[PanelLine]
    others: Sequence[PanelLine]
    closed: Sequence[PanelLine]
    can_write: bool
    has_judges: bool
    form: PanelForm
    open_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPage(Page):
    """A panel. `form` is None unless the user judges in this round; `facts` are what the round lets the judges see."""

    template: ClassVar[str] = "studio/panel.html"
    head: CourseHeader
    item: str
    lang: str
    dir: str
    stem: str
    word: str
    kind: str
    text: str
    facts: Sequence[tuple[str, str]]
    form: JudgementForm | None
    can_use: bool
    can_leave_out: bool
    can_close: bool
    trial_url: str
    judge_url: str
    use_url: str
    leave_out_url: str
    close_url: str
    list_url: str


def list_page(actor: Actor, workspace: Workspace, panels: Sequence[PanelView], form: PanelForm) -> PanelListPage:
    """Return the panels of a course; `form` is that of a new panel."""
    bank = questions.bank(workspace)
    form.offer(panel_items(bank, panels))
    waiting = [panel for panel in panels if panel.waits_for(actor.id)]
    others = [panel for panel in panels if panel.closed_at is None and panel not in waiting]
    return PanelListPage(
        head=header(workspace, bank.folder, "studio.show_bank"),
        lang=bank.language,
        dir=direction(bank.language),
        waiting=[_line(workspace, panel, actor.id) for panel in waiting],
        others=[_line(workspace, panel, actor.id) for panel in others],
        closed=[_line(workspace, panel, actor.id) for panel in panels if panel.closed_at is not None],
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        has_judges=len(workspace.trainers | workspace.reviewers) >= LEAST_JUDGES,
        form=form,
        open_url=url_for("studio.open_panel", course=workspace.slug),
    )


def panel_items(bank: DraftBank, panels: Sequence[PanelView]) -> list[tuple[str, str]]:
    """Return the questions that a new panel may judge, those without an expected score first."""
    judged = {panel.item for panel in panels if panel.closed_at is None}
    lines = [line for line in bank.lines.values() if line.item is not None and line.id not in judged]
    ordered = sorted(lines, key=lambda line: bool(line.key("pass_value")))
    return [(line.id, f"{line.id} {_start(_stem(bank, line.id))}") for line in ordered]


def panel_page(actor: Actor, workspace: Workspace, panel: PanelView, form: JudgementForm) -> PanelPage:
    """Return a panel as a user sees it; `form` is the form of a judge."""
    bank = questions.bank(workspace)
    stem = _stem(bank, panel.item)
    is_led = panel.closed_at is None and allows(actor, Action.WRITE_COURSE, workspace)
    address = partial(url_for, course=workspace.slug, panel_id=panel.id)
    word, kind = _status(panel, actor.id)
    return PanelPage(
        head=header(workspace, bank.folder, "studio.show_bank"),
        item=panel.item,
        lang=bank.language,
        dir=direction(bank.language),
        stem=stem,
        word=word,
        kind=kind,
        text=_text(panel, actor.id),
        facts=[*_own_facts(panel, actor.id), *_common_facts(workspace, panel)],
        form=form if panel.takes_value_of(actor.id) else None,
        can_use=is_led and bool(stem) and panel_mean(panel.judges) is not None,
        can_leave_out=is_led and can_leave_out(panel.judges),
        can_close=is_led,
        trial_url=url_for("studio.show_trial", course=workspace.slug, item=panel.item),
        judge_url=address("studio.judge_item"),
        use_url=address("studio.use_mean"),
        leave_out_url=address("studio.leave_out_judges"),
        close_url=address("studio.close_panel"),
        list_url=url_for("studio.show_panels", course=workspace.slug),
    )


def new_form(panel: PanelView, person_id: UUID) -> JudgementForm:
    """Return the form of a judge with the newest value that the judge gave."""
    own = panel.judge(person_id)
    rate = own.newest if own else None
    return JudgementForm(None, percent="" if rate is None else str(round(100 * rate)), round=panel.judging_round)


def _stem(bank: DraftBank, item: str) -> str:
    """Return the text of a question, "" if the draft does not have it or it has errors."""
    line = bank.lines.get(item)
    return item_title(line.item) if line is not None and line.item is not None else ""


def _line(workspace: Workspace, panel: PanelView, person_id: UUID) -> PanelLine:
    word, kind = _status(panel, person_id)
    return PanelLine(
        name=panel.item,
        href=url_for("studio.show_panel", course=workspace.slug, panel_id=panel.id),
        sub=_line_text(panel),
        word=word,
        kind=kind,
    )


def _line_text(panel: PanelView) -> str:
    if panel.used_rate is not None:
        return _("Expected score: %(rate)s", rate=percent(panel.used_rate))
    if panel.closed_at is not None:
        return _("Closed without a result")
    return _progress(panel)


def _progress(panel: PanelView) -> str:
    if panel.judging_round is JudgingRound.DONE:
        return _("All judges have finished.")
    total = len(panel.judges)
    text = (
        _("Round 1: %(n)s of %(of)s judges have answered.")
        if panel.judging_round is JudgingRound.FIRST
        else _("Round 2: %(n)s of %(of)s judges have answered.")
    )
    return text % {"n": total - len(missing_judges(panel.judges)), "of": total}


def _status(panel: PanelView, person_id: UUID) -> Status:
    if panel.closed_at is not None:
        return (_("Done"), "good") if panel.used_rate is not None else (_("Closed"), "none")
    if panel.waits_for(person_id):
        return _("Waits for you"), "here"
    if panel.judging_round is JudgingRound.DONE:
        return _("Ready"), "open"
    return _("Waits for others"), "wait"


def _text(panel: PanelView, person_id: UUID) -> str:
    if panel.closed_at is not None:
        return _line_text(panel)
    if panel.judging_round is JudgingRound.FIRST and panel.judge(person_id):
        return _("Judge alone. You see the values of the others when all have answered.")
    if panel.judging_round is JudgingRound.SECOND and panel.judge(person_id):
        return _("Compare your value with the others. You may change it or save it again.")
    return _progress(panel)


def _own_facts(panel: PanelView, person_id: UUID) -> Iterator[Fact]:
    """Yield the progress, and the own value of a judge."""
    if panel.closed_at is None:
        yield _("Progress"), _progress(panel)
    own = panel.judge(person_id)
    if own is not None and own.newest is not None:
        yield _("My value"), percent(own.newest)


def _common_facts(workspace: Workspace, panel: PanelView) -> list[Fact]:
    """Return what all judges see after the first round: the spread, and the results of the published question."""
    spread = visible_spread(panel.judges)
    if spread is None:
        return []
    rate = results.right_rate(workspace.version_id, panel.item) if workspace.version_id else None
    return [
        (_("Lowest value"), percent(spread.lowest)),
        (_("Mean"), percent(spread.mean)),
        (_("Highest value"), percent(spread.highest)),
        (_("Right in tests so far"), _("Fewer than 20 first answers") if rate is None else percent(rate)),
    ]


def _start(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _START else text[:_START].rsplit(" ", 1)[0] + "…"
