"""Every number of the plan links to records that add up to it; files equal pages."""

import re
from collections.abc import Iterator
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.session import transaction
from app.plan.service import store
from app.plan.service.store import ContributionKey, ContributionValue
from tests.support import plan_figures as numbers
from tests.support.plan_figures import SINCE, Scene
from tests.support.plan_pages import cells_of_sheet, hand_in, row_of, rows_of, send, table, text, words_of
from tests.support.site_snapshots import kept

ACTIVE = "OP2.4"  # counts countries, from ten officers on
LINK = re.compile(r'href="([^"]*)"')
READERS = ["coordinator", "contact point"]


@pytest.fixture
@kept
def scene(lite_app: Flask) -> Scene:
    """Return a scene of officers, workshops, seats at sessions, and reports of two countries."""
    scene = numbers.make(lite_app)
    workshop = uuid4()
    held = {
        ContributionKey("OP3.1", 1, uuid4(), "event", SINCE): ContributionValue(None, "DE", "", "", 1.0, 0.0, None)
        for _ in range(2)
    }
    seats = {
        ContributionKey("OP3.2", 1, workshop, f"session:{n}:{person_id}", SINCE): ContributionValue(
            None, country, "border", "first_responder", float(n < 2), 1.0, person_id
        )
        for country in ("DE", "FR", "IQ")
        for person_id in scene.officers[country][:8]
        for n in range(3)
    }
    with lite_app.app_context(), transaction():
        store.replace({}, held | seats)
    first, second = scene.client("coordinator"), scene.client("second coordinator")
    for country in ("DE", "IQ"):
        figure = {"code": "OC2.3", "country": country, "day": "2027-02-01", "value": "17", "source": "Form 3"}
        _status, place = send(scene, first, "/plan/figures/new", **figure)
        hand_in(scene, first, place)
        assert send(scene, second, f"{place}/approve")[0] == 302
    return scene


@pytest.mark.parametrize("name", READERS)
def test_every_number_links_to_records_that_add_up(scene: Scene, name: str) -> None:
    client = scene.client(name)
    opened = [_opens(client, number, href) for number, href in _numbers(text(client, "/plan"))]
    assert opened.count("rows") >= 6
    assert {"rows", "indicator", "country"} == set(opened)


@pytest.mark.parametrize("name", READERS)
def test_numbers_of_an_output_link_to_records(scene: Scene, name: str) -> None:
    client = scene.client(name)
    found = list(_numbers(text(client, "/plan/outputs/OP1")))
    assert len(found) >= 6
    for number, href in found:
        _opens(client, number, href)


def test_numbers_of_cells_link_to_the_same_number(scene: Scene) -> None:
    client = scene.client("coordinator")
    for code in ("OP2.1", ACTIVE):
        page = text(client, f"/plan/indicators/{code}")
        cells = [row for row in rows_of(page) if "/rows?" in row]
        assert cells, code
        for row in cells:
            [href] = [unescape(link) for link in LINK.findall(row) if "/rows?" in link]
            number = words_of(re.findall(r'<td class="num">.*?</td>', row, re.S)[-1])
            assert f"In total: {number}." in words_of(text(client, href)), href


@pytest.mark.parametrize("name", READERS)
def test_files_contain_the_numbers_of_the_plan(scene: Scene, name: str) -> None:
    client = scene.client(name)
    page, listed = text(client, "/plan"), table(client, "/plan.csv")
    now = listed[0].index("Now")
    shown = {}
    for row in listed[1:]:
        [cell, *_own] = re.findall(r'<td class="num">.*?</td>', row_of(page, row[1]), re.S) or [""]
        shown[row[1]] = words_of(cell).partition(" of ")[0]
        told = row[now] if "%" not in shown[row[1]] else f"{float(row[now]):.0f}%"
        assert told in {shown[row[1]], ""}, row
    completed = "33" if name == "coordinator" else "30"  # to a contact point as of the last quarter, rounded
    assert [shown[code] for code in ("OP2.1", "OP3.1", "OC2.3")] == [completed, "2", "2"]
    assert cells_of_sheet(client, "/plan.xlsx") == _plain(listed)


