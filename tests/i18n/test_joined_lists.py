import pytest
from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from app.i18n.babel import joined

CODE = Markup("<bdi>WS-1</bdi>")


@pytest.mark.parametrize(
    ("locale", "said"), [("en", "a, b, and c"), ("fr", "a, b et c"), ("ar", "a وb وc")], ids=["en", "fr", "ar"]
)
def test_list_is_joined_in_the_language_of_the_page(lite_app: Flask, locale: str, said: str) -> None:
    with lite_app.test_request_context(), force_locale(locale):
        assert joined(["a", "b", "c"]) == said


def test_text_beside_markup_is_escaped(lite_app: Flask) -> None:
    with lite_app.test_request_context():
        found = joined([CODE, "<b>Sofia</b> {0}"])
        assert isinstance(found, Markup)
        assert found == "<bdi>WS-1</bdi> and &lt;b&gt;Sofia&lt;/b&gt; {0}"
        assert not isinstance(joined(["<b>", "c"]), Markup)
