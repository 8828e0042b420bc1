import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.queries import courses as catalogue
from app.scenarios import domain
from tests.support import courses as course, factories, sites


@pytest.fixture
def player(app: Flask) -> FlaskClient:
    with app.app_context():
        course.publish()
        return factories.sign_in(app, factories.person())


def _begin(app: Flask, client: FlaskClient) -> str:
    return sites.post(app, client, f"/courses/{course.SLUG}/cases/scenario").location.rpartition("/")[2]


def _place_of_best(app: Flask, walk: str) -> int:
    from app.scenarios.models import Playthrough

    with app.app_context():
        from app.db.session import db

        found = db.session.get_one(Playthrough, UUID(walk))
        node = catalogue.case(found.version_id, "scenario", "en").scenario.nodes[0]
    return domain.shuffled_moves(walk, node).index(0)


def test_page_hides_the_order_of_the_source(app: Flask, player: FlaskClient) -> None:
    best = set()
    for _ in range(8):
        walk = _begin(app, player)
        page = player.get(f"/cases/{walk}").text
        assert re.findall(r'name="move" value="(\d+)"', page) == ["0", "1"]
        best.add(_place_of_best(app, walk))
        sites.post(app, player, f"/cases/{walk}/choice", {"step": "1", "move": str(_place_of_best(app, walk))})
    assert best == {0, 1}


def test_choice_on_the_page_is_recorded(app: Flask, player: FlaskClient) -> None:
    walk = _begin(app, player)
    answer = sites.post(app, player, f"/cases/{walk}/choice", {"step": "1", "move": str(_place_of_best(app, walk))})
    assert answer.location == f"/cases/{walk}/debrief"
    assert "Best choice" in player.get(answer.location).text


def test_the_debrief_shows_the_result_beside_the_pass_mark(app: Flask, player: FlaskClient) -> None:
    best = _begin(app, player)
    sites.post(app, player, f"/cases/{best}/choice", {"step": "1", "move": str(_place_of_best(app, best))})
    page = player.get(f"/cases/{best}/debrief").text
    assert "3 of 3 points" in page
    assert "<dt>Pass mark</dt><dd>1.9</dd>" in page
    assert ("Pass mark reached" in page, "Pass mark not reached" in page) == (True, False)
    worse = _begin(app, player)
    sites.post(app, player, f"/cases/{worse}/choice", {"step": "1", "move": str(1 - _place_of_best(app, worse))})
    sites.post(app, player, f"/cases/{worse}/choice", {"step": "2", "move": "1"})
    page = player.get(f"/cases/{worse}/debrief").text
    assert ("Pass mark reached" in page, "Pass mark not reached" in page) == (False, True)


def test_a_second_press_says_where_one_is(app: Flask, player: FlaskClient) -> None:
    walk = _begin(app, player)
    worse = str(1 - _place_of_best(app, walk))
    sites.post(app, player, f"/cases/{walk}/choice", {"step": "1", "move": worse})
    answer = sites.post(app, player, f"/cases/{walk}/choice", {"step": "1", "move": worse})
    assert "This decision was made before" in player.get(answer.location).text


@pytest.mark.parametrize(
    "fields", [{"step": "1"}, {"step": "1", "move": "x"}, {"move": "0"}, {"step": "-1", "move": "0"}]
)
def test_a_form_without_a_choice_is_shown_again(app: Flask, player: FlaskClient, fields: dict[str, str]) -> None:
    walk = _begin(app, player)
    fields = fields | {"csrf_token": factories.token(app, player)}
    answer = player.post(f"/cases/{walk}/choice", data=fields)
    assert answer.status_code == 422
    assert "Choose what you do." in answer.text


def test_a_move_that_the_page_did_not_show_is_refused(app: Flask, player: FlaskClient) -> None:
    walk = _begin(app, player)
    fields = {"step": "1", "move": "7", "csrf_token": factories.token(app, player)}
    assert player.post(f"/cases/{walk}/choice", data=fields).status_code == 409
