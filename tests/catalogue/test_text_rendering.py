"""Labels that the renderer adds to stored texts: in the language of the text, whichever language the page has."""

from flask import Flask
from flask_babel import force_locale

from app.catalogue.service.text_rendering import country_names, labels, line_link_labels


def _arabic_labels() -> list[str]:
    line = line_link_labels({"X01-D01": "القائمة"}, "ar")["X01-D01"]
    return [labels("ar").note, labels("ar").country, line, *country_names(["IQ"], "ar").values()]


def test_labels_are_in_the_language_of_the_text_with_and_without_an_application(lite_app: Flask) -> None:
    arabic = ["ملاحظة", "ملاحظة خاصة ببلد: %(country)s", "القائمة، السطر %(number)s", "العراق"]
    assert _arabic_labels() == arabic
    with lite_app.test_request_context(), force_locale("fr"):
        assert _arabic_labels() == arabic


def test_labels_of_a_language_without_a_catalogue_are_english() -> None:
    assert labels("es").note == "Note"
