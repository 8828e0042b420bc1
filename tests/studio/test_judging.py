from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, strategies as st
from werkzeug.test import TestResponse

from app.catalogue.service import publication
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain.judging import (
    JudgeValues,
    JudgingRound,
    can_leave_out,
    missing_judges,
    panel_mean,
    round_of,
    visible_spread,
)
from app.studio.queries import judging, questions
from app.studio.service import courses as course_service, judging as service
from tests.support import courses, factories, review_pages, sites, studio_site

ITEM = "T10-Q01"
PANELS = f"/teaching/courses/{courses.SLUG}/bank/panels"
rates = st.none() | st.integers(0, 100).map(lambda percent: percent / 100)
judges = st.lists(st.builds(lambda first, second: JudgeValues(uuid4(), first, second if first else None), rates, rates))


def _judges(*values: tuple[float | None, float | None]) -> list[JudgeValues]:
    return [JudgeValues(uuid4(), *pair) for pair in values]


@given(judges)
def test_no_value_is_shown_before_all_judges_gave_a_first_one(panel: list[JudgeValues]) -> None:
    if any(judge.first is None for judge in panel):
        assert round_of(panel) is JudgingRound.FIRST
        assert visible_spread(panel) is None
        assert panel_mean(panel) is None


@given(judges)
def test_mean_is_between_the_lowest_and_the_highest_value(panel: list[JudgeValues]) -> None:
    spread, mean = visible_spread(panel), panel_mean(panel)
    if spread is not None:
        assert spread.lowest <= spread.mean + 1e-9 <= spread.highest + 2e-9
    if mean is not None and spread is not None:
        assert spread.lowest - 0.005 <= mean <= spread.highest + 0.005


def test_second_round_decides() -> None:
    panel = _judges((0.2, 0.5), (0.6, 0.6), (0.9, 0.75))
    assert panel_mean(panel) == 0.62
    assert panel_mean(panel[:2]) is None  # too few judges


def test_absent_judges_are_left_out_if_three_others_answered() -> None:
    panel = _judges((0.2, None), (0.6, None), (0.9, None), (None, None))
    assert can_leave_out(panel)
    assert missing_judges(panel) == [panel[3].person_id]
    assert not can_leave_out(panel[1:])
    assert not can_leave_out(panel[:3])


class Panel:
    """A course with a trainer and two reviewers who are trainers elsewhere."""

    def __init__(self, app: Flask) -> None:
        self.app, self.author = app, studio_site.author()
        self.judges = [self.author.id, review_pages.other_trainer(), review_pages.other_trainer()]
        workspace = self.author.workspace()
        with transaction():
            publication.store_references(courses.ready()[1], clock.now())
            for person_id in self.judges[1:]:
                course_service.add_reviewer(workspace, person_id, clock.now())

    def open(self) -> UUID:
        workspace = self.author.workspace()
        with transaction():
            return service.open_panel(workspace, ITEM, by=self.author.id, now=clock.now())

    def judge(self, panel_id: UUID, judging_round: JudgingRound, *percents: int) -> None:
        workspace = self.author.workspace()
        for person_id, percent in zip(self.judges, percents, strict=False):
            with transaction():
                service.judge(workspace, panel_id, percent / 100, judging_round, by=person_id, now=clock.now())

    def client(self, judge: int = 0) -> FlaskClient:
        return factories.sign_in(self.app, self.judges[judge])

    def post(self, path: str, judge: int = 0, **fields: str) -> TestResponse:
        return sites.post(self.app, self.client(judge), path, fields)

    def pass_value(self) -> str:
        return questions.bank(self.author.workspace()).lines[ITEM].key("pass_value")


@pytest.fixture
def panel(context: Flask) -> Panel:
    return Panel(context)


