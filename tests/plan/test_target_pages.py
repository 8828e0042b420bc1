"""Pages of targets and planned needs: by role, two people, stale versions, hostile values, need in words."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select

from app.access.policy import Role, Scope
from app.db.session import db
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.plan.models import PlannedNeed, PlanTarget
from tests.support import factories, plan_figures as numbers
from tests.support.plan_figures import Scene
from tests.support.plan_pages import row_of, send, table, text, words_of

CELL = "/plan/edit/OP2.1/2028/IQ"
COMMUNITY = "/plan/edit/OP2.1/2027"
NEEDS = "/plan/countries/IQ/needs"
FORM = {"value": "70", "reason": "Meeting of March", "version": "0", "step": "propose"}
NEED = {"role": "*", "value": "120", "source": "Letter 3", "day": "2027-02-28"}


@pytest.fixture
def scene(lite_app: Flask) -> Scene:
    return numbers.make(lite_app)


def stored(scene: Scene, query: Select[Any]) -> list[Any]:
    with scene.app.app_context():
        return list(db.session.scalars(query))


def newest(scene: Scene, model: type[PlanTarget | PlannedNeed]) -> UUID:
    [row_id] = stored(scene, select(model.id).order_by(model.version.desc(), model.set_at.desc()).limit(1))
    return row_id


def propose(scene: Scene, path: str = CELL, *, by: str = "coordinator", **changes: str) -> UUID:
    status, _place = send(scene, scene.client(by), path, **(FORM | changes))
    assert status == 302
    return newest(scene, PlanTarget)


def agree(scene: Scene, target_id: UUID, by: str = "second coordinator") -> int:
    return send(scene, scene.client(by), f"/plan/targets/{target_id}/agree")[0]


def notices(scene: Scene, name: str) -> list[NoticeKind]:
    return stored(scene, select(Notice.kind).where(Notice.person_id == scene.people[name]))


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("/plan/edit", {"coordinator": 200, "co-chair": 403, "contact point": 403, "practitioner": 403}),
        (COMMUNITY, {"coordinator": 200, "co-chair": 403, "contact point": 403, "practitioner": 403}),
        (f"{COMMUNITY}/split", {"coordinator": 200, "co-chair": 403, "contact point": 403}),
        (CELL, {"coordinator": 200, "contact point": 200, "another contact point": 404, "co-chair": 404}),
        (NEEDS, {"coordinator": 200, "contact point": 200, "another contact point": 404, "co-chair": 404}),
    ],
)
def test_pages_of_targets_open_to_their_readers(standing: Scene, path: str, codes: dict[str, int]) -> None:
    for name, code in codes.items():
        assert standing.client(name).get(path).status_code == code, name


def test_what_waits_for_a_second_person_needs_attention(scene: Scene) -> None:
    propose(scene)
    assert send(scene, scene.client("contact point"), NEEDS, **NEED)[0] == 302
    pages = {name: words_of(text(scene.client(name), "/plan")) for name in ("coordinator", "second coordinator")}
    assert "1 target waits for a second person" not in pages["coordinator"]  # who proposed it
    assert "1 target waits for a second person" in pages["second coordinator"]
    assert all("Iraq: planned needs wait for a second person" in page for page in pages.values())
    assert "waits for a second person" not in text(scene.client("co-chair"), "/plan")


def test_plan_links_reports_and_sheets(scene: Scene) -> None:
    expected = {"coordinator": (True, True), "co-chair": (True, False), "practitioner": (False, False)}
    for name, links in expected.items():
        main = text(scene.client(name), "/plan", 200 if links[0] else 403).split("<main")[-1].split("</main>")[0]
        assert tuple(f'href="{path}"' in main for path in ("/reports", "/plan/edit/sheet")) == links, name


def test_my_country_links_its_reports_needs_and_sheets(scene: Scene) -> None:
    client = scene.client("contact point")
    page = text(client, "/country")
    for path in (NEEDS, "/reports/country-sheet", "/country/completion/past", "/plan/edit/sheet"):
        assert f'href="{path}"' in page
        assert client.get(path).status_code == 200
    assert 'href="/plan"' in text(client, "/reports").split("<main")[1]


def test_author_withdraws_a_proposed_target_and_proposes_it_again(scene: Scene) -> None:
    target_id = propose(scene)
    path, own, other = f"/plan/targets/{target_id}", scene.client("coordinator"), scene.client("second coordinator")
    assert "Withdraw the target" in text(own, CELL)
    assert "Withdraw the target" not in text(other, CELL)
    assert send(scene, other, f"{path}/withdraw")[0] == 422
    for _press in range(2):
        assert send(scene, own, f"{path}/withdraw")[0] == 302
    assert stored(scene, select(PlanTarget.state)) == ["draft"]
    assert agree(scene, target_id) != 302
    assert send(scene, own, f"{path}/propose")[0] == 302
    assert agree(scene, target_id) == 302
    assert send(scene, own, f"{path}/withdraw")[0] == 422


@pytest.mark.parametrize("path", ["/plan/edit/OP9.9/2028", "/plan/edit/OP2.1/2031", "/plan/edit/OP2.1/2028-Q4"])
def test_cell_that_does_not_exist_returns_404(standing: Scene, path: str) -> None:
    assert standing.client("coordinator").get(path).status_code == 404


def test_supervisor_of_the_country_opens_its_planned_needs(scene: Scene) -> None:
    supervisor = {"IQ": _supervisor(scene, "IQ"), "DE": _supervisor(scene, "DE")}
    assert supervisor["IQ"].get(NEEDS).status_code == 200
    assert supervisor["DE"].get(NEEDS).status_code == 404


def test_agreed_target_is_on_all_pages(scene: Scene) -> None:
    target_id = propose(scene, COMMUNITY, value="44")
    assert agree(scene, propose(scene)) == 302
    client = scene.client("coordinator")
    assert "of 44" not in words_of(text(client, "/plan"))
    assert agree(scene, target_id) == 302
    assert "of 44" in words_of(row_of(text(client, "/plan"), "OP2.1"))
    assert "44 target, end of 2027" in words_of(text(client, "/plan/indicators/OP2.1")).replace(" –", "")
    assert "70" in words_of(row_of(text(client, "/plan/countries/IQ"), "OP2.1"))
    heads, *rows = table(client, "/plan.csv")
    assert {row[heads.index("Target")] for row in rows if row[1] == "OP2.1"} == {"44"}


def test_author_cannot_agree_to_the_own_target(scene: Scene) -> None:
    target_id = propose(scene)
    assert agree(scene, target_id, by="coordinator") == 422
    page = text(scene.client("coordinator"), CELL)
    assert "another coordinator must agree" in page
    assert "Agree to the target" not in page
    assert "Agree to the target" in text(scene.client("second coordinator"), CELL)


@pytest.mark.parametrize("name", ["contact point", "co-chair", "administrator", "practitioner"])
def test_others_cannot_propose_or_agree(scene: Scene, name: str) -> None:
    target_id = propose(scene)
    assert send(scene, scene.client(name), CELL, **FORM)[0] in {403, 404}
    assert agree(scene, target_id, by=name) in {403, 404}
    assert stored(scene, select(PlanTarget.agreed_by).where(PlanTarget.id == target_id)) == [None]


def test_target_on_an_older_version_is_refused_in_words(scene: Scene) -> None:
    first = propose(scene)
    client = scene.client("second coordinator")
    answer = client.post(CELL, data=FORM | {"value": "80", "csrf_token": factories.token(scene.app, client)})
    assert answer.status_code == 422
    assert "This target was changed after you opened it. Look at it again." in answer.text
    propose(scene, version="1", value="90")
    answer = client.post(f"/plan/targets/{first}/agree", data={"csrf_token": factories.token(scene.app, client)})
    assert answer.status_code == 422
    assert "This target was changed after you opened it." in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"value": "nan"}, {"value": "1e999"}, {"value": "-1"}, {"value": "12.5"}, {"value": "many"}, {"value": ""},
        {"reason": " "}, {"reason": "x" * 301}, {"valid_from": "2031-01-01"}, {"valid_from": "soon"},
        {"version": "-1"}, {"version": "x"}, {"second": "3"},
    ],
)  # fmt: skip
def test_hostile_target_is_refused_beside_its_field(scene: Scene, changes: dict[str, str]) -> None:
    client = scene.client("coordinator")
    answer = client.post(CELL, data=FORM | changes | {"csrf_token": factories.token(scene.app, client)})
    assert answer.status_code == 422
    assert stored(scene, select(PlanTarget.id)) == []


def test_reason_is_escaped_in_the_history(scene: Scene) -> None:
    propose(scene, reason="<script>alert(1)</script>")
    assert "<script>alert" not in text(scene.client("second coordinator"), CELL)


def test_draft_is_hidden_from_the_contact_point_until_proposed(scene: Scene) -> None:
    target_id = propose(scene, step="draft")
    assert "Meeting of March" not in text(scene.client("contact point"), CELL)
    assert NoticeKind.TARGET_PROPOSED not in notices(scene, "contact point")
    assert send(scene, scene.client("coordinator"), f"/plan/targets/{target_id}/propose")[0] == 302
    assert "Meeting of March" in text(scene.client("contact point"), CELL)
    assert NoticeKind.TARGET_PROPOSED in notices(scene, "contact point")
    assert NoticeKind.TARGETS_WAIT in notices(scene, "second coordinator")
    assert NoticeKind.TARGETS_WAIT not in notices(scene, "coordinator")


def test_objection_is_kept_with_the_target_and_blocks_nothing(scene: Scene) -> None:
    target_id = propose(scene)
    opinion = {"opinion": "objection", "text": "We have 30 officers."}
    path = f"/plan/targets/{target_id}/note"
    assert send(scene, scene.client("contact point"), path, **opinion)[0] == 302
    assert send(scene, scene.client("another contact point"), path, **opinion)[0] == 404
    assert send(scene, scene.client("coordinator"), path, **opinion)[0] == 403
    page = words_of(_main(text(scene.client("second coordinator"), CELL)))
    assert "The contact point objects We have 30 officers." in page
    assert "Contact Point" not in page  # the alias
    assert NoticeKind.TARGET_NOTED in notices(scene, "coordinator")
    assert agree(scene, target_id) == 302


def test_opinion_without_a_sentence_is_refused(scene: Scene) -> None:
    path = f"/plan/targets/{propose(scene)}/note"
    assert send(scene, scene.client("contact point"), path, opinion="objection", text=" ")[0] == 422
    assert send(scene, scene.client("contact point"), path, opinion="perhaps", text="Yes.")[0] == 422


def test_replaced_versions_stay_in_the_history(scene: Scene) -> None:
    assert agree(scene, propose(scene)) == 302
    assert agree(scene, propose(scene, version="1", value="80", reason="New posts")) == 302
    page = words_of(text(scene.client("contact point"), CELL))
    assert "Version 2 Agreed" in page
    assert "Version 1 Replaced Target 70 Reason Meeting of March" in page


def test_targets_are_split_by_need_with_the_sum_beside(scene: Scene) -> None:
    assert agree(scene, propose(scene, COMMUNITY, value="100")) == 302
    client = scene.client("coordinator")
    path = f"{COMMUNITY}/split"
    page = text(client, path)
    assert "Sum of countries 100 of 100" in page
    [shown] = [part.split('"')[0] for part in page.split('name="shown" value="')[1:]]
    assert send(scene, client, path, reason="By need", shown="0" * 64)[0] == 422
    assert send(scene, client, path, reason="", shown=shown)[0] == 422
    assert send(scene, client, path, reason="By need", shown=shown)[0] == 302
    parts = stored(scene, select(PlanTarget.value).where(PlanTarget.country != "", PlanTarget.period == "2027"))
    assert len(parts) == len(numbers.MEMBERS)
    assert sum(parts) == 100
    assert "proposed" in text(client, "/plan/edit?result=OP1&period=2027")


def test_share_of_the_community_counts_for_a_country_without_a_target(scene: Scene) -> None:
    page = words_of(row_of(text(scene.client("contact point"), "/plan/countries/IQ"), "OC2.1"))
    assert "10%, as the community" in page.replace("\xa0", "").replace(" %", "%")
    assert "The target of the community counts" in text(scene.client("coordinator"), "/plan/edit/OC2.1/2027/IQ")


def test_own_label_of_a_country_stays_beside_its_target(scene: Scene) -> None:
    assert agree(scene, propose(scene, "/plan/edit/OP2.4/2028/IQ", value="15")) == 302
    row = words_of(row_of(text(scene.client("contact point"), "/plan/countries/IQ"), "OP2.4"))
    assert "10 of 2 needed: counts" in row
    assert row.endswith("15")


def test_planned_need_is_beside_the_need_after_a_second_person_agrees(scene: Scene) -> None:
    path, country = "/plan/indicators/OP2.1", "/plan/countries/IQ"
    assert "on the academy (planned need: not told)" in text(scene.client("contact point"), country)
    assert send(scene, scene.client("contact point"), NEEDS, **NEED)[0] == 302
    need_id = newest(scene, PlannedNeed)
    assert send(scene, scene.client("contact point"), f"/plan/needs/{need_id}/agree")[0] == 422
    assert send(scene, scene.client("another contact point"), f"/plan/needs/{need_id}/agree")[0] == 404
    assert send(scene, scene.client("co-chair"), f"/plan/needs/{need_id}/agree")[0] == 404
    assert send(scene, _supervisor(scene, "IQ"), f"/plan/needs/{need_id}/agree")[0] == 302
    row = words_of(row_of(text(scene.client("coordinator"), country), "OP2.1"))
    assert "10 of " in row
    assert "on the academy (120 planned)" in row
    assert "(120 planned)" in words_of(row_of(text(scene.client("coordinator"), path), "Iraq"))
    assert "planned" not in words_of(row_of(text(scene.client("co-chair"), country), "OP2.1"))


def test_planned_need_of_another_country_cannot_be_entered(scene: Scene) -> None:
    assert send(scene, scene.client("another contact point"), NEEDS, **NEED)[0] == 404
    assert send(scene, scene.client("coordinator"), NEEDS, **NEED)[0] == 403
    assert send(scene, _supervisor(scene, "IQ"), NEEDS, **NEED)[0] == 403


@pytest.mark.parametrize(
    "changes",
    [{"value": "-1"}, {"value": "1.5"}, {"value": "9" * 30}, {"role": "pilot"}, {"source": ""}, {"day": "2031-01-01"}],
)
def test_hostile_planned_need_is_refused(scene: Scene, changes: dict[str, str]) -> None:
    assert send(scene, scene.client("contact point"), NEEDS, **(NEED | changes))[0] == 422
    assert stored(scene, select(PlannedNeed.id)) == []


def test_planned_need_on_an_older_version_is_refused_in_words(scene: Scene) -> None:
    assert send(scene, scene.client("contact point"), NEEDS, **NEED, versions="")[0] == 302
    client = scene.client("contact point")
    data = NEED | {"value": "130", "versions": "", "csrf_token": factories.token(scene.app, client)}
    answer = client.post(NEEDS, data=data)
    assert answer.status_code == 422
    assert "This planned need was changed after you opened it." in answer.text
    assert send(scene, client, NEEDS, **(NEED | {"value": "130"}), versions="*=1")[0] == 302


def test_coordinator_reads_no_alias_on_planned_needs(scene: Scene) -> None:
    assert send(scene, scene.client("contact point"), NEEDS, **NEED)[0] == 302
    assert "Contact Point" in words_of(_main(text(scene.client("contact point"), NEEDS)))
    assert "Contact Point" not in words_of(_main(text(scene.client("coordinator"), NEEDS)))


def test_plan_links_targets_and_needs_to_their_readers(standing: Scene) -> None:
    assert 'href="/plan/edit"' in text(standing.client("coordinator"), "/plan")
    page = text(standing.client("contact point"), "/plan")
    assert 'href="/plan/edit"' not in page
    assert f'href="{NEEDS}"' in page
    assert f'href="{NEEDS}"' in text(standing.client("contact point"), "/plan/countries/IQ")


def _main(page: str) -> str:
    """Return the page without its head, which has the alias of the reader."""
    return page[page.index("<main") :]


def _supervisor(scene: Scene, country: str) -> FlaskClient:
    with scene.app.app_context():
        person_id = factories.person(country=country, roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, country),))
    return factories.sign_in(scene.app, person_id)
