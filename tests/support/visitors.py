"""People at a browser."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from playwright.sync_api import BrowserContext, CDPSession, ConsoleMessage, Locator, Page, expect

from tests.support import factories

HEIGHT = 800
BLOCKED = "Service Worker registration blocked"  # what the driver says where a test allows none
PHONE, DESKTOP = 360, 1280
MOST_TABS = 120  # presses of the Tab key until something is reached


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

    def take(self, session: tuple[str, str]) -> None:
        """Put the cookie of a session into the browser: who signs in so has no form to fill."""
        name, value = session
        self.context.add_cookies([{"name": name, "value": value, "url": self.url, "httpOnly": True, "sameSite": "Lax"}])

    def another_page(self) -> Page:
        """Open a further tab of the same browser."""
        return listen(self.context.new_page(), self.complaints)


Invite = Callable[..., Visitor]
Enter = Callable[..., Visitor]
Open = Callable[..., Visitor]


def press(button: Locator) -> None:
    """Click a link or button and wait for the next page, which may contain the same text."""
    with button.page.expect_navigation():
        button.click()


def reach(wanted: Locator) -> None:
    """Press Tab until an element has the focus."""
    page = wanted.page
    for _press in range(MOST_TABS):
        if wanted.evaluate("it => it === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()


def press_by_key(button: Locator) -> None:
    """Reach a link or button with the Tab key, press Enter and wait for the next page."""
    reach(button)
    with button.page.expect_navigation():
        button.page.keyboard.press("Enter")


def listen(page: Page, complaints: list[str]) -> Page:
    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and BLOCKED not in message.text:
            complaints.append(f"{message.type}: {message.text} ({page.url})")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"script: {error} ({page.url})"))
    return page


def give_a_key(visitor: Visitor) -> tuple[CDPSession, str]:
    """Put Chromium's own authenticator into the browser; return its session and id."""
    session = visitor.context.new_cdp_session(visitor.page)
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
