import json
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.db.session import transaction
from app.kernel import clock
from app.scenarios import domain as playing
from app.studio.domain.case_map import mirrored
from app.studio.domain.case_texts import check_case
from app.studio.domain.revisions import RevisionKind
from app.studio.pages import case_editor
from app.studio.pages.case_editor import EditedCase
from app.studio.queries import drafts
from app.studio.service import courses as service
from app.studio.service.drafts import change_files
from tests.support import courses, factories, sites, studio_site
from tests.support.sql_statements import asked

CASES = f"/teaching/courses/{courses.SLUG}/cases"
CASE = f"{CASES}/scenario"
PATH = "scenario.en.md"


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


@pytest.fixture
def client(lite_app: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(lite_app, author.id)


def _opened(html: str) -> str:
    match = re.search(r'name="opened" value="([0-9a-f]{64})"', html)
    assert match
    return match[1]


def _save(app: Flask, client: FlaskClient, text: str, opened: str = "") -> TestResponse:
    opened = opened or _opened(client.get(CASE).text)
    return sites.post(app, client, CASE, {"body": text, "opened": opened})


def _preview(app: Flask, client: FlaskClient, text: str) -> TestResponse:
    headers = {"X-CSRF-Token": factories.token(app, client)}
    return client.post(f"{CASE}/preview", json={"body": text}, headers=headers)


def test_editor_shows_text_and_map(client: FlaskClient) -> None:
    html = client.get(CASE).text
    assert "The ship without a name" in html
    assert html.count('class="edge ') == 4 + 4  # the options, and the key
    assert '<title id="map-title">Map of the case: The ship without a name</title>' in html


def test_saved_case_is_in_the_draft(lite_app: Flask, client: FlaskClient, author: studio_site.Author) -> None:
    text = drafts.file(author.workspace(), PATH).decode()
    changed = text.replace("The ship leaves before dawn.", "The ship leaves at once.")
    assert _save(lite_app, client, changed.replace("\n", "\r\n")).status_code == 302
    assert drafts.file(author.workspace(), PATH).decode() == changed


def test_case_with_errors_is_saved_with_its_problems(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    text = drafts.file(author.workspace(), PATH).decode().replace("-> r1 (poor, miss)", "-> d9 (poor)")
    assert _save(lite_app, client, text).status_code == 302
    html = unescape(client.get(CASE).text)
    assert "Option 2 of d1 leads to d9, which does not exist." in html
    assert "No path reaches r1." in html
    assert "This node does not exist" in html
    assert "unreachable" in html


def test_changes_of_the_same_lines_are_shown_and_not_saved(lite_app: Flask, author: studio_site.Author) -> None:
    clients = [factories.sign_in(lite_app, studio_site.author().id) for _ in range(2)]
    text, opened = drafts.file(author.workspace(), PATH).decode(), _opened(clients[0].get(CASE).text)
    first, second = (text.replace("The watch is over.", ending) for ending in ("It is over.", "It begins."))
    assert _save(lite_app, clients[0], first, opened).status_code == 302
    answer = _save(lite_app, clients[1], second, opened)
    assert answer.status_code == 409
    assert "It is over." in answer.text
    assert "It begins." in answer.text
    assert drafts.file(author.workspace(), PATH).decode() == first
    assert _save(lite_app, clients[1], second, _opened(answer.text)).status_code == 302
    assert drafts.file(author.workspace(), PATH).decode() == second


def test_autosave_merges_the_text_of_another_user(lite_app: Flask, author: studio_site.Author) -> None:
    clients = [factories.sign_in(lite_app, studio_site.author().id) for _ in range(2)]
    text, opened = drafts.file(author.workspace(), PATH).decode(), _opened(clients[0].get(CASE).text)
    assert _save(lite_app, clients[0], text.replace("The watch is over.", "It is over."), opened).status_code == 302
    headers = {"X-CSRF-Token": factories.token(lite_app, clients[1])}
    own = {"body": text.replace("# The ship", "# A ship"), "opened": opened}
    answer = json.loads(clients[1].post(f"{CASE}/autosave", json=own, headers=headers).text)
    assert answer["state"] == "merged"
    assert answer["title"] == ""
    assert answer["body"].startswith("# A ship")
    assert "It is over." in answer["body"]


def test_new_case_has_a_page_and_can_be_played(lite_app: Flask, client: FlaskClient) -> None:
    answer = sites.post(lite_app, client, CASES, {"title": "The night ferry"})
    assert answer.location == f"{CASES}/the-night-ferry"
    assert "id: T10-S01" in client.get(answer.location).text
    assert "What do you do first?" in client.get(f"{answer.location}/play").text
    assert "The night ferry" in client.get(CASES).text


def test_new_case_without_title_is_refused(lite_app: Flask, client: FlaskClient) -> None:
    assert sites.post(lite_app, client, CASES, {"title": " "}).status_code == 422


def test_outline_leads_to_the_cases(client: FlaskClient) -> None:
    html = client.get(f"/teaching/courses/{courses.SLUG}").text
    assert f'href="{CASE}"' in html
    assert f'href="{CASES}"' in html


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 61_000,
        "[" * 60_000,
        "# T\nid: S01\ntruth: other\nstart: d1\n\n" + "## d1\n" * 8_000,
        "# T\nid: S01\ntruth: other\nstart: d1\n\n## d1\n\nText\n\n---\n\n" + "- a -> d1 (best)\n" * 3_000,
        "# T\nid: S01\ntruth: other\nstart: d1\n\n" + "> " * 20_000,
        "<script>alert(1)</script>" * 1_000,
    ],
    ids=["empty", "long", "brackets", "nodes", "options", "deep", "script"],
)
def test_preview_of_hostile_text_shows_its_problems(lite_app: Flask, client: FlaskClient, text: str) -> None:
    answer = _preview(lite_app, client, text)
    assert answer.status_code == 200
    assert "tasks problems" in answer.text
    assert "<script>" not in answer.text


