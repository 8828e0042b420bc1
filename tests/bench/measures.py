"""The measurements, each returning figures."""

import re
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from tests.bench.figures import Figure, percentile
from tests.bench.ground import Ground
from tests.bench.story import Story
from tests.support.http_client import Answer, Visit
from tests.support.live import Server

STORIES = 10
REPEATS = 60
AT_ONCE = 32
ROUNDS = 2
SIGN_INS = 20
ASSET = re.compile(r'(?:href|src)="(/static/a/[^"]+)"')
STORY_SECONDS, SIGN_IN_MS, HOT_MS, PAGE_MS = 0.16, 40, 6, 10
FIRST_KB, NEXT_KB, NEXT_REQUESTS = 45, 12, 1  # promise 3 of the interface
FIRST_REQUESTS = 6  # page, icon, styles, two scripts, styles of documents
WORST_SECONDS = 1.0
FLAT_MS = 5.0  # what a list may take longer with a hundred times the people
PEOPLE_MS = 100.0  # the slow end of a list of people
# of a country, by its contact point, and of all, by an administrator
PEOPLE = {
    "contact_point": ("/people", "/people?role=first_responder", "/people?role=investigator&state=active"),
    "administrator": ("/people", "/people?account=active", "/people?held=practitioner&account=active"),
}


def cpu(ground: Ground) -> list[Figure]:
    """Measure the processor time of one worker: for a whole story, and for single pages."""
    with Server(ground.folder, ground.url, workers=1) as server:
        warm, *people = [Story(ground, name, server.port) for name in ground.fresh(STORIES + 1)]
        warm.whole()
        stories = _spent(server, [one.whole for one in people]) / STORIES
        found = [Figure(ground.database, "CPU of a learner's story", stories, "s", STORY_SECONDS)]
        reader = Story(ground, ground.fresh(1)[0], server.port)
        reader.sign_in()
        reader.read()
        reader.begin()
        found += [_page(ground, server, name, most, act) for name, most, act in _pages(reader)]
        memory = server.memory() / 2**20
        found.append(Figure(ground.database, "memory of a worker", memory, "MB"))
        for one in (warm, reader, *people):
            one.visit.close()
    return found


def _pages(reader: Story) -> list[tuple[str, float, Callable[[int], object]]]:
    attempt = f"/attempts/{reader.attempt}"
    asked = {
        "home": "/", "courses": "/courses", "course": f"/courses/{reader.slug}", "test": f"/courses/{reader.slug}/test",
        "question": f"{attempt}/1", "check": f"{attempt}/check", "record": "/record", "notices": "/notices",
        "search": "/search?q=consent", "settings": "/settings", "about": "/about",
    }  # fmt: skip
    lessons = [reader.lesson(slug) for slug in reader.lessons]
    acts: list[tuple[str, float, Callable[[int], object]]] = [
        ("lesson", HOT_MS, lambda n: reader.ask("lesson", lessons[n % len(lessons)])),
        ("answer saved", HOT_MS, lambda n: reader.save(n % 10 + 1, n + 1 << 16)),
    ]
    acts += [(name, PAGE_MS, lambda _n, name=name, path=path: reader.ask(name, path)) for name, path in asked.items()]  # type: ignore[misc]
    other = Story.__new__(Story)
    other.__dict__.update(reader.__dict__, visit=Visit(reader.visit.port))

    def sign_in(_n: int) -> None:
        other.visit.cookies.clear()
        other.visit.page("/sign-in")
        other.send("sign-in", "/sign-in", {"name": other.name, "password": "a long passphrase for tests"})
        other.visit.close()

    return [*acts, ("sign-in, with its form", SIGN_IN_MS, sign_in)]


def _page(ground: Ground, server: Server, name: str, most: float, act: Callable[[int], object]) -> Figure:
    count = SIGN_INS if most == SIGN_IN_MS else REPEATS
    act(0)
    spent = _spent(server, [lambda n=n: act(n) for n in range(1, count + 1)])  # type: ignore[misc]
    return Figure(ground.database, f"CPU of a page: {name}", spent / count * 1000, "ms", most)


def _spent(server: Server, acts: Iterable[Callable[[], object]]) -> float:
    before = server.cpu()
    for act in acts:
        act()
    return server.cpu() - before


