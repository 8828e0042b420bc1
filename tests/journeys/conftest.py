import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, sync_playwright

from tests import factories
from tests.journeys.academy import Academy, living

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
_visit = count(1)
PHONE, DESKTOP = 360, 1280


@dataclass
class Visitor:
    """A person at a browser; `complaints` is what the browser's console said."""

    person_id: UUID
    mail: str
    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, *, shared: bool = False) -> Page:
        """Fill the form of the page that is open."""
        page = self.page
        page.locator("#name").fill(self.mail)
        page.locator("#password").fill(factories.PASSWORD)
        if shared:
            page.locator("[name=shared]").check()
        press(page.locator("main form button.primary"))
        return page

    def another_page(self) -> Page:
        """Open a further tab of the same browser."""
        return _listen(self.context.new_page(), self.complaints)


Invite = Callable[..., Visitor]


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
def academy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    """One academy a worker, its courses published once; each test brings people of its own."""
    with living(tmp_path_factory.mktemp("academy")) as served:
        yield served


@pytest.fixture
def visitor(academy: Academy, chromium: Browser) -> Iterator[Invite]:
    """Return a function that adds a person and signs them in by the form."""
    contexts: list[BrowserContext] = []

    def invite(
        language: str = "en",
        width: int = DESKTOP,
        *,
        script: bool = True,
        shared: bool = False,
        signed_in: bool = True,
        **facts: Any,
    ) -> Visitor:
        mail = f"journey{next(_visit)}@example.org"
        person_id = academy.person(language=language, mail=mail, **facts)
        phone = width < 600
        context = chromium.new_context(
            locale=language,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=script,
            has_touch=phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(8000)
        contexts.append(context)
        one = Visitor(person_id, mail, context.new_page(), academy.url)
        _listen(one.page, one.complaints)
        if signed_in:
            one.go("/sign-in")
            one.sign_in(shared=shared)
        return one

    yield invite
    for context in contexts:
        context.close()


def _listen(page: Page, complaints: list[str]) -> Page:
    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{message.type}: {message.text} ({page.url})")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"script: {error} ({page.url})"))
    return page
