import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import factories, studio_site
from tests.support.courses import SLUG

COURSE = f"/teaching/courses/{SLUG}"
PAGES = {
    "": ("Content", "Outline"),
    "/bank": ("Content", "Questions"),
    "/cases": ("Content", "Cases"),
    "/translations": ("Languages", ""),
    "/review": ("Review", "Review"),
    "/history": ("Review", "History"),
    "/results": ("Learners", "Results"),
    "/questions": ("Learners", "Asked by learners"),
    "/reports": ("Learners", "Reported mistakes"),
    "/settings": ("More", "Settings"),
    "/import": ("More", "Import"),
    "/export": ("More", "Export"),
}


@pytest.fixture
def client(context: Flask) -> FlaskClient:
    return factories.sign_in(context, studio_site.author().id)


def _nav(html: str) -> str:
    found = re.search(r'<nav class="tabs".*?</nav>', html, re.DOTALL)
    assert found
    return found[0]


def _marked(nav: str, look: str, value: str) -> list[str]:
    lists = re.findall(rf'<ul class="{look}">.*?</ul>', nav, re.DOTALL)
    return [label.strip() for text in lists for label in re.findall(rf'aria-current="{value}">([^<]*)</a>', text)]


@pytest.mark.parametrize("path", PAGES)
def test_course_page_marks_its_group_and_itself(client: FlaskClient, path: str) -> None:
    nav = _nav(client.get(COURSE + path).text)
    group, label = PAGES[path]
    assert _marked(nav, "groups", "true" if label else "page") == [group]
    assert _marked(nav, "pages", "page") == ([label] if label else [])


@pytest.mark.parametrize("path", PAGES)
def test_course_page_shows_code_and_title_of_the_course(client: FlaskClient, path: str) -> None:
    title = " ".join(client.get(COURSE + path).text.partition('<div class="title')[2].split("<nav")[0].split())
    assert "<span>T10</span>" in title
    assert "Night at the harbour" in title


@pytest.mark.parametrize("group", ["Content", "Languages", "Review", "Learners", "More"])
def test_group_links_to_its_first_page(client: FlaskClient, group: str) -> None:
    href = re.search(rf'<a href="([^"]*)"[^>]*>{group}</a>', " ".join(_nav(client.get(COURSE).text).split()))
    assert href
    assert _marked(_nav(client.get(href[1]).text), "groups", "(?:true|page)") == [group]
