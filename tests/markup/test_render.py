import os
import signal
import time
from contextlib import suppress

import pytest

from app.markup.errors import MarkupError, MarkupRefusedError, MarkupTimeoutError, RefusalReason
from app.markup.render import render_lessons, render_texts, shared_child
from app.markup.sandbox import child
from app.markup.shapes import Answer
from tests.support.cpu_time import counting
from tests.support.lesson_jobs import ENGLISH, lesson

PARAGRAPH = 7_900
# each passes the limits on size: what stops it is the time, the memory or the depth
SLOW = "\n\n".join(["[x" * (PARAGRAPH // 2)] * 7)
LARGE = "[a]: /" + "x" * 7_000 + "\n\n" + "\n\n".join(["[a] " * 1_900] * 6)
HOSTILE = {
    "open citations": "[@" * (PARAGRAPH // 2),
    "open links": "[a](" * (PARAGRAPH // 4),
    "open pictures": "![a" * (PARAGRAPH // 3),
    "brackets in many paragraphs": "\n\n".join(["[" * 190 + "a" * 10] * 290),
    "stars": "*a **b " * (PARAGRAPH // 7),
    "quotes in quotes": ">" * PARAGRAPH,
    "blocks in blocks": "\n".join("/" * n + " note" for n in range(115, 3, -1)),
    "backticks": " ".join("`" * n for n in range(1, 120)),
    "footnotes in footnotes": "\n\n".join(f"[^{n}]: x[^{n + 1}]" for n in range(2_500)),
    "wide table": "|a" * 1_900 + "\n" + "|-" * 1_900 + "\n" + "x\n" * 20,
}


def test_lessons_come_back_in_their_order():
    assert [one.title for one in render_lessons([lesson("# A"), lesson("# B"), lesson("# C")])] == ["A", "B", "C"]


def test_texts_come_back_in_their_order_in_both_forms():
    texts = ["**Call** an [[interpreter]]", "", "1. stays\ntext", "- a\n    - b"]
    assert render_texts(texts[:3], inline=True) == [
        "<strong>Call</strong> an <span>interpreter</span>",
        "",
        "1. stays text",
    ]
    assert render_texts(texts[3:], inline=False) == ["<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"]


def test_nothing_to_render_starts_nothing():
    assert (render_lessons([]), render_texts([], inline=True)) == ([], [])


def test_texts_take_blocks_and_names_only_with_labels():
    text = "/// tip\nLook.\n///"
    assert render_texts([text], inline=False)[0].startswith("<p>/// tip")
    assert render_texts([text], inline=False, labels=ENGLISH)[0].startswith('<div class="block is-tip"')


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("x\n\n" * 21_000, RefusalReason.SIZE, 0),
        ("ب\n\n" * 16_000, RefusalReason.SIZE, 0),
        ("a\n\n" + "[" * 201, RefusalReason.BRACKETS, 3),
        ("a\n\nb\n\n" + "word " * 1_601, RefusalReason.PARAGRAPH, 5),
        ("a\n\0", RefusalReason.SIGNS, 2),
        ("a\ud800", RefusalReason.SIGNS, 1),
    ],
)
def test_text_over_a_limit_is_refused_before_rendering(text, reason, line):
    with pytest.raises(MarkupRefusedError) as refusal:
        render_lessons([lesson("# Fine"), lesson(text)])
    assert (refusal.value.index, refusal.value.reason, refusal.value.line) == (1, reason, line)


@pytest.mark.parametrize("text", ["[" * 200, "word " * 1_600, ("word " * 1_000 + "\n\n") * 12])
def test_text_at_the_limit_is_not_refused(text):
    assert len(render_texts([text], inline=False)) == 1


def test_refusal_in_the_child_names_the_text():
    with pytest.raises(MarkupRefusedError) as refusal:
        render_lessons([lesson("# A"), lesson("//// note\n/// check | M01-Q01\n///\n////")])
    assert (refusal.value.index, refusal.value.reason) == (1, RefusalReason.PLACE)


def test_slow_text_is_stopped_and_named():
    """A child that is shared is started again afterwards."""
    with shared_child():
        with counting() as took, pytest.raises(MarkupTimeoutError) as stopped:
            render_texts(["a", SLOW, "b"], inline=False)
        assert stopped.value.index == 1
        assert took.seconds < 3
        assert render_texts(["a"], inline=True) == ["a"]


def test_time_is_the_processors(monkeypatch):
    """A short pause of the machine does not lead to a refused text."""
    monkeypatch.setattr(child, "SECONDS", 0.2)
    before = signal.signal(signal.SIGPROF, child._stop)
    try:
        assert child._within_limits(lambda: (time.sleep(0.5), Answer(html="a"))[1]).html == "a"
        assert child._within_limits(lambda: sum(1 for _ in iter(int, 1))).failure == "time"
    finally:
        signal.signal(signal.SIGPROF, before)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_within_three_seconds(name):
    with counting() as took, suppress(MarkupError):
        assert len(render_lessons([lesson(HOSTILE[name])])) == 1
    assert took.seconds < 3


def test_text_that_takes_all_memory_is_refused():
    with counting() as took, pytest.raises(MarkupRefusedError) as refusal:
        render_lessons([lesson(LARGE)])
    assert refusal.value.reason is RefusalReason.HEAVY
    assert took.seconds < 3


def test_texts_inside_a_block_share_one_child_process():
    with shared_child() as child:
        render_texts(["a"], inline=True)
        process = child.process
        render_lessons([lesson("# A")])
        assert child.process is process
    assert child.process is None


def test_forked_process_uses_a_child_of_its_own(monkeypatch):
    with shared_child() as child:
        render_texts(["a"], inline=True)
        first = child.process
        monkeypatch.setattr(os, "getpid", lambda: -1)
        assert render_texts(["b"], inline=True) == ["b"]
        assert child.process is not first
    first.kill()
    first.communicate()
