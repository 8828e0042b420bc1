"""The number that opens: from a finished course and a scored rubric to the plan's figure, its record, and back."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

import pytest
from playwright.sync_api import expect

from app.access.policy import Actor, Role, Scope
from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.competence.queries import competencies as competence
from app.db.session import db, transaction
from app.demo.cast import careers
from app.demo.cast.careers import AttemptTaken, CasePlayed, LessonRead, Study
from app.demo.history import learning, library
from app.kernel import clock
from app.quizzes.domain.attempts import Purpose
from app.workshops.service import staff as workshops
from tests.support import competence_site, course_attempts, workshop_events
from tests.support.examples import views
from tests.support.served_academy import LAW, Academy
from tests.support.settings import NOW
from tests.support.visitors import DESKTOP, PHONE, Invite, Visitor, press

pytestmark = pytest.mark.browser
CORE = ("VIC-01", "VIC-02", "VIC-06", "PRO-01", "PRO-02", "LRE-04")
ROLE = "first_responder"
MANY = 6  # more than the five under which no figure is shown
AT = NOW - timedelta(days=20)
# not alike, so that no two officers lapse on one day
SCORES = {"en": (3, 3, 2, 3, 3, 3), "ar": (3, 2, 3, 2, 3, 3)}
COMPLETERS, ABLE = "/plan/indicators/OP2.1", "/plan/indicators/OC2.1"


@pytest.fixture
def at() -> Iterator[list[timedelta]]:
    """The academy's time, as far behind NOW's as the list's entry says; a test sets it."""
    ahead = [timedelta(0)]
    real = clock.real_now()
    clock.move(lambda: NOW - real + ahead[0])
    yield ahead
    clock.set_right()


