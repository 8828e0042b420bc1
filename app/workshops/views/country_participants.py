"""Views of a contact point at /country/participants: visa and travel of the own officers, invitation letters."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.pdf_library import NoPdfError
from app.web.pages import render
from app.web.settings import settings
from app.workshops import labels
from app.workshops.forms.travel import LetterForm, TravelForm
from app.workshops.pages import country_participants as pages
from app.workshops.queries import travel as queries
from app.workshops.queries.travel import ParticipantPreparation
from app.workshops.service import invitation_letter, travel as service
from app.workshops.service.invitation_letter import LetterRequest
from app.workshops.views._blueprint import bp


@bp.get("/country/participants")
@requires(Action.PREPARE_TRAVEL, of=own_scope)
def show_country_participants() -> ResponseReturnValue:
    """Show the participants of the own country in events to come, with what is next for each."""
    return render(pages.page(queries.of_country(actor(), clock.today()), clock.now()))


@bp.get("/country/participants/<uuid:workshop_id>/<uuid:person_id>/travel")
@requires(Action.PREPARE_TRAVEL, load=queries.country_participant)
def show_participant_travel(
    participant: ParticipantPreparation, workshop_id: UUID, person_id: UUID
) -> ResponseReturnValue:
    """Show visa and travel dates of a participant."""
    return render(pages.travel_page(participant, TravelForm.of(participant.travel), clock.now()))


@bp.post("/country/participants/<uuid:workshop_id>/<uuid:person_id>/travel")
@requires(Action.PREPARE_TRAVEL, load=queries.country_participant)
def save_participant_travel(
    participant: ParticipantPreparation, workshop_id: UUID, person_id: UUID
) -> ResponseReturnValue:
    """Save visa and travel dates of a participant."""
    form = TravelForm(request.form)
    if not form.validate():
        return render(pages.travel_page(participant, form, clock.now())), 422
    try:
        with transaction():
            service.save_travel(workshop_id, person_id, form.travel(), by=actor().id, now=clock.now())
    except DomainError as error:
        form.visa.errors = [error.translated(_)]
        return render(pages.travel_page(participant, form, clock.now())), 422
    flash(_("Saved."))
    return redirect(url_for("workshops.show_country_participants"))


@bp.get("/country/participants/<uuid:workshop_id>/<uuid:person_id>/letter")
@requires(Action.MAKE_INVITATION_LETTER, load=queries.country_participant)
def show_letter(participant: ParticipantPreparation, workshop_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Show the form of an invitation letter."""
    return render(pages.letter_page(participant, LetterForm(language="en")))


@bp.post("/country/participants/<uuid:workshop_id>/<uuid:person_id>/letter")
@requires(Action.MAKE_INVITATION_LETTER, load=queries.country_participant, gives_file=True)
def make_letter(participant: ParticipantPreparation, workshop_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Send an invitation letter as PDF in the answer to this request: neither name nor letter is stored."""
    form = LetterForm(request.form)
    if not form.validate() or not participant.workshop.has_days:
        return render(pages.letter_page(participant, form)), 422
    letter = LetterRequest(
        name=form.name.data, country=actor().country, language=form.language.data, sender=settings().mail.name
    )
    day = labels.local_day(clock.now(), participant.workshop.time_zone)
    try:
        content = invitation_letter.draw(participant.workshop, letter, day)
    except NoPdfError:
        form.name.errors = [_("This server cannot make PDF files. Ask the administrator.")]
        return render(pages.letter_page(participant, form)), 422
    with transaction():
        service.record_letter(workshop_id, person_id, letter.language, by=actor().id, now=clock.now())
    response = Response(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