@pytest.mark.parametrize("name", READERS)
def test_file_of_countries_equals_matrix_and_tiles(scene: Scene, name: str) -> None:
    client = scene.client(name)
    page, listed = text(client, "/plan"), table(client, "/plan/countries.csv")
    tiles = dict(_tiles(page))
    for row in listed[1:]:
        [matrix] = [one for one in rows_of(page) if f">{row[0]}</a></th>" in one]
        cells = [words_of(cell) for cell in re.findall(r"<td>.*?</td>", matrix, re.S)]
        assert [re.sub(r"^.*Not shown.*$|^– .*$", "Not shown", cell) for cell in cells] == row[1:-1], row
        assert tiles[row[0]].replace("–", "Not shown") == row[-1]
    assert cells_of_sheet(client, "/plan/countries.xlsx") == _plain(listed)


def _numbers(page: str) -> Iterator[tuple[str, str]]:
    """Yield every number of a page's tables and tiles with its link; a number without a link fails."""
    for row in rows_of(page):
        for cell in re.findall(r"<td\b.*?</td>", row, re.S):
            said = words_of(re.sub(r"<svg.*?</svg>", "", cell, flags=re.S))
            if "tbar" in cell or not re.match(r"\d", said):
                continue
            [href] = LINK.findall(cell)
            yield said if " to " in said else said.partition(" of ")[0], unescape(href)
    for tile in re.findall(r'<li class="tile">.*?</li>', page, re.S):
        if (said := words_of(re.findall(r'<span class="figure">.*?</span>', tile, re.S)[0])) != "–":
            [href] = LINK.findall(tile)
            yield said, unescape(href)


def _opens(client: FlaskClient, number: str, href: str) -> str:
    """Follow the link of a number and compare it with the sum of the listed records."""
    page = text(client, href)
    path, _, asked = href.partition("?")
    if path.endswith("/rows"):
        assert f"In total: {number}" in words_of(page) or f"total: {_of(page)}" in words_of(page), href
        _adds_up(number, page, table(client, f"{path}.csv?{asked}"), path)
        return "rows"
    if path.startswith("/plan/countries/"):
        assert number in words_of(row_of(page, ACTIVE)), href
        return "country"
    figures = [words_of(one) for one in re.findall(r'<span class="figure">.*?</span>', page, re.S)]
    cells = [words_of(cell) for row in rows_of(page) for cell in re.findall(r'<td class="num">.*?</td>', row, re.S)]
    own = re.findall(r"Of this, your country: (\S+)", words_of(page))
    assert number in {*figures, *cells, *own}, href
    return "indicator"


def _adds_up(number: str, page: str, listed: list[list[str]], path: str) -> None:
    counts = sum(float(row[4]) for row in listed[1:])
    if "Of" in listed[0]:
        below = sum(float(row[5]) for row in listed[1:])
        assert f"{100 * counts / below:.0f}%" == number, path
    elif needed := re.search(r"A country counts from (\d+) officers? on", words_of(page)):
        assert int(number) * int(needed.group(1)) <= counts
    else:
        assert f"{counts:.0f}" == number, path


def _of(page: str) -> str:
    found = re.search(r"total: (\d+ of \d+)", words_of(page))
    return found.group(1) if found else "nothing"


def _tiles(page: str) -> Iterator[tuple[str, str]]:
    for tile in re.findall(r'<li class="tile">.*?</li>', page, re.S):
        name = re.findall(r'class="name"[^>]*>(.*?)</a>', tile, re.S)[0]
        yield unescape(name), words_of(re.findall(r'<span class="figure">.*?</span>', tile, re.S)[0])


def _plain(listed: list[list[str]]) -> list[list[str]]:
    """Return the rows of a sheet with numbers in the same form."""
    return [[_number(value) for value in row] for row in listed]


def _number(value: str) -> str:
    try:
        return f"{float(value):.6g}"
    except ValueError:
        return value
