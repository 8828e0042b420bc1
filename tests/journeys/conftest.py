import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Locator, Page, sync_playwright

from tests.support import factories
from tests.support.busy_academy import Busy, make
from tests.support.served_academy import Academy, living, publish

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
HEIGHT = 800
BLOCKED = "Service Worker registration blocked"  # what the driver says where a test allows none
_visit = count(1)
PHONE, DESKTOP = 360, 1280


@dataclass
class Visitor:
    """A person at a browser; `complaints` is what the browser's console said."""

    person_id: UUID
    mail: str
    page: Page
    url: str
    code: Callable[[], str] = str  # tells a fresh code where a second step follows, else ""
    complaints: list[str] = field(default_factory=list)

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, *, shared: bool = False) -> Page:
        """Fill the form of the page that is open, and that of the second step where one follows."""
        page, code = self.page, self.code()
        page.locator("#name").fill(self.mail)
        page.locator("#password").fill(factories.PASSWORD)
        if shared:
            page.locator("[name=shared]").check()
        press(page.locator("main form button.primary"))
        if code:
            page.locator("#code").fill(code)
            press(page.locator("main form button.primary"))
        return page

    def another_page(self) -> Page:
        """Open a further tab of the same browser."""
        return _listen(self.context.new_page(), self.complaints)


Invite = Callable[..., Visitor]
Enter = Callable[..., Visitor]
Open = Callable[..., Visitor]


def press(button: Locator) -> None:
    """Press what leads to another page, and wait for it: the same words may stand there again."""
    with button.page.expect_navigation():
        button.click()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser a worker; the system's where it has one."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The courses are published once a worker."""
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="session")
def academy(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Iterator[Academy]:
    """One academy a worker; each test brings people of its own."""
    with living(tmp_path_factory.mktemp("academy"), published) as served:
        yield served


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Iterator[Busy]:
    """One academy a worker that is full of people and of what they did; tests that read share it."""
    with living(tmp_path_factory.mktemp("busy"), published) as served:
        yield make(served)


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
        _listen(one.page, one.complaints)
        return one

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def enter(busy: Busy, window: Open) -> Enter:
    """Return a function that signs somebody of the busy academy in, reading in a language."""

    def enter_as(name: str, language: str = "en", width: int = DESKTOP, *, script: bool = True) -> Visitor:
        person_id = busy.speak(name, language)
        one = window(busy.academy, person_id, busy.mail(name), language, width, script=script)
        one.go("/sign-in")
        one.sign_in()
        return one

    return enter_as


@pytest.fixture
def visitor(academy: Academy, window: Open) -> Invite:
    """Return a function that adds a person and signs them in by the form."""

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
        if signed_in:
            one.go("/sign-in")
            one.sign_in(shared=shared)
        return one

    return invite


def _listen(page: Page, complaints: list[str]) -> Page:
    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and BLOCKED not in message.text:
            complaints.append(f"{message.type}: {message.text} ({page.url})")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"script: {error} ({page.url})"))
    return page


def give_a_key(one: Visitor) -> tuple[CDPSession, str]:
    """Put Chromium's own authenticator into the browser; return its session and id."""
    session = one.context.new_cdp_session(one.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]
