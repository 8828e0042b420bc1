"""Views of assessors at /teaching/marking: the queue, a product, drafts, submission, comments, calibration cases."""

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.rubrics import Rubric
from app.checks.domain import marking as rules
from app.checks.domain.marking import NotTaken
from app.checks.forms import marking as forms
from app.checks.forms.marking import MarkingForm
from app.checks.labels import marking as labels
from app.checks.pages import calibration as calibration_pages, marking as queue_pages, marking_product
from app.checks.queries import marking as queries, products, queue
from app.checks.queries.marking import OwnMarking
from app.checks.service import calibration, marking
from app.checks.views._blueprint import bp
from app.db.session import transaction
from app.kernel import clock
from app.web.pages import render


@bp.get("/teaching/marking")
@requires(Action.SEE_MARKING)
def show_marking() -> ResponseReturnValue:
    """Show the queue of desk tasks, by number."""
    rubric, language = forms.chosen_rubric(request.args), forms.chosen_language(request.args)
    return render(queue_pages.page(actor(), rubric, clock.now(), language=language))


@bp.post("/teaching/marking/next")
@requires(Action.SEE_MARKING)
def take_next() -> ResponseReturnValue:
    """Take the first product of the queue that no other assessor takes at the same moment."""
    now, rubric = clock.now(), forms.chosen_rubric(request.args)
    marker = queries.marker(actor(), now.date())
    for number in queue.next_numbers(marker, rubric, now, language=forms.chosen_language(request.args)):
        with transaction():
            taken = marking.take(actor(), number, now)
        if taken is not NotTaken.GONE:
            return _taken(taken)
    return _taken(NotTaken.NONE_WAITS)


@bp.post("/teaching/marking/<small:number>/taking")
@requires(Action.SEE_MARKING)
def take_product(number: int) -> ResponseReturnValue:
    """Take a product of the queue."""
    with transaction():
        taken = marking.take(actor(), number, clock.now())
    return _taken(taken)


@bp.get("/teaching/marking/<small:number>")
@requires(Action.MARK_PRODUCT, load=queries.own_marking)
def show_product(own: OwnMarking, number: int) -> ResponseReturnValue:
    """Show a product that the assessor has taken."""
    return render(marking_product.page(own, MarkingForm(), clock.now()))


@bp.post("/teaching/marking/<small:number>/draft")
@requires(
    Action.MARK_PRODUCT,
    load=queries.own_marking,
    audited=False,
    reason="a draft, which only its assessor sees; the submission is an entry",
)
def save_draft(own: OwnMarking, number: int) -> ResponseReturnValue:
    """Save the scores so far, and insert a comment of the bank if one was chosen."""
    form = MarkingForm(request.form)
    comment_id = forms.inserted(request.form)
    if comment_id is not None:
        text = queries.bank_text(own.rubric, comment_id)
        form.comment.data = f"{(form.comment.data or '').rstrip()}\n{text}".strip()
    if not form.validate():
        return _product(own, form, _scores(own)), 422
    with transaction():
        marking.save_draft(own, form.new_scores(_scores(own)))
    flash(_("Saved. The officer sees nothing before you submit."))
    return redirect(url_for("checks.show_product", number=number, _anchor="comment" if comment_id else None))


@bp.post("/teaching/marking/<small:number>/submission")
@requires(Action.MARK_PRODUCT, load=queries.own_marking)
def submit_marking(own: OwnMarking, number: int) -> ResponseReturnValue:
    """Submit the scores of a product; a repeated submission changes nothing."""
    form, scores = MarkingForm(request.form), _scores(own)
    if not form.validate() or not rules.are_complete(scores, _rubric(own.competency, own.level).criteria):
        return _product(own, form, scores, needs_all=True), 422
    with transaction():
        submitted = marking.submit(own, form.new_scores(scores), clock.now())
    flash(str(labels.SUBMITTED[submitted]))
    return redirect(url_for("checks.show_marking"))


@bp.post("/teaching/marking/<small:number>/comments")
@requires(Action.MARK_PRODUCT, load=queries.own_marking)
def add_comment(own: OwnMarking, number: int) -> ResponseReturnValue:
    """Save the draft, and add its comment to the bank of the rubric."""
    form, scores = MarkingForm(request.form), _scores(own)
    if not form.validate() or form.needs_comment():
        return _product(own, form, scores), 422
    new = form.new_scores(scores)
    with transaction():
        marking.save_draft(own, new)
        is_new = marking.add_to_bank(own, new.comment, clock.now())
    flash(_("Added. All assessors can insert this comment.") if is_new else _("The bank has this comment already."))
    return redirect(url_for("checks.show_product", number=number, _anchor="comment"))


@bp.post("/teaching/marking/<small:number>/return")
@requires(Action.MARK_PRODUCT, load=queries.own_marking)
def return_product(own: OwnMarking, number: int) -> ResponseReturnValue:
    """Return a product to the queue."""
    with transaction():
        marking.give_back(own, clock.now())
    flash(_("Returned. Another assessor can take it."))
    return redirect(url_for("checks.show_marking"))


@bp.get("/teaching/marking/calibration/<competency:competency>/<slug:level>")
@requires(Action.SEE_MARKING)
def show_calibration(competency: str, level: str) -> ResponseReturnValue:
    """Show the calibration case of a rubric."""
    return render(calibration_pages.page(actor().id, _case(competency, level), clock.now()))


@bp.post("/teaching/marking/calibration/<competency:competency>/<slug:level>")
@requires(Action.SEE_MARKING)
def score_calibration(competency: str, level: str) -> ResponseReturnValue:
    """Save the scores of the calibration case of a rubric."""
    rubric, now = _case(competency, level), clock.now()
    scores = forms.scores(request.form, rubric.criteria)
    if not rules.are_complete(scores, rubric.criteria):
        return render(calibration_pages.page(actor().id, rubric, now, sent=scores)), 422
    with transaction():
        passed = calibration.score_case(actor().id, rubric, scores, now)
    if passed:
        flash(_("Passed. You may mark by this rubric."))
    else:
        flash(_("Not passed yet. Read the reasons."), "warning")
    return redirect(url_for("checks.show_calibration", competency=competency, level=level))


def _taken(taken: int | NotTaken) -> ResponseReturnValue:
    if isinstance(taken, NotTaken):
        flash(str(labels.NOT_TAKEN[taken]), "warning")
        return redirect(url_for("checks.show_marking"))
    return redirect(url_for("checks.show_product", number=taken))


def _product(own: OwnMarking, form: MarkingForm, sent: Mapping[str, int], *, needs_all: bool = False) -> str:
    return render(marking_product.page(own, form, clock.now(), sent=sent, needs_all=needs_all))


def _scores(own: OwnMarking) -> dict[str, int]:
    return forms.scores(request.form, _rubric(own.competency, own.level).criteria)


def _rubric(competency: str, level: Level) -> Rubric:
    rubric = products.rubric_of(competency, level)
    if rubric is None:
        raise NoResultFound
    return rubric


def _case(competency: str, level: str) -> Rubric:
    """Return a rubric with a calibration case, or raise NoResultFound."""
    if level not in {str(known) for known in Level}:
        raise NoResultFound
    rubric = _rubric(competency, Level(level))
    if not rubric.model:
        raise NoResultFound
    return rubric
