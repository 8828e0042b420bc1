from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from app.kernel import clock
from tests.support import busy_academy
from tests.support.browser import FLAGS, system
from tests.support.busy_academy import Busy
from tests.support.rendered_courses import rendered
from tests.support.run_files import make_once
from tests.support.served_academy import Academy, living, publish
from tests.support.settings import NOW
from tests.support.visitors import DESKTOP, HEIGHT, Enter, Invite, Open, Visitor, listen

_visit = count(1)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Yield one browser for this worker."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=system(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def published(run_folder: Path) -> Path:
    """A database with the real courses, published once for all workers."""
    return make_once(run_folder, "published.db", lambda path: publish(path, rendered(run_folder)))


@pytest.fixture(scope="session")
def academy(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Iterator[Academy]:
    """One academy a worker; each test brings people of its own."""
    with living(tmp_path_factory.mktemp("academy"), published) as served:
        yield served


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory, published: Path, run_folder: Path) -> Iterator[Busy]:
    """One academy a worker that is full of people and of what they did; tests that read share it."""
    filled = make_once(run_folder, "busy", lambda folder: busy_academy.fill(folder, published))
    with busy_academy.open_copy(filled, tmp_path_factory.mktemp("busy")) as copy:
        yield copy


@pytest.fixture
def window(chromium: Browser) -> Iterator[Open]:
    """Return a function that opens a browser's window on an academy."""
    contexts: list[BrowserContext] = []

    def open_one(
        academy: Academy,
        person_id: UUID,
        mail: str,
        language: str = "en",
        width: int = DESKTOP,
        *,
        script: bool = True,
        worker: bool = False,
    ) -> Visitor:
        phone = width < 600
        context = chromium.new_context(
            locale=language,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=script,
            has_touch=phone,
            reduced_motion="reduce",
            service_workers="allow" if worker else "block",  # what it sends is not weighed nor seen by `route`
        )
        context.set_default_timeout(20000)
        contexts.append(context)
        one = Visitor(person_id, mail, context.new_page(), academy.url, lambda: academy.code(person_id))
        listen(one.page, one.complaints)
        return one

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def enter(busy: Busy, window: Open) -> Enter:
    """Return a function that brings a signed-in person of the busy academy in a language; no page is open yet."""

    def enter_as(name: str, language: str = "en", width: int = DESKTOP, *, script: bool = True) -> Visitor:
        person_id = busy.speak(name, language)
        one = window(busy.academy, person_id, busy.mail(name), language, width, script=script)
        one.take(busy.academy.session(person_id))
        return one

    return enter_as


@pytest.fixture
def visitor(academy: Academy, window: Open) -> Invite:
    """Return a function that adds a person and signs them in; no page is open yet.

    The form is filled on a shared computer only. Journeys about sessions, keys and invitations fill it themselves.
    """

    def invite(
        language: str = "en",
        width: int = DESKTOP,
        *,
        script: bool = True,
        shared: bool = False,
        signed_in: bool = True,
        worker: bool = False,
        **facts: Any,
    ) -> Visitor:
        mail = f"journey{next(_visit)}@example.org"
        person_id = academy.person(language=language, mail=mail, **facts)
        one = window(academy, person_id, mail, language, width, script=script, worker=worker)
        if shared:
            one.go("/sign-in")
            one.sign_in(shared=True)
        elif signed_in:
            one.take(academy.session(person_id))
        return one

    return invite


@pytest.fixture
def ahead() -> Iterator[list[timedelta]]:
    """The time of the academy is as far ahead of NOW as the entry of the list; a test sets it."""
    days, real = [timedelta(0)], clock.real_now()
    clock.move(lambda: NOW - real + days[0])
    yield days
    clock.set_right()
