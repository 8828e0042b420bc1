"""Views of messages to people of an event: the list and a new one for its staff, one message for its recipient."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render
from app.workshops.domain.recipients import recipients
from app.workshops.forms.event_messages import EventMessageForm, MessageStep
from app.workshops.pages import event_messages as pages
from app.workshops.queries import event_messages as queries, event_people, workshops
from app.workshops.queries.event_messages import MessageLine
from app.workshops.service import event_messages as service
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp


@bp.get("/teaching/workshops/<uuid:workshop_id>/messages")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def show_messages(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the messages of an event with the people who got them."""
    people = event_people.people(actor(), workshop_id, clock.today())
    return render(pages.messages_page(workshop, queries.of_event(workshop_id), people))


@bp.get("/teaching/workshops/<uuid:workshop_id>/messages/new")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def new_message(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the form of a message."""
    people = event_people.people(actor(), workshop_id, clock.today())
    return render(pages.new_message_page(workshop, people, pages.offered(EventMessageForm(), people)))


@bp.post("/teaching/workshops/<uuid:workshop_id>/messages/new")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def send_message(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show a message before it is sent, or send it to the chosen people of an event."""
    people = event_people.people(actor(), workshop_id, clock.today())
    form = pages.offered(EventMessageForm(request.form), people)
    if not form.validate():
        return render(pages.new_message_page(workshop, people, form)), 422
    if form.step.data == MessageStep.CHANGE:
        return render(pages.new_message_page(workshop, people, form))
    chosen_people = recipients(people, form.choice())
    if form.step.data == MessageStep.CHECK and chosen_people:
        return render(pages.preview_page(workshop, chosen_people, form))
    chosen = [person.person_id for person in chosen_people]
    try:
        with transaction():
            service.send(workshop_id, form.message(), chosen, by=actor().id, now=clock.now())
    except DomainError as error:
        form.groups.errors = [error.translated(_)]
        return render(pages.new_message_page(workshop, people, form)), 422
    flash(ngettext("Sent to %(num)s person.", "Sent to %(num)s people.", len(chosen)))
    return redirect(url_for("workshops.show_messages", workshop_id=workshop_id))


@bp.get("/workshops/<uuid:workshop_id>/messages/<uuid:message_id>")
@requires(Action.READ_EVENT_MESSAGE, load=queries.own_message)
def show_message(message: MessageLine, workshop_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """Show a message that the user got, also when the event can no longer be read."""
    return render(pages.message_page(actor(), message))
