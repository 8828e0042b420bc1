"""The pages of a SCORM package in a player: scorm-again, from tests/vendor."""

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.support import courses, factories, scorm_course, sites, studio_site

pytestmark = pytest.mark.browser
VENDOR = Path(__file__).resolve().parents[1] / "vendor" / "scorm-again"
PLAYER = """<!DOCTYPE html>
<title>Player</title>
<script type="module">
import { Scorm12API } from "./scorm12.min.js";
const frame = document.querySelector("iframe");
window.play = (path, saved) => {
  window.API = new Scorm12API({ logLevel: 5 });
  window.sent = {};
  for (const name of ["session_time", "exit"]) { // the API has no way to read them again
    window.API.on(`LMSSetValue.cmi.core.${name}`, (_, value) => { window.sent[name] = value; });
  }
  if (saved) window.API.loadFromJSON({ core: { lesson_status: "incomplete" }, suspend_data: saved });
  frame.src = path;
};
</script>
<iframe width="360" height="700"></iframe>
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Write no line for each request."""


@pytest.fixture
def package(lite_app: Flask, context: Flask, tmp_path: Path) -> Path:
    """Unpack the package of a course beside a page that plays it."""
    sites.publish_course(scorm_course.ready())
    client = factories.sign_in(lite_app, studio_site.author().id)
    answer = client.get(f"/teaching/courses/{courses.SLUG}/export/scorm/en")
    for path, content in scorm_course.unpacked(answer.data).items():
        file = tmp_path / "package" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (tmp_path / "index.html").write_text(PLAYER, "utf-8")
    shutil.copy(VENDOR / "scorm12.min.js", tmp_path)
    return tmp_path


@pytest.fixture
def address(package: Path) -> Iterator[str]:
    """Serve the player and the package; return the address of the player."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=package))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def player(address: str, chromium: Browser) -> Iterator[Page]:
    """Open the player."""
    context = chromium.new_context()
    context.set_default_timeout(20000)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("!!window.play")
    yield page
    context.close()


def _play(page: Page, path: str, saved: str = "") -> FrameLocator:
    page.evaluate("([path, saved]) => play(path, saved)", [f"package/{path}", saved])
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-done]")).to_be_visible()
    page.wait_for_function("API.isInitialized()")
    return frame


def _value(page: Page, name: str) -> str:
    return str(page.evaluate("(name) => API.LMSGetValue(name)", name))


def _leave(page: Page) -> None:
    page.evaluate("document.querySelector('iframe').src = 'about:blank'")
    page.wait_for_function("API.isTerminated()")


def _answers(page: Page) -> dict[str, str]:
    data = json.loads(_value(page, "cmi.suspend_data"))
    return dict(data["answers"])


def test_player_is_the_version_of_its_readme() -> None:
    digest = hashlib.sha256((VENDOR / "scorm12.min.js").read_bytes()).hexdigest()
    assert digest in (VENDOR / "README.md").read_text("utf-8")


def test_lesson_is_completed_when_done_is_pressed(player: Page) -> None:
    frame = _play(player, "lesson-01.html")
    assert _value(player, "cmi.core.lesson_status") == "incomplete"
    frame.get_by_role("button", name="Done").click()
    expect(frame.get_by_role("status")).to_contain_text("The lesson is completed.")
    assert _value(player, "cmi.core.lesson_status") == "completed"
    _leave(player)
    assert player.evaluate("API.cmi.core.lesson_status") == "completed"
    assert re.fullmatch(r"\d{2}:\d{2}:\d{2}", player.evaluate("sent.session_time"))


def test_interrupted_test_continues_with_its_answers(player: Page) -> None:
    frame = _play(player, "test.html")
    frame.locator("[name=T10-Q01][value='0']").check()
    frame.locator("[name=T10-Q02][value='1']").check()
    assert _answers(player) == {"T10-Q01": "0", "T10-Q02": "1"}
    saved = _value(player, "cmi.suspend_data")
    _leave(player)
    assert player.evaluate("sent.exit") == "suspend"
    frame = _play(player, "test.html", saved)
    expect(frame.locator("[name=T10-Q02][value='1']")).to_be_checked()
    frame.locator("[data-done]").click()
    expect(frame.get_by_role("status")).to_contain_text("Not passed: 30 of 100 points.")
    assert _value(player, "cmi.core.lesson_status") == "failed"
    assert [_value(player, f"cmi.core.score.{name}") for name in ("raw", "min", "max")] == ["30", "0", "100"]
    assert json.loads(_value(player, "cmi.suspend_data"))["done"] is True


def test_right_answers_of_every_kind_pass(player: Page) -> None:
    frame = _play(player, "test.html")
    for name, value in (("T10-Q01", 0), ("T10-Q02", 0), ("T10-Q02", 1), ("T10-Q03", 0)):
        frame.locator(f"[name={name}][value='{value}']").check()
    for entry in range(3):
        frame.locator(f"#T10-Q04-{entry}").select_option(str(entry + 1))
    frame.locator("[data-question=T10-Q11] input").fill("٣٫٥ ships")
    frame.locator("[data-done]").click()
    expect(frame.get_by_role("status")).to_contain_text("Passed: 100 of 100 points.")
    assert _value(player, "cmi.core.lesson_status") == "passed"
    assert _value(player, "cmi.core.score.raw") == "100"
    assert _answers(player)["T10-Q04"] == "0.1.2"
    _leave(player)
    assert player.evaluate("API.cmi.core.lesson_status") == "passed"


def test_lesson_outside_a_player_says_that_nothing_is_saved(player: Page) -> None:
    player.goto(f"{player.url}package/lesson-01.html")
    expect(player.get_by_role("status")).to_contain_text("No learning platform was found")
