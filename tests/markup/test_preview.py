import threading
from collections.abc import Iterator

import pytest

from app.markup import preview
from app.markup.errors import MarkupBusyError, MarkupError, MarkupRefusedError
from app.markup.preview import PreviewRenderer
from app.markup.render import render_lessons
from tests.support.lesson_jobs import lesson


@pytest.fixture
def renderer() -> Iterator[PreviewRenderer]:
    """A renderer whose child is stopped at the end."""
    own = PreviewRenderer()
    yield own
    own.child.stop()


def test_preview_is_what_would_be_published(renderer: PreviewRenderer) -> None:
    text = "# Title\n\n/// note\nA *note*.\n///\n\nA [link](https://example.org/).\n"
    assert renderer.render(lesson(text)) == render_lessons([lesson(text)])[0]


def test_child_answers_many_texts(renderer: PreviewRenderer) -> None:
    renderer.render(lesson("# Title\n"))
    process = renderer.child.process
    titles = [renderer.render(lesson(f"# Title {number}\n\nText.\n")).title for number in range(5)]
    assert titles == [f"Title {number}" for number in range(5)]
    assert renderer.child.process is process


def test_child_is_started_again_after_a_failure(renderer: PreviewRenderer) -> None:
    with pytest.raises(MarkupError):
        renderer.render(lesson("# Title\n\n/// note\n/// check | M01-Q01\n///\n///\n"))
    assert renderer.render(lesson("# Title\n\nText.\n")).title == "Title"


def test_child_that_died_is_started_again(renderer: PreviewRenderer) -> None:
    renderer.render(lesson("# Title\n\nText.\n"))
    assert renderer.child.process is not None
    renderer.child.process.kill()
    renderer.child.process.wait()
    assert renderer.render(lesson("# Title\n\nText.\n")).title == "Title"


def test_text_over_a_limit_is_refused_before_it_is_sent(renderer: PreviewRenderer) -> None:
    with pytest.raises(MarkupRefusedError):
        renderer.render(lesson("# Title\n\n" + "[" * 300 + "\n"))
    assert renderer.child.process is None


def test_threads_get_their_own_texts(renderer: PreviewRenderer) -> None:
    results: dict[int, str] = {}

    def render(number: int) -> None:
        results[number] = renderer.render(lesson(f"# Title {number}\n\nText.\n")).title

    threads = [threading.Thread(target=render, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: f"Title {number}" for number in range(8)}


def test_text_is_refused_while_another_one_is_rendered_for_too_long(
    renderer: PreviewRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "PATIENCE", 0.0)
    with renderer._lock, pytest.raises(MarkupBusyError):
        renderer.render(lesson("# Title\n"))
    assert renderer.render(lesson("# Title\n")).title == "Title"