@pytest.mark.parametrize(("language", "width"), views(("en", DESKTOP), ("ar", PHONE)))
def test_a_finished_course_trains_and_counts_and_never_verifies(
    academy: Academy, visitor: Invite, at: list[timedelta], language: str, width: int
) -> None:
    for _ in range(MANY):
        _study(academy, academy.person(country="BG", roles=(ROLE,), now=AT))
    officer = visitor(language, width, country="IQ", roles=(ROLE,), now=AT)
    _study(academy, officer.person_id, test=False)
    coordinator = visitor(language, width, roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    contact = visitor(language, width, country="IQ", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
    before, rows = _number(coordinator, COMPLETERS), _records(contact, COMPLETERS)
    _pass_test(academy, officer.person_id)
    for competency in ("LRE-01", "LRE-02", "LRE-04"):
        page = officer.go(f"/path/{competency}")
        expect(page.locator("#now .status")).to_have_class(re.compile("now|here"))
        assert not {"verified", "due"} & {_standing(academy, officer.person_id, competency)}
    assert _number(coordinator, COMPLETERS) == before + 1
    (new,) = _records(contact, COMPLETERS) - rows
    _open(contact, new)
    expect(contact.page.locator("main")).to_contain_text("M01")
    assert not [complaint for user in (officer, coordinator, contact) for complaint in user.complaints]


@pytest.mark.parametrize(("language", "width"), views(("ar", PHONE), ("en", DESKTOP)))
def test_a_rubric_verifies_until_a_date_and_the_figure_follows(
    academy: Academy, visitor: Invite, at: list[timedelta], language: str, width: int
) -> None:
    for _ in range(MANY):
        academy.person(country="BG", roles=(ROLE,), now=AT)  # not able yet: neither group may be small
        _verify(academy, academy.person(country="BG", roles=(ROLE,), now=AT), CORE)
    officer = visitor(language, width, country="IQ", roles=(ROLE,), now=AT)
    _verify(academy, officer.person_id, [name for name in CORE if name != "VIC-02"])
    assessor = visitor(language, PHONE, country="BG", roles=("trainer",), signed_in=False)
    event = _event(academy, officer.person_id, assessor.person_id)
    at[0] = timedelta(days=1, hours=3)
    coordinator = visitor(language, width, roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    contact = visitor(language, width, country="IQ", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
    before, rows = _able(coordinator), _records(contact, ABLE)

    assessor.go("/sign-in")
    assessor.sign_in()
    page = assessor.go(f"/teaching/workshops/{event}/assess")
    page.locator('a[href$="/VIC-02"]').first.click()
    for fieldset, score in zip(page.locator("form.scores fieldset").all(), SCORES[language], strict=False):
        fieldset.locator(f'input[value="{score}"]').check()
    press(page.locator("form.scores button.primary"))
    until = _until(academy, officer.person_id)
    expect(page.locator("#live")).to_contain_text(str(until.year))

    shown = officer.go("/path/VIC-02")
    expect(shown.locator("#now time").first).to_have_attribute("datetime", until.isoformat())
    expect(shown.locator(".timeline li")).not_to_have_count(0)

    assert _able(coordinator) == (before[0] + 1, before[1])
    (new,) = _records(contact, ABLE) - rows
    _open(contact, new)
    for name in CORE:
        expect(contact.page.locator("main")).to_contain_text(name)

    at[0] = datetime.combine(until, time(10), NOW.tzinfo) + timedelta(days=1) - NOW
    now, yesterday = _able(coordinator), _able(coordinator, on=until)
    assert now == (yesterday[0] - 1, yesterday[1])
    assert not [one for who in (officer, assessor, coordinator) for one in who.complaints]


def _study(academy: Academy, person_id: UUID, *, test: bool = True) -> None:
    """Live through the law course, its case and, unless told otherwise, its test."""
    with academy.app.app_context():
        courses = library.course_materials(person_id)
        law = next(one for one in courses if one.outline.slug == LAW)
        slugs = [entry.slug for entry in law.outline.facts.lessons]
        study = Study(law.outline.code, AT)
        for name in law.outline.cases:
            study.steps.append(
                CasePlayed(name, AT + timedelta(hours=1), careers.moves_to_an_end(law.cases[name], Random(1)))
            )
        if test:
            study.steps.append(AttemptTaken(Purpose.TEST, AT + timedelta(hours=3), 1.0, AT + timedelta(hours=4)))
        for number, slug in enumerate(slugs):
            study.steps.append(LessonRead(slug, AT + timedelta(hours=5 + number)))
        for deed in learning.learning_actions(person_id, courses, [study], Random(1)):
            with transaction():
                deed.act()
        db.session.remove()


def _pass_test(academy: Academy, person_id: UUID) -> None:
    with academy.app.app_context():
        reader = Actor(person_id, "IQ", frozenset({Role.PRACTITIONER}))
        course_attempts.sit(person_id, catalogue.visible(reader, LAW), at=clock.now())
        db.session.remove()


def _verify(academy: Academy, person_id: UUID, names: Sequence[str]) -> None:
    with academy.app.app_context():
        framework = catalogue.competencies()
        assert framework is not None
        needed = framework.required_of(ROLE)
        by = competence_site.assessor()
        db.session.rollback()
        for name in names:
            level = needed.get(name, Level.FOUNDATION)
            day = NOW.date() - timedelta(days=3)
            competence_site.add(
                person_id, name, level, EvidenceKind.WORKSHOP, day, right=30, items=30, watched=True, assessor=by
            )
        db.session.remove()


def _event(academy: Academy, officer: UUID, assessor: UUID) -> UUID:
    """Announce a workshop of tomorrow with a seat for the officer and an assessor of VIC-02."""
    tomorrow = NOW.date() + timedelta(days=1)
    with academy.app.app_context():
        session = workshop_events.session(tomorrow, starts=time(9), ends=time(16))
        event = workshop_events.announced(
            sessions=(session,),
            booking_until=NOW.date(),
            outcomes=(("VIC-02", Level.PRACTITIONER),),
            capacity=10,
        )
        with transaction():
            workshops.appoint(event, assessor, Role.ASSESSOR, clock.now())
        workshop_events.seat(event, officer)
        db.session.remove()
    return event


def _number(one: Visitor, path: str) -> int:
    one.go(path)
    return int(re.sub(r"\D", "", one.page.locator(".tile").nth(1).locator(".figure").inner_text()))


def _able(one: Visitor, on: date | None = None) -> tuple[int, int]:
    """Return how many of how many, as the tile of the figure says."""
    one.go(ABLE + (f"?on={on.isoformat()}" if on else ""))
    found = re.findall(r"\d+", one.page.locator(".tile").nth(1).locator(".quiet").inner_text())
    return int(found[0]), int(found[1])


def _records(one: Visitor, path: str) -> set[str]:
    """Return the records of the own country behind a figure that count as reached."""
    one.go(f"{path}/rows")
    found = set()
    for row in one.page.locator("main tbody tr").all():
        if row.locator("td.num").first.inner_text().strip() == "1":
            found.add(row.locator("th a").get_attribute("href") or "")
    return found


def _open(one: Visitor, record: str) -> None:
    one.page.goto(one.url + record)
    expect(one.page.locator(".timeline li").first).to_be_visible()
    expect(one.page.locator(".crumbs li")).to_have_count(3)


def _standing(academy: Academy, person_id: UUID, competency: str) -> str:
    with academy.app.app_context():
        found = competence.path(person_id, [ROLE], clock.today())
        return next(str(one.status) for one in found if one.competency == competency)


def _until(academy: Academy, person_id: UUID) -> date:
    with academy.app.app_context():
        found = competence.path(person_id, [ROLE], clock.today())
        until = next(one.until for one in found if one.competency == "VIC-02")
        assert until is not None
        others = [one.until for one in found if one.competency in CORE and one.competency != "VIC-02"]
        assert all(other is not None and other > until for other in others)
        return until
