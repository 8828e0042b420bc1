import msgspec
import pytest
from flask import Flask
from flask_babel import force_locale

from app.learning.pages.courses import hours
from tests.support import courses


@pytest.mark.parametrize(("language", "text"), [("en", "1.5 hours"), ("ar", "1.5 ساعة"), ("fr", "1,5 heures")])
def test_part_of_an_hour_is_shown_in_every_language(context: Flask, language: str, text: str) -> None:
    outline = courses.publish().outline
    longer = msgspec.structs.replace(outline, facts=msgspec.structs.replace(outline.facts, hours=1.5))
    with context.test_request_context(), force_locale(language):
        assert hours(longer) == text
