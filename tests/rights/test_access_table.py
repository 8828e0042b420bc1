import csv
import io
import re
from itertools import pairwise

import pytest
from flask import Flask

from app.access import access_table
from app.access.labels import ROLES
from app.access.policy import Action, Role
from app.rights.views.access_table import cell

PATH = "/about/who-sees-what"


def test_the_page_is_public_and_names_every_role(lite_app: Flask) -> None:
    answer = lite_app.test_client().get(PATH)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for name in ROLES.values():
        assert f"<summary>{name}</summary>" in page
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page)
    assert ("alias, role, country, name, and courses done and competencies", "nothing") in pairwise(cells)


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_page_speaks_every_language(lite_app: Flask, language: str) -> None:
    answer = lite_app.test_client().get(PATH, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.get_data(as_text=True)


def test_the_file_holds_every_route_with_what_each_role_opens(lite_app: Flask) -> None:
    answer = lite_app.test_client().get(f"{PATH}.csv")
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    heads, *rows = csv.reader(io.StringIO(text))
    assert heads[:5] == ["Address", "Method", "Action", "What it lets one do", "Not signed in"]
    assert len(rows) == len(access_table.routes(lite_app))
    found = {(row[0], row[1]): dict(zip(heads, row, strict=True)) for row in rows}
    plan = found["/plan", "GET"]
    assert {name: plan[str(name)] for name in map(str, ROLES.values())} == {
        str(ROLES[role]): "Yes" if role in {Role.COORDINATOR, Role.CO_CHAIR, Role.CONTACT_POINT} else "No"
        for role in Role
    }
    assert found["/about", "GET"]["Not signed in"] == "Yes"
    assert plan["Not signed in"] == "No"
    with lite_app.test_client().get(f"{PATH}.xlsx") as sheet:
        assert sheet.status_code == 200


def test_a_cell_says_of_what_alone(lite_app: Flask) -> None:
    with lite_app.test_request_context():
        assert cell(Role.TRAINER, Action.SIT_TEST) == "Own alone"
        assert cell(Role.SUPERVISOR, Action.DECIDE_CLAIM) == "Officers whom one supervises"
        assert cell(Role.SUPERVISOR, Action.SEE_SUPERVISED) == "Officers whom one supervises"
        assert cell(Role.PRACTITIONER, Action.READ_COURSE) == "Open material or material for officers"
        assert cell(Role.TRAINER, Action.RUN_WORKSHOP) == "Where one is the trainer"
        assert cell(Role.ASSESSOR, Action.RUN_WORKSHOP) == "No"
        assert cell(Role.CONTACT_POINT, Action.SEE_TRAIL) == "Own country"
        assert cell(Role.HOST, Action.WRITE_NOTE) == "No"


def test_the_page_holds_no_word_of_the_inside(lite_app: Flask) -> None:
    page = lite_app.test_client().get(PATH).get_data(as_text=True)
    assert re.findall(r"(same_country|leads_it|accounts:|contact_point)", page) == []
