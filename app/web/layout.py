"""The layout of every page: the data of layout.html as one object."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

from flask import Flask, current_app, request

from app.i18n import languages
from app.web import assets
from app.web.http import csrf
from app.web.http.headers import READING
from app.web.request_state import request_state

# addresses of pages that only staff open
STAFF_PREFIXES = (
    "/_components", "/audit", "/country", "/operations", "/people", "/plan/figures", "/supervision", "/teaching",
    "/welcome",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the menu."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language to switch to, named in itself."""

    code: str
    name: str
    dir: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in user, by alias."""

    alias: str
    settings_url: str
    idle: int = 0  # seconds until the session ends without a request
    left: int = 0  # seconds until it ends in any case


@dataclass(frozen=True, slots=True)
class DemoBar:
    """The bar of the demonstration: role, language, date, connection, and the password that some pages ask for."""

    roles: Sequence[MenuEntry]
    date: str
    weeks: int
    offline: bool
    password: str


@dataclass(frozen=True, slots=True)
class Reader:
    """The data about the current user that the layout shows; higher packages fill it."""

    me: Me | None = None
    menu: Sequence[MenuEntry] = ()
    notices: int = 0  # unread
    theme: str = ""  # "dark", "light", or "" for the theme of the device
    contrast: str = ""  # "more" or ""
    data_saver: bool = False
    shared_computer: bool = False
    incident: bool = False
    path_url: str = ""  # of the user's own path, or ""


class Read(Protocol):
    def __call__(self) -> Reader: ...


class DemoBarSource(Protocol):
    """Return the demonstration's bar."""

    def __call__(self) -> DemoBar: ...


@dataclass(slots=True, kw_only=True)
class Layout:
    """Functions and addresses that higher packages supply; the demonstration adds its bar."""

    read: Read
    leave_url: str
    help_url: Callable[[], str]
    demo_bar: DemoBarSource | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The variable `site` of templates, described at the top of layout.html."""

    language: str
    dir: str
    css: Sequence[str]
    csrf: str
    languages: Sequence[LanguageChoice]
    current_path: str
    leave_url: str
    help_url: str
    demo: DemoBar | None
    reader: Reader
    title_suffix: str = "COLEP Academy"
    scripts: list[str] = field(default_factory=list)

    @property
    def part(self) -> bool:
        """Return whether only a part of the page is sent, without the layout."""
        return wants_part()

    @property
    def me(self) -> Me | None:
        """Return the signed-in user, or None."""
        return self.reader.me

    @property
    def menu(self) -> Sequence[MenuEntry]:
        """Return the menu entries that the policy allows."""
        return self.reader.menu


def sheets(endpoint: str | None, path: str, *, demo: bool) -> list[str]:
    """Return the names of the style sheets that a page needs, by its address; pages to read need the first one only."""
    names = ["academy.css"]
    if endpoint not in READING:
        names.append("staff.css" if is_within(path, STAFF_PREFIXES) else "pages.css")
    return [*names, "demo.css"] if demo else names


def is_within(path: str, prefixes: Iterable[str]) -> bool:
    """Return whether a path is one of the prefixes or lies below one."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def wants_part() -> bool:
    """Return whether a script requests only the part of the page that changes between lessons."""
    return request.headers.get("X-Part") == "main"


def layout(app: Flask | None = None) -> Layout:
    """Return the layout of an application, or of the current one."""
    return cast("Layout", (app or current_app).extensions["layout"])


def init_app(app: Flask, parts: Layout) -> None:
    """Make `site` and `asset(name)` available in every template."""
    app.extensions["layout"] = parts

    def provide() -> dict[str, object]:
        code = languages.current()
        bare = request_state().bare
        bar = None if bare or parts.demo_bar is None else parts.demo_bar()
        site = Site(
            language=code,
            dir=languages.direction(code),
            css=[
                assets.address(current_app, name)
                for name in sheets(request.endpoint, request.path, demo=bar is not None)
            ],
            csrf=csrf.token(),
            languages=[_choice(language, code) for language in languages.INTERFACE],
            current_path=_current_path(),
            leave_url=parts.leave_url,
            help_url=parts.help_url(),
            demo=bar,
            reader=Reader() if bare else parts.read(),
        )
        return {"site": site}

    app.context_processor(provide)


def _choice(code: str, current: str) -> LanguageChoice:
    language = languages.language(code)
    return LanguageChoice(language.code, language.name, language.direction, code == current)


def _current_path() -> str:
    return request.full_path.rstrip("?") if request.query_string else request.path
