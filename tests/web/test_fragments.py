from flask import Flask
from flask_babel import force_locale, gettext
from markupsafe import Markup

from app.web.html.fragments import cached_fragment


class _Macro:
    """A macro that counts how often it is called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, view: object) -> Markup:
        self.calls += 1
        return Markup("<p>{} {}</p>").format(gettext("Date"), view)


def test_fragment_with_the_same_key_is_drawn_once(lite_app: Flask) -> None:
    macro = _Macro()
    with lite_app.test_request_context():
        drawn = [cached_fragment(b"test 1", macro, "view") for _ in range(2)]
    assert macro.calls == 1
    assert drawn == ["<p>Date view</p>"] * 2


def test_fragment_in_another_language_is_drawn_again(lite_app: Flask) -> None:
    macro = _Macro()
    with lite_app.test_request_context():
        english = cached_fragment(b"test 2", macro, "view")
        with force_locale("ar"):
            arabic = cached_fragment(b"test 2", macro, "view")
    assert macro.calls == 2
    assert english != arabic


def test_fragment_without_key_is_drawn_each_time(lite_app: Flask) -> None:
    macro = _Macro()
    with lite_app.test_request_context():
        assert cached_fragment(None, macro, "a") != cached_fragment(None, macro, "b")
    assert macro.calls == 2