def bytes_of_lessons(ground: Ground) -> list[Figure]:
    """Measure what a browser loads for the first lesson, and for the next one."""
    with Server(ground.folder, ground.url, workers=1) as server:
        reader = Story(ground, ground.fresh(1)[0], server.port)
        reader.sign_in()
        first = reader.ask("lesson", reader.lesson(reader.lessons[0]))
        # as reader.js asks for it: without the frame, which is on the screen
        following = reader.visit.page(reader.lesson(reader.lessons[1]), {"X-Part": "main"})
        assets = {address: reader.visit.page(address) for address in _assets(first)}
        size = first.size + sum(answer.size for answer in assets.values())
        more = [address for address in _assets(following) if address not in assets]
        reader.visit.close()
    named = ground.database
    return [
        Figure(named, "first lesson", size / 1000, "kB", FIRST_KB),
        Figure(named, "first lesson", 1 + len(assets), "requests", FIRST_REQUESTS),
        Figure(named, "next lesson", following.size / 1000, "kB", NEXT_KB),
        Figure(named, "next lesson", 1 + len(more), "requests", NEXT_REQUESTS),
    ]


def _assets(page: Answer) -> list[str]:
    return sorted(set(ASSET.findall(page.text)))


def at_once(ground: Ground) -> list[Figure]:
    """Let 32 learners live their stories at once, without a pause; signing in apart."""
    took: list[float] = []
    faults: list[str] = []
    start = threading.Barrier(AT_ONCE)

    def note(name: str, seconds: float, answer: Answer, wanted: int) -> None:
        if name != "sign-in":
            took.append(seconds)
        if answer.status != wanted:
            faults.append(f"{name} {answer.status}")

    def live(story: Story) -> None:
        start.wait()
        for _ in range(ROUNDS):
            story.read()
        story.sit()
        story.ask("record", "/record")
        story.visit.close()

    with Server(ground.folder, ground.url, workers=2) as server:
        people = [Story(ground, name, server.port, note) for name in ground.fresh(AT_ONCE)]
        for one in people:
            one.sign_in()
        took.clear()
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(live, one) for one in people]:
                done.result()
        whole = time.monotonic() - began
    named = ground.database
    return [
        Figure(named, f"{AT_ONCE} at once: faults", len(faults), "", 0),
        *[
            Figure(named, f"{AT_ONCE} at once: p{share}", percentile(took, share / 100), "s", most)
            for share, most in ((50, None), (95, None), (99, WORST_SECONDS))
        ],
        Figure(named, f"{AT_ONCE} at once: requests a second", len(took) / whole, "/s"),
    ]


def lists(ground: Ground) -> dict[str, float]:
    """Return the milliseconds of each list, as those people see it who have most in it."""
    found = {}
    with Server(ground.folder, ground.url, workers=1) as server:
        for role, paths in (
            ("practitioner", ("/", "/courses", "/record", "/notices", "/search?q=the")),
            ("administrator", ("/operations",)),
        ):
            visit = Visit(server.port)
            name = ground.person_with(role)
            found["sign-in"] = min(_ms(lambda v=visit, n=name: v.sign_in(n, ground.password), 1), 1e9)  # type: ignore[misc]
            ground.second_step(visit, name)
            for path in paths:
                visit.page(path)
                found[path] = _ms(lambda v=visit, p=path: v.page(p), 30)  # type: ignore[misc]
            visit.close()
    return found


def people(ground: Ground) -> list[Figure]:
    """Return the slow end of each list of people, with and without what narrows it."""
    found = []
    with Server(ground.folder, ground.url, workers=1) as server:
        for role, paths in PEOPLE.items():
            visit = Visit(server.port)
            name = ground.person_with(role)
            visit.sign_in(name, ground.password)
            ground.second_step(visit, name)
            for path in paths:
                visit.page(path)
                took = percentile(_each(lambda v=visit, p=path: v.page(p), 40), 0.95)  # type: ignore[misc]
                found.append(Figure(ground.database, f"{path} p95, {role}", took, "ms", PEOPLE_MS))
            visit.close()
    return found


def flat(ground: Ground, small: dict[str, float], large: dict[str, float]) -> list[Figure]:
    """Return how much longer each list takes with many people than with few."""
    return [
        Figure(ground.database, f"{path}: more with many people", max(0.0, large[path] - small[path]), "ms", FLAT_MS)
        for path in small
        if path != "sign-in"
    ] + [Figure(ground.database, "sign-in with many people", large["sign-in"], "ms")]


def _ms(act: Callable[[], object], count: int) -> float:
    # the shortest time: longer ones depend on other programs
    return min(_each(act, count))


def _each(act: Callable[[], object], count: int) -> list[float]:
    took = []
    for _ in range(count):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return took
