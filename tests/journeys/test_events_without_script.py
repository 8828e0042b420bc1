"""Events, rubrics, claims and figures without a line of script, and by the keyboard alone."""

from collections.abc import Callable, Sequence
from datetime import time, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import func, select

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.competence import shapes
from app.competence.domain.claims import ClaimState
from app.competence.domain.evidence import EvidenceKind
from app.competence.models import Evidence
from app.competence.queries import competencies
from app.db.session import db, transaction
from app.kernel import clock
from app.plan.domain.observations import ObservationState
from app.plan.queries import figures as plan
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.seats import BookingState
from app.workshops.queries import bookings, participants, workshops as workshops_workshops
from app.workshops.service import staff as workshops
from tests.support import workshop_events
from tests.support.served_academy import Academy
from tests.support.settings import NOW
from tests.support.visitors import PHONE, Invite, Visitor, press, press_by_key, reach

pytestmark = pytest.mark.browser
COORDINATOR = {"roles": (), "grants": ((Role.COORDINATOR, Scope.ALL, ""),)}
CONTACT = {"country": "IQ", "roles": (), "grants": ((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),)}
OUTCOMES = (("VIC-02", Level.PRACTITIONER),)
# a user presses a button, or chooses one of the options of a group
Press = Callable[[Locator], None]


def by_hand(button: Locator) -> None:
    """Press a button with a finger."""
    press(button)


WAYS = pytest.mark.parametrize(
    ("script", "use"), [(False, by_hand), (True, press_by_key)], ids=["without-script", "by-keyboard"]
)


@WAYS
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_seat_is_booked_and_given_back(
    academy: Academy, visitor: Invite, language: str, *, script: bool, use: Press
) -> None:
    one = visitor(language, PHONE, script=script)
    with academy.app.app_context():
        event = workshop_events.announced(outcomes=OUTCOMES)
    page = one.go(f"/workshops/{event}")
    use(page.locator("form[action$=booking] button"))
    assert _state(academy, event, one) is BookingState.SEATED
    expect(page.locator("#live")).not_to_be_empty()
    use(page.locator("form[action$=withdrawal] button"))
    assert _state(academy, event, one) is None
    expect(page.locator("form[action$=booking] button")).to_be_visible()
    assert not one.complaints


@WAYS
def test_attendance_is_kept_and_corrected(academy: Academy, visitor: Invite, *, script: bool, use: Press) -> None:
    trainer = visitor("en", PHONE, script=script, roles=("trainer",), signed_in=False)
    event, seats = _running(academy, trainer, Role.TRAINER, officers=2)
    path = f"/teaching/workshops/{event}/sessions/1/attendance"
    page = trainer.go(path)
    _choose(page.locator(f"#mark-{seats[1]}"), "absent", keys=script)
    use(page.locator("main form button.primary"))
    assert _marks(academy, event) == {seats[0]: Attendance.PRESENT, seats[1]: Attendance.ABSENT}
    page = trainer.go(path)
    _choose(page.locator(f"#mark-{seats[1]}"), "late", keys=script)
    use(page.locator("main form button.primary"))  # no reason: nothing is written
    expect(page.locator("#mistakes")).to_be_visible()
    assert _marks(academy, event)[seats[1]] is Attendance.ABSENT
    _write(page.locator("#reason"), "Came at ten.", keys=script)
    use(page.locator("main form button.primary"))
    assert _marks(academy, event)[seats[1]] is Attendance.LATE


@WAYS
def test_a_rubric_is_filled_and_makes_one_piece_of_evidence(
    academy: Academy, visitor: Invite, *, script: bool, use: Press
) -> None:
    assessor = visitor("ar", PHONE, script=script, country="BG", roles=("trainer",), signed_in=False)
    event, [seat] = _running(academy, assessor, Role.ASSESSOR)
    page = assessor.go(f"/teaching/workshops/{event}/assess")
    use(page.locator('a[href$="/VIC-02"]').first)
    for group in page.locator("form.scores fieldset").all():
        _tick(group, "3", keys=script)
    use(page.locator("form.scores button.primary"))
    assert page.url.partition("?")[0].endswith("/assess")
    assert _watched(academy, event, seat) == 1
    assert not assessor.complaints


def test_a_rubric_sent_twice_makes_one_piece_of_evidence(academy: Academy, visitor: Invite) -> None:
    assessor = visitor("en", PHONE, country="BG", roles=("trainer",), signed_in=False)
    event, [seat] = _running(academy, assessor, Role.ASSESSOR)
    path = f"/teaching/workshops/{event}/assess/{seat}/VIC-02"
    pages = [assessor.go(path), assessor.another_page()]
    pages[1].goto(assessor.url + path)
    for page in pages:
        for group in page.locator("form.scores fieldset").all():
            _tick(group, "2", keys=False)
    # two presses that wait for nothing, in the tab and in its twin
    pages[0].locator("form.scores button.primary").evaluate("it => { it.click(); it.click(); }")
    press(pages[1].locator("form.scores button.primary"))
    pages[0].wait_for_url("**/assess?*")
    assert _watched(academy, event, seat) == 1


