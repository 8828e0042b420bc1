"""No link of any page leads nowhere, or where its reader may not go."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit
from zlib import crc32

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from tests.support import factories
from tests.support.busy_academy import PEOPLE, Busy

MOST = 2  # addresses of one kind: one page with the same names in its query; others for each person
START = ("/", "/sign-in", "/about")
NEEDING_A_FIELD = {"/plan/completion.csv"}  # the form of a working copy, which asks for its reason
EXAMPLE = "https://www.example.org/"  # of a link in the reference of the course format


@dataclass
class PageLinks(HTMLParser):
    """What a page refers to: addresses that a browser gets, those that its forms post to, and its own anchors."""

    links: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what one element refers to."""
        given = {name: value or "" for name, value in attrs}
        self.anchors.add(given.get("id", ""))
        if tag == "form":
            (self.posts if given.get("method") == "post" else self.links).append(given.get("action", ""))
        for name in ("href", "src"):
            if given.get(name, "").startswith((EXAMPLE, "data:")):  # a drawn code
                continue
            if name in given and given.get("rel") != "noreferrer":  # the way to leave at once
                self.links.append(given[name])


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_every_link_leads_somewhere(busy: Busy, name: str) -> None:
    busy.speak(name, "en")
    client = factories.sign_in(busy.academy.app, busy.people[name])
    door = busy.academy.app.url_map.bind("localhost")
    faults = [f"{page} -> {link}: {why}" for page, link, why in _walk(client, door, name)]
    assert not faults, "\n".join(faults)


def _walk(client: FlaskClient, door: MapAdapter, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield page, link and fault of all that is wrong among what can be reached."""
    queue = deque(("", path) for path in START)
    seen, kinds, read = set(START), Counter[object](), dict[str, PageLinks]()
    while queue:
        page, path = queue.popleft()
        kind = _kind(door, path)
        kinds[kind] += 1
        if kind is None:
            yield page, path, "no such route"
        if kind is None or kinds[kind] > MOST:
            continue
        with client.get(path) as answer:
            answer.get_data()  # files are written while they are read
        if answer.status_code >= 400 and path not in NEEDING_A_FIELD:
            yield page, path, answer.status
        if answer.mimetype == "text/html" and answer.status_code == 200:
            page_links = read[path] = PageLinks()
            page_links.feed(answer.text)
            onward = {_resolve(path, link)[0] for link in page_links.links} - seen
            queue.extend((path, link) for link in sorted(onward, key=lambda link: crc32(f"{name} {link}".encode())))
            seen |= onward
    for path, page_links in read.items():
        yield from _wrong(path, page_links, door, read)


def _wrong(
    path: str, page_links: PageLinks, door: MapAdapter, read: Mapping[str, PageLinks]
) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with a page's links and forms, of what needs no further look."""
    for link in page_links.links:
        target, anchor, outside = _resolve(path, link)
        if outside:
            yield path, link, "leads out"
        if anchor and target in read and anchor not in read[target].anchors:
            yield path, link, "no such anchor"
    for action in page_links.posts:
        if _kind(door, _resolve(path, action)[0], "POST") is None:
            yield path, action, "nothing takes this form"


def _resolve(page: str, link: str) -> tuple[str, str, bool]:
    """Return the address on this site, the anchor, and whether the link leaves the site."""
    part = urlsplit(urljoin(f"http://localhost{page}", link))
    onward = part.path + (f"?{part.query}" if part.query else "")
    return onward, part.fragment, part.netloc != "localhost"


def _kind(door: MapAdapter, path: str, method: str = "GET") -> object:
    """Return the route of an address with the names in its query; None for no route."""
    part = urlsplit(path)
    try:
        endpoint, values = door.match(part.path, method=method)
    except RequestRedirect:
        return "redirect", path
    except HTTPException:
        return None
    return endpoint, "form" in values, frozenset(parse_qs(part.query))