@pytest.mark.each_database
def test_mean_of_the_second_round_becomes_the_pass_value_of_the_draft(panel: Panel) -> None:
    panel_id = panel.open()
    panel.judge(panel_id, JudgingRound.FIRST, 30, 60, 90)
    panel.judge(panel_id, JudgingRound.SECOND, 50, 60, 75)
    with transaction():
        service.use_mean(panel.author.workspace(), panel_id, by=panel.author.id, now=clock.now())
    assert panel.pass_value() == "0.62"
    assert judging.panel(panel.author.course_id, panel_id).used_rate == 0.62


def test_judge_sees_the_values_of_others_in_the_second_round_only(panel: Panel) -> None:
    panel_id = panel.open()
    panel.judge(panel_id, JudgingRound.FIRST, 31, 62)
    first = panel.client(2).get(f"{PANELS}/{panel_id}").text
    assert "Judge alone." in first
    assert "31%" not in first
    assert "62%" not in first
    assert "2 of 3 judges" in first
    panel.post(f"{PANELS}/{panel_id}/judgement", 2, percent="93", round="first")
    second = panel.client(2).get(f"{PANELS}/{panel_id}").text
    for value in ("31%", "62%", "93%"):
        assert value in second
    assert "Fewer than 20 first answers" in second
    assert 'value="93"' in second


def test_value_of_a_round_that_is_over_is_refused(panel: Panel) -> None:
    panel_id = panel.open()
    panel.judge(panel_id, JudgingRound.FIRST, 30, 60, 90)
    panel.post(f"{PANELS}/{panel_id}/judgement", 0, percent="99", round="first")
    assert [judge.first for judge in judging.panel(panel.author.course_id, panel_id).judges].count(0.99) == 0


@pytest.mark.parametrize("percent", ["", "101", "-1", "half"])
def test_value_that_is_no_percentage_is_refused(panel: Panel, percent: str) -> None:
    answer = panel.post(f"{PANELS}/{panel.open()}/judgement", 0, percent=percent, round="first")
    assert answer.status_code == 422
    assert "Enter a whole number from 0 to 100." in answer.text


def test_panel_needs_three_judges_and_one_question(panel: Panel) -> None:
    panel.open()
    with pytest.raises(DomainError, match="A panel is judging"):
        panel.open()
    workspace = panel.author.workspace()
    with transaction():
        course_service.remove_reviewer(workspace, panel.judges[2], clock.now())
    with pytest.raises(DomainError, match="at least three"), transaction():
        service.open_panel(panel.author.workspace(), "T10-Q03", by=panel.author.id, now=clock.now())
    assert "A panel needs at least three" in panel.client().get(PANELS).text


def test_panel_goes_on_without_an_absent_judge(panel: Panel) -> None:
    late = review_pages.other_trainer()
    with transaction():
        course_service.add_reviewer(panel.author.workspace(), late, clock.now())
    panel_id = panel.open()
    panel.judge(panel_id, JudgingRound.FIRST, 30, 60, 90)
    page = panel.client().get(f"{PANELS}/{panel_id}").text
    assert "Go on without those who have not answered" in page
    panel.post(f"{PANELS}/{panel_id}/absent-judges")
    assert judging.panel(panel.author.course_id, panel_id).judging_round is JudgingRound.SECOND


def test_reviewer_judges_but_does_not_use_the_mean(panel: Panel) -> None:
    panel_id = panel.open()
    assert "Use the mean" not in panel.client(1).get(f"{PANELS}/{panel_id}").text
    assert panel.post(f"{PANELS}/{panel_id}/use", 1).status_code == 403
    assert "Waits for you" in panel.client(1).get(PANELS).text
    assert "1 question to judge" in panel.client(1).get("/teaching").text


def test_panel_is_not_found_by_others(context: Flask, panel: Panel) -> None:
    panel_id = panel.open()
    other = factories.sign_in(context, review_pages.other_trainer())
    assert other.get(f"{PANELS}/{panel_id}").status_code == 404
    assert panel.client().get(f"{PANELS}/{uuid4()}").status_code == 404
    db.session.rollback()