def test_preview_of_a_thousand_nodes_draws_each(lite_app: Flask, client: FlaskClient) -> None:
    nodes = "".join(f"## d{n}\n\nA\n\n---\n\n- a -> d{(n + 1) % 1_000} (best)\n\n" for n in range(1_000))
    answer = _preview(lite_app, client, f"# T\nid: S01\ntruth: other\nstart: d0\n\n{nodes}")
    assert answer.status_code == 200
    assert answer.text.count('class="node ') == 1_000


def test_preview_of_a_text_above_the_limit_is_refused(lite_app: Flask, client: FlaskClient) -> None:
    assert _preview(lite_app, client, "x" * 61_441).status_code == 413


def test_map_is_mirrored_in_an_arabic_page(lite_app: Flask, author: studio_site.Author) -> None:
    text = drafts.file(author.workspace(), PATH).decode()
    edited = EditedCase(address="scenario", path=PATH, language="en", text=text, digest="")
    with lite_app.test_request_context(), force_locale("ar"):
        right = case_editor.preview(author.workspace(), edited).map
    with lite_app.test_request_context(), force_locale("en"):
        left = case_editor.preview(author.workspace(), edited).map
    assert left is not None
    assert right == mirrored(left)
    assert right != left


def _play(client: FlaskClient, *positions: int) -> str:
    """Choose these positions on the page, one after the other; return the last page."""
    address = f"{CASE}/play"
    for position in positions:
        html = client.get(address).text
        moves = re.search(r'name="moves" value="([\d.]*)"', html)
        assert moves
        answer = client.get(f"{CASE}/play?moves={moves[1]}&step=1&move={position}")
        assert answer.status_code == 302
        address = answer.location
    return unescape(client.get(address).text)


def test_play_shows_the_consequence_of_the_last_choice(client: FlaskClient, author: studio_site.Author) -> None:
    scenario = check_case(PATH, drafts.file(author.workspace(), PATH).decode()).scenario
    assert scenario is not None
    order = playing.shuffled_moves(str(author.course_id), scenario.nodes[0])
    html = _play(client, order.index(1))
    assert "The ship leaves before dawn." in html
    assert "The port office asks what you saw." in html
    assert "No record will show that it was there." not in html


@pytest.mark.parametrize("choices", [(0,), (1, 0), (1, 1)])
def test_play_ends_with_the_score_of_learners(
    client: FlaskClient, author: studio_site.Author, choices: tuple[int, ...]
) -> None:
    scenario = check_case(PATH, drafts.file(author.workspace(), PATH).decode()).scenario
    assert scenario is not None
    path = playing.follow(scenario, choices)
    html = client.get(f"{CASE}/play?moves={'.'.join(map(str, choices))}").text
    points = playing.score(path) * playing.decisions(path) * playing.FULL
    assert f"{points:g} of 3 points" in html
    assert "A note and a witness cost nothing." in html
    assert "A false record harms the next watch." in html


