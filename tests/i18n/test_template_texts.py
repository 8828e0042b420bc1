from flask import Flask, render_template_string
from flask_babel import force_locale

TEXT = '{{ _("Save") }}'


def test_template_texts_follow_a_forced_language(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string(TEXT) == "Save"
        with force_locale("fr"):
            assert render_template_string(TEXT) == "Enregistrer"
            with force_locale("en"):
                assert render_template_string(TEXT) == "Save"
        assert render_template_string(TEXT) == "Save"