@WAYS
def test_a_figure_is_entered_by_one_and_approved_by_another(
    academy: Academy, visitor: Invite, *, script: bool, use: Press
) -> None:
    first, second = (visitor("en", script=script, **COORDINATOR) for _ in range(2))
    page = first.go("/plan/figures")
    use(page.locator('main a[href$="/plan/figures/new"]').first)
    _choose(page.locator("#code"), "OC2.3", keys=script)
    _choose(page.locator("#country"), "BG", keys=script)
    page.locator("#day").fill((NOW.date() - timedelta(days=1)).isoformat())
    _write(page.locator("#value"), "17", keys=script)
    _write(page.locator("#source"), "Annual report, page 3", keys=script)
    use(page.locator("main form button.primary"))
    expect(page.locator("#effect + dl")).to_contain_text("17 of 20: will count as 1.")
    use(page.locator("main form button.primary"))
    path = page.url.removeprefix(first.url)
    page.locator("#document").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"})
    use(page.locator("form[action$=document] button"))
    use(page.locator("form[action$=submit] button"))
    expect(page.locator("form[action$=approve]")).to_have_count(0)
    assert _figure(academy, path) is ObservationState.PENDING
    page = second.go("/plan/figures")
    use(page.locator(f'main a[href="{path}"]').first)
    use(page.locator("form[action$=approve] button"))
    assert _figure(academy, path) is ObservationState.APPROVED
    assert not first.complaints + second.complaints


@WAYS
def test_a_skill_is_claimed_and_endorsed(academy: Academy, visitor: Invite, *, script: bool, use: Press) -> None:
    officer = visitor("en", PHONE, script=script, country="IQ")
    contact = visitor("en", script=script, **CONTACT)
    page = officer.go("/path/VIC-02")
    _tick(page.locator("form[action$=claim]"), "foundation", keys=script)
    use(page.locator("form[action$=claim] button"))
    claim = _claim(academy, officer)
    assert claim.state is ClaimState.WAITING
    page = contact.go("/country/claims")
    form = page.locator(f'form[action*="{claim.id}"]')
    _tick(form, "endorse", keys=script)
    use(form.locator("button"))
    assert _claim(academy, officer).state is ClaimState.ENDORSED
    assert not officer.complaints + contact.complaints


def _choose(select_box: Locator, value: str, *, keys: bool) -> None:
    if not keys:
        select_box.select_option(value)
        return
    reach(select_box)
    options = select_box.locator("option")
    select_box.page.keyboard.press("Home")
    for _press in range(options.count()):
        if select_box.input_value() == value:
            break
        select_box.page.keyboard.press("ArrowDown")
    expect(select_box).to_have_value(value)


def _tick(group: Locator, value: str, *, keys: bool) -> None:
    """Choose one of a group of options: with the keyboard by its arrows."""
    wanted = group.locator(f'input[value="{value}"]')
    if not keys:
        wanted.check()
        return
    options, chosen = group.locator("input[type=radio]"), group.locator("input:checked")
    reach(chosen.first if chosen.count() else options.first)
    group.page.keyboard.press("Space")
    for _press in range(options.count()):
        if wanted.is_checked():
            break
        group.page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()


def _write(box: Locator, text: str, *, keys: bool) -> None:
    if not keys:
        box.fill(text)
        return
    reach(box)
    box.page.keyboard.type(text)


def _running(academy: Academy, one: Visitor, role: Role, *, officers: int = 1) -> tuple[UUID, Sequence[UUID]]:
    """Hold an event today, sign its trainer or assessor in (a new role ends sessions); return it and its bookings."""
    with academy.app.app_context():
        session = workshop_events.session(NOW.date(), starts=time(11, 30), ends=time(17))
        event = workshop_events.announced(sessions=(session,), booking_until=NOW.date(), outcomes=OUTCOMES)
        with transaction():
            workshops.appoint(event, one.person_id, role, clock.now())
        workshop_events.booked(event, officers)
        seats = [booking.id for booking in bookings.seated(event)]
        db.session.remove()
    real = clock.real_now()
    clock.move(lambda: NOW + timedelta(hours=2) - real)
    one.go("/sign-in")
    one.sign_in()
    return event, seats


def _state(academy: Academy, event: UUID, one: Visitor) -> BookingState | None:
    with academy.app.app_context():
        found = bookings.booking_of(event, one.person_id)
        return found.state if found else None


def _marks(academy: Academy, event: UUID) -> dict[UUID, Attendance]:
    with academy.app.app_context():
        return dict(participants.marks_of(workshops_workshops.get(event).sessions[0].id))


def _watched(academy: Academy, event: UUID, seat: UUID) -> int:
    with academy.app.app_context():
        query = (
            select(func.count())
            .select_from(Evidence)
            .where(Evidence.person_id == participants.participant(event, seat), Evidence.kind == EvidenceKind.WORKSHOP)
        )
        return db.session.scalar(query) or 0


def _figure(academy: Academy, path: str) -> ObservationState:
    with academy.app.app_context():
        return plan.observation(UUID(path.rpartition("/")[2])).state


def _claim(academy: Academy, one: Visitor) -> shapes.ClaimLine:
    with academy.app.app_context():
        [found] = competencies.claims_of(one.person_id)
        return found
