"""Messages, files, travel dates, needs and invitation letters of events of the demonstration."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from PIL import Image, ImageDraw
from sqlalchemy import select

from app.access.policy import Actor, Role, Sensitivity
from app.db.session import db
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.pdf import pdf
from app.demo.history.timeline import TimedAction
from app.identity.queries import postings
from app.workshops.domain.event_files import clean_file
from app.workshops.domain.needs import AccessNeed, Diet, DietAndAccess
from app.workshops.domain.recipients import RecipientChoice, RecipientGroup, recipients
from app.workshops.domain.travel import Travel, Visa
from app.workshops.models import Workshop
from app.workshops.queries import bookings, event_people
from app.workshops.service import event_files, event_messages, travel
from app.workshops.service.event_files import NewFile
from app.workshops.service.event_messages import NewMessage

DAY = timedelta(days=1)
WELCOME = NewMessage(
    "Before you travel",
    "The sessions begin at nine. Bring your action card from the course.\n\n"
    "Please enter your visa and travel dates on the page of the event. The programme is there as a file.",
)
ROOM = NewMessage("Another room on the first day", "We begin in the large hall on the ground floor, not in room 4.")
REMINDER = NewMessage("Your seat", "A seat is offered to you. Please confirm or decline it, so that others can plan.")
PROGRAMME = pdf(["Programme", "", "Day 1: opening, practice in pairs", "Day 2: practice in groups", "Day 3: lessons"])
HANDOUT = pdf(["Handout of day 1 (fictional)", "", "Questions for a first conversation.", "For participants only."])
OLD_PROGRAMME = pdf(["Programme, first version"])
MENU = pdf(["Meals", "", "Lunch at 12:30 in the hall on the ground floor."])
NEEDS = (
    DietAndAccess((Diet.HALAL,)),
    DietAndAccess((Diet.VEGETARIAN,), (AccessNeed.STEP_FREE,)),
    DietAndAccess(),
    DietAndAccess((Diet.NO_NUTS,)),
    DietAndAccess((), (AccessNeed.QUIET_ROOM,)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedEvent:
    """An event with the day on which its staff begin to write, and how its participants travel, one after the other."""

    code: str
    by: str  # alias
    begins: int  # day
    travels: Sequence[Callable[[date, date], Travel]]  # for today and the first day
    has_offers: bool = False


def _unknown(_today: date, _first: date) -> Travel:
    return Travel()


def _near(_today: date, first: date) -> Travel:
    return Travel(visa=Visa.NOT_NEEDED, arrives_on=first - DAY, departs_on=first + 3 * DAY)


def _needed(_today: date, _first: date) -> Travel:
    return Travel(visa=Visa.NEEDED)


def _asked(today: date, _first: date) -> Travel:
    return Travel(visa=Visa.NEEDED, visa_asked_on=today - 2 * DAY)


def _received(today: date, first: date) -> Travel:
    return Travel(
        visa=Visa.NEEDED,
        visa_asked_on=today - 6 * DAY,
        visa_received_on=today - DAY,
        arrives_on=first - DAY,
        departs_on=first + 3 * DAY,
    )


def _late(_today: date, first: date) -> Travel:
    return Travel(visa=Visa.NOT_NEEDED, arrives_on=first + DAY, departs_on=first + 3 * DAY)


RUNNING = DocumentedEvent(code="WS-2027-05", by="Trainer 1", begins=-9, travels=(_near, _received, _late))
OPEN = DocumentedEvent(code="WS-2027-06", by="Trainer 1", begins=-2, travels=(_asked, _needed, _near, _unknown))
NEAR = DocumentedEvent(code="NW-2027-07", by="Trainer 2", begins=-2, travels=(_near, _needed, _unknown))
NOMINATED = DocumentedEvent(
    code="SV-2027-03", by="Coordinator 1", begins=-2, travels=(_needed, _asked), has_offers=True
)


def actions(office: DemoStaff, events: Sequence[DocumentedEvent]) -> Iterator[TimedAction]:
    """Return what the staff, the participants and the contact points do for these events."""
    for event in events:
        writer = office.staff[event.by]
        begins = office.at(event.begins)
        yield TimedAction(begins, writer, partial(_files, event, writer, begins))
        yield TimedAction(begins, writer, partial(_write, event, writer, WELCOME, RecipientGroup.CONFIRMED, begins))
        last = office.at(-1)
        yield TimedAction(last, writer, partial(_second_message, event, writer, last))
        yield TimedAction(last, None, partial(_travel, office, event, last))


def _files(event: DocumentedEvent, by: UUID, now: datetime) -> None:
    """Add a programme, a map, a handout for participants only, and a first programme that is withdrawn."""
    workshop = _workshop(event)
    expires_on = workshop.last_day + 30 * DAY
    old = _file("Programme, first version", OLD_PROGRAMME, Sensitivity.UNRESTRICTED, expires_on)
    file_id = event_files.add(workshop.id, old, by=by, now=now)
    event_files.withdraw(workshop.id, file_id, by=by, now=now)
    for title, content, sensitivity in (
        ("Programme", PROGRAMME, Sensitivity.LAW_ENFORCEMENT_ONLY),
        ("Way to the training house", _map(), Sensitivity.UNRESTRICTED),
        ("Meals", MENU, Sensitivity.UNRESTRICTED),
        ("Handout of day 1", HANDOUT, Sensitivity.PARTICIPANTS_ONLY),
    ):
        event_files.add(workshop.id, _file(title, content, sensitivity, expires_on), by=by, now=now)


def _file(title: str, content: bytes, sensitivity: Sensitivity, expires_on: date) -> NewFile:
    return NewFile(title=title, file=clean_file(content), sensitivity=sensitivity, expires_on=expires_on)


def _map() -> bytes:
    """Return a drawing of two roads and a house."""
    picture = Image.new("RGB", (640, 400), "#f4f1ea")
    pen = ImageDraw.Draw(picture)
    pen.line((0, 280, 640, 230), fill="#9aa5a8", width=26)
    pen.line((250, 0, 300, 400), fill="#9aa5a8", width=26)
    pen.rectangle((360, 90, 470, 180), fill="#0b5563")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _write(event: DocumentedEvent, by: UUID, message: NewMessage, group: RecipientGroup, now: datetime) -> None:
    workshop = _workshop(event)
    people = event_people.people(_coordinator(by), workshop.id, now.date())
    chosen = [person.person_id for person in recipients(people, RecipientChoice(groups=frozenset({group})))]
    if chosen:
        event_messages.send(workshop.id, message, chosen, by=by, now=now)


def _second_message(event: DocumentedEvent, by: UUID, now: datetime) -> None:
    if event.has_offers:
        _write(event, by, REMINDER, RecipientGroup.OFFERED, now)
    else:
        _write(event, by, ROOM, RecipientGroup.CONFIRMED, now)


def _travel(office: DemoStaff, event: DocumentedEvent, now: datetime) -> None:
    """Let the participants enter dates and needs; the contact point makes a letter for who needs a visa."""
    workshop = _workshop(event)
    people = [booking.person_id for booking in bookings.seated(workshop.id)]
    countries = postings.countries(people, now.date())
    for number, person_id in enumerate(people):
        dates = event.travels[number % len(event.travels)](now.date(), workshop.first_day)
        if dates != Travel():
            travel.save_travel(workshop.id, person_id, dates, by=person_id, now=now)
        if NEEDS[number % len(NEEDS)]:
            travel.save_needs(workshop.id, person_id, NEEDS[number % len(NEEDS)], now)
        contact = office.contacts.get(countries.get(person_id, ""))
        if dates.visa is Visa.NEEDED and contact is not None:
            travel.record_letter(workshop.id, person_id, "en", by=contact, now=now)


def _coordinator(person_id: UUID) -> Actor:
    return Actor(person_id, "", frozenset({Role.COORDINATOR}))


def _workshop(event: DocumentedEvent) -> Workshop:
    return db.session.scalars(select(Workshop).where(Workshop.code == event.code)).one()
