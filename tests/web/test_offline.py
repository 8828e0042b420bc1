import hashlib
import re
from base64 import b64encode

import pytest
from flask import Flask

from app.web import assets
from app.web.public import offline

LANGUAGES = ("en", "ar", "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_offline_page_needs_the_script_of_attendance_lists_alone(lite_app: Flask, language: str) -> None:
    answer = lite_app.test_client().get(f"/about/offline/{language}")
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text
    assert re.findall(r'(?:src|href)="([^"]+)"', answer.text) == [assets.address(lite_app, "attendance.js")]
    style = re.search("<style>(.*)</style>", answer.text, re.S)
    assert style is not None
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert len(answer.data) < 2500


def test_offline_page_is_the_same_for_everyone(lite_app: Flask) -> None:
    answer = lite_app.test_client().get("/about/offline/en", headers={"Accept-Language": "ar"})
    assert "No connection" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text


def test_offline_page_is_missing_in_other_languages(lite_app: Flask) -> None:
    assert lite_app.test_client().get("/about/offline/de").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_worker_stores_the_page_of_its_language_with_its_scripts(lite_app: Flask, language: str) -> None:
    answer = lite_app.test_client().get(f"/sw.js?lang={language}")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    assert re.findall(r'"(/[^"]*)"', answer.text) == [
        f"/about/offline/{language}",
        *(assets.address(lite_app, name) for name in offline.SCRIPTS),
    ]
    assert re.search(rf'"offline-{language}-[0-9a-f]{{12}}"', answer.text)
    assert answer.text.count("cache.add") == 1


def test_worker_is_english_in_other_languages(lite_app: Flask) -> None:
    assert '"/about/offline/en"' in lite_app.test_client().get('/sw.js?lang=";alert(1)').text


def test_support_page_shows_no_contact_when_signed_out(lite_app: Flask) -> None:
    page = lite_app.test_client().get("/about/support").text
    assert "After a hard lesson" in page
    assert "/sign-in?next=/about/support" in page