def test_play_stores_nothing(client: FlaskClient, author: studio_site.Author) -> None:
    before = author.workspace()
    _play(client, 0)
    assert author.workspace() == before


def test_choice_without_a_move_shows_an_error(client: FlaskClient) -> None:
    assert "Choose what you do." in client.get(f"{CASE}/play?moves=&step=1").text


@pytest.mark.parametrize("query", ["moves=7", "moves=0.0.0", "moves=999"])
def test_play_starts_again_after_the_text_was_changed(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{CASE}/play?{query}")
    assert answer.location == f"{CASE}/play"


@pytest.mark.parametrize("query", ["moves=x", "moves=-1", "moves=0..1", "moves=" + ".".join(["0"] * 300), "move=999"])
def test_play_refuses_an_address_that_no_page_has(client: FlaskClient, query: str) -> None:
    assert client.get(f"{CASE}/play?{query}").status_code == 422


def test_case_with_a_missing_node_cannot_be_played(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    text = drafts.file(author.workspace(), PATH).decode()
    _save(lite_app, client, text.replace("-> r1 (poor, miss)", "-> d9 (poor)"))
    html = client.get(f"{CASE}/play").text
    assert "The case cannot be played yet" in html
    assert "leads to d9" in html


def test_endless_case_can_be_played_up_to_a_limit(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    options = "- Yes -> d1 (best)\n- No -> end (poor)"
    text = f"# T\nid: S01\ntruth: other\nstart: d1\n\n## d1\n\nAgain?\n\n---\n\n{options}\n\n## end\n"
    _save(lite_app, client, text)
    moves = ".".join(["0"] * 200)
    assert "Decision 201" in client.get(f"{CASE}/play?moves={moves}").text
    assert "Decision 201" in client.get(f"{CASE}/play?moves={moves}&move=0").text


@pytest.mark.parametrize("address", [CASES, CASE, f"{CASE}/play"])
def test_cases_are_absent_for_other_trainers(lite_app: Flask, author: studio_site.Author, address: str) -> None:
    other = factories.sign_in(lite_app, factories.person(grants=((Role.TRAINER, Scope.EVENT, "x"),)))
    assert other.get(address).status_code == 404


def test_reviewer_reads_and_plays_but_does_not_write(lite_app: Flask, author: studio_site.Author) -> None:
    reviewer = factories.person(grants=((Role.TRAINER, Scope.EVENT, "x"),))
    with transaction():
        service.add_reviewer(author.workspace(), reviewer, clock.now())
    client = factories.sign_in(lite_app, reviewer)
    assert 'data-autosave=""' in client.get(CASE).text
    assert "Add case" not in client.get(CASES).text
    assert client.get(f"{CASE}/play").status_code == 200
    assert _preview(lite_app, client, "# T").status_code == 200
    assert sites.post(lite_app, client, CASE, {"body": "x", "opened": ""}).status_code == 403
    assert sites.post(lite_app, client, CASES, {"title": "x"}).status_code == 403


def test_absent_case_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"{CASES}/no-such-case").status_code == 404
    assert client.get(f"{CASES}/no-such-case/play").status_code == 404


def test_case_that_is_not_utf_8_can_be_opened_and_corrected(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    with transaction():
        broken: dict[str, bytes | None] = {PATH: b"\xff\xfe# T"}
        change_files(author.course_id, broken, RevisionKind.IMPORTED, by=author.id, now=clock.now())
    assert client.get(CASE).status_code == 200
    assert client.get(f"{CASE}/play").status_code == 200
    assert _save(lite_app, client, "# T").status_code == 302
    assert drafts.file(author.workspace(), PATH) == b"# T\n"


def test_list_takes_as_many_statements_for_three_cases_as_for_one(lite_app: Flask, client: FlaskClient) -> None:
    sites.post(lite_app, client, CASES, {"title": "First"})
    before = asked(lite_app, client, CASES)
    sites.post(lite_app, client, CASES, {"title": "Second"})
    sites.post(lite_app, client, CASES, {"title": "Third"})
    assert asked(lite_app, client, CASES) <= before


def test_printed_cards_have_no_rating_and_the_key_has_all(client: FlaskClient) -> None:
    cards, key = client.get(f"{CASE}/print").text, client.get(f"{CASE}/print?key=1").text
    assert "Card 1" in cards
    assert "What do you do first?" in cards
    for text in ("A note and a witness cost nothing.", "The ship leaves before dawn.", "Misses a sign", "Best choice"):
        assert text not in cards
        assert text in key
