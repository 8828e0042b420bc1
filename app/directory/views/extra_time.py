"""Views of `/people/<id>/extra-time`, where the contact point sets the extra time of an officer."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.directory.forms import ExtraTimeForm
from app.directory.pages.extra_time import ExtraTimePage
from app.directory.service import extra_time
from app.directory.views._blueprint import bp
from app.identity.queries.person_details import PersonDetails
from app.web.pages import render


@bp.get("/people/<uuid:person_id>/extra-time")
@requires(Action.SET_EXTRA_TIME, load=extra_time.officer, applies_to=extra_time.is_another_practitioner)
def show_extra_time(details: PersonDetails, person_id: UUID) -> ResponseReturnValue:
    """Show the extra time of an officer; the view is recorded first."""
    with transaction():
        extra_time.record_view(person_id)
    return _page(details, ExtraTimeForm(percent=str(extra_time.percentage(person_id))))


@bp.post("/people/<uuid:person_id>/extra-time")
@requires(Action.SET_EXTRA_TIME, load=extra_time.officer)
def change_extra_time(details: PersonDetails, person_id: UUID) -> ResponseReturnValue:
    """Set the extra time of an officer."""
    form = ExtraTimeForm(request.form)
    _offer(form)
    if not form.validate():
        return _page(details, form), 422
    with transaction():
        extra_time.change(actor(), person_id, int(form.percent.data))
    flash(_("Saved. It applies to tests that the officer starts from now on."))
    return redirect(url_for("directory.show_extra_time", person_id=person_id))


def _offer(form: ExtraTimeForm) -> None:
    form.offer([(str(percent), _text(percent)) for percent in extra_time.PERCENTAGES])


def _text(percent: int) -> str:
    return _("%(percent)s %% more time", percent=percent) if percent else _("No extra time")


def _page(details: PersonDetails, form: ExtraTimeForm) -> str:
    _offer(form)
    return render(ExtraTimePage(person_id=details.person_id, alias=details.alias, form=form))
