"""Pages of a case: a decision, and the debrief at the end."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.guard import requires, thing
from app.access.policy import Action
from app.catalogue.domain.retention import MONTHS
from app.catalogue.domain.scenarios import Move
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import CaseText, MoveTexts
from app.db.session import transaction
from app.i18n.babel import against
from app.i18n.languages import direction
from app.kernel import clock
from app.scenarios import domain, queries, service
from app.scenarios.domain import Path
from app.scenarios.forms import ChoiceForm
from app.scenarios.queries import Walk
from app.scenarios.service import AlreadyDecided, Moved
from app.web.trusted_html import stored

bp = Blueprint("scenarios", __name__, template_folder="templates")


@bp.get("/cases/<uuid:playthrough>")
@requires(Action.PLAY_CASE, of=queries.visible)
def show(playthrough: UUID) -> ResponseReturnValue:
    """Show the decision that is due, or send on to the debrief."""
    walk: Walk = thing()
    if walk.finished_at is not None:
        return redirect(url_for("scenarios.debrief", playthrough=playthrough))
    return _decision(walk, error="")


@bp.post("/cases/<uuid:playthrough>/choice")
@requires(Action.PLAY_CASE, of=queries.visible)
def choose(playthrough: UUID) -> ResponseReturnValue:
    """Take a move."""
    form, walk = ChoiceForm(request.form), thing()
    if walk.is_reduced:
        return redirect(url_for("scenarios.debrief", playthrough=playthrough))
    if not form.validate():
        return _decision(walk, error=_("Choose what you do.")), 422
    move = _chosen(walk, form.move.data)
    with transaction():
        answer = service.choose(playthrough, step=form.step.data, move=move, now=clock.now())
    match answer:
        case AlreadyDecided():
            flash(_("This decision was made before. Here is where you are now."), "warning")
        case Moved(finished=True):
            return redirect(url_for("scenarios.debrief", playthrough=playthrough))
    return redirect(url_for("scenarios.show", playthrough=playthrough))


@bp.get("/cases/<uuid:playthrough>/debrief")
@requires(Action.PLAY_CASE, of=queries.visible)
def debrief(playthrough: UUID) -> ResponseReturnValue:
    """Show what every decision led to, taken and not taken; of a reduced way what came out alone."""
    walk: Walk = thing()
    if walk.finished_at is None:
        return redirect(url_for("scenarios.show", playthrough=playthrough))
    case = catalogue.case(walk.version_id, walk.name, walk.language)
    again_url = url_for("learning.start_case", course=_slug(walk), case=walk.name)
    if walk.is_reduced:
        return render_template(
            "scenarios/result.html",
            case=_head(walk, case),
            finished=walk.finished_at,
            months=MONTHS,
            percent=round((walk.share or 0) * 100),
            missed=walk.misses,
            false_alarms=walk.false_alarms,
            again_url=again_url,
        )
    path = domain.follow(case.scenario, walk.choices)
    steps = [
        _told(case, step.node.id, step.place, step.move) | {"others": _others(case, step.node.id, step.place)}
        for step in path.steps
    ]
    unseen = [
        {"text": stored(case.texts.nodes[decision.node.id]), "moves": _others(case, decision.node.id, None)}
        for decision in domain.debrief(case.scenario, path)
        if not decision.visited
    ]
    return render_template(
        "scenarios/debrief.html",
        case=_head(walk, case),
        end=stored(case.texts.nodes[path.at.id]),
        steps=steps,
        unseen=unseen,
        strong=False,
        missed=walk.misses,
        false_alarms=walk.false_alarms,
        decisions=len(path.steps),
        outcome=_outcome(path),
        again_url=again_url,
        support_href=url_for("about.support"),
    )


def _outcome(path: Path) -> dict[str, Any]:
    """Return the points earned beside the pass mark in points, and whether the mark was reached."""
    most = domain.decisions(path) * domain.FULL
    reached = domain.reached(path)
    points, pass_mark = against(domain.score(path) * most, domain.pass_mark(path) * most, reached=reached)
    return {
        "points": ngettext("%(n)s of %(num)s point", "%(n)s of %(num)s points", most, n=points),
        "mark": pass_mark,
        "reached": reached,
    }


def _decision(playthrough: Walk, *, error: str) -> str:
    case = catalogue.case(playthrough.version_id, playthrough.name, playthrough.language)
    path = domain.follow(case.scenario, playthrough.choices)
    number = len(path.steps) + 1
    return render_template(
        "scenarios/node.html",
        case=_head(playthrough, case),
        node={"text": stored(case.texts.nodes[path.at.id]), "title": "", "recovery": path.at.recovery},
        scene=stored(case.texts.scene),
        number=number,
        of=max(_length(case), number),
        before=_before(case, path),
        moves=_shuffled(playthrough, case, path),
        decide_url=url_for("scenarios.choose", playthrough=playthrough.id),
        error=error,
    )


def _before(case: CaseText, path: Path) -> str:
    if not path.steps:
        return ""
    last = path.steps[-1]
    return stored(case.texts.moves[last.node.id][last.place].consequence)


def _shuffled(playthrough: Walk, case: CaseText, path: Path) -> list[dict[str, object]]:
    """Return the moves in the order of this walk."""
    texts = case.texts.moves[path.at.id]
    places = domain.shown(str(playthrough.id), path.at)
    return [{"value": n, "text": stored(texts[position].text)} for n, position in enumerate(places)]


def _chosen(playthrough: Walk, shown: int) -> int:
    """Return the place in the source of the move that the page showed there; -1 when it showed none."""
    case = catalogue.case(playthrough.version_id, playthrough.name, playthrough.language)
    places = domain.shown(str(playthrough.id), domain.follow(case.scenario, playthrough.choices).at)
    return places[shown] if shown < len(places) else -1


def _told(case: CaseText, node: str, position: int, move: Move) -> dict[str, object]:
    texts: MoveTexts = case.texts.moves[node][position]
    return {
        "title": stored(texts.text),
        "verdict": str(move.verdict),
        "slip": str(move.slip or ""),
        "consequence": stored(texts.consequence),
        "why": stored(texts.why),
    }


def _others(case: CaseText, node: str, taken: int | None) -> list[dict[str, object]]:
    moves = next(found.moves for found in case.scenario.nodes if found.id == node)
    return [_told(case, node, position, move) for position, move in enumerate(moves) if position != taken]


def _length(case: CaseText) -> int:
    """Return how many decisions a way without detours has."""
    return sum(1 for node in case.scenario.nodes if node.moves and not node.recovery)


def _slug(playthrough: Walk) -> str:
    return catalogue.outline(playthrough.version_id).slug


def _head(playthrough: Walk, case: CaseText) -> dict[str, object]:
    outline = catalogue.outline(playthrough.version_id)
    return {
        "title": case.scenario.title,
        "lang": playthrough.language,
        "dir": direction(playthrough.language),
        "course": outline.title(playthrough.language),
        "course_lang": outline.spoken(playthrough.language),
        "course_href": url_for("learning.course", course=outline.slug),
    }
