"""The way of a desk task from the queue to evidence, as assessors and the officer see it."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalogue.domain.items import Level
from app.checks.domain.products import MarkingPart, ProductState
from app.checks.jobs import marking as jobs
from app.checks.models import EvidenceWatcher, SittingSeat
from app.competence.domain.evidence import EvidenceKind
from app.competence.models import Evidence
from app.db.session import db
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from tests.support import marking_scenes as scenes, sql_statements
from tests.support.marking_scenes import ALL_ALONE, CRITERIA, TEXT, MarkingDesk, scored
from tests.support.settings import NOW

WAITING, MARKING, DIFFERENT, MARKED, _WITHDRAWN = ProductState


@pytest.fixture
def desk(lite_app: Flask) -> MarkingDesk:
    return MarkingDesk(lite_app)


def evidence(desk: MarkingDesk, officer: UUID) -> list[Evidence]:
    with desk.app.app_context():
        jobs.record_results()
        query = select(Evidence).where(Evidence.person_id == officer).order_by(Evidence.id)
        return list(db.session.scalars(query))


def specialist_criteria(desk: MarkingDesk) -> tuple[str, ...]:
    from app.checks.queries import products

    with desk.app.app_context():
        rubric = products.rubric_of(scenes.SPECIALIST, Level.SPECIALIST)
        assert rubric is not None
        return rubric.criteria


def test_desk_task_goes_from_the_queue_to_evidence(desk: MarkingDesk) -> None:
    officer = desk.officer()
    number = desk.product(officer, days_ago=3)
    marker_id = desk.assessor("BG")
    marker = desk.client(marker_id)

    queue = marker.get("/teaching/marking").text
    assert str(number) in queue
    assert "1 desk task waits for you." in queue
    answer = desk.post(marker, "/teaching/marking/next")
    assert answer.location == f"/teaching/marking/{number}"
    page = marker.get(answer.location).text
    for expected in (TEXT, "A good answer", "A weak answer", "It judges nothing.", "No calibration case yet."):
        assert expected in page, expected
    assert desk.facts(number) == (MARKING, None)

    draft = desk.post(marker, f"/teaching/marking/{number}/draft", {"score-plan": "1", "comment": "Say the time."})
    assert draft.location == f"/teaching/marking/{number}"
    assert "Say the time." in marker.get(draft.location).text
    assert desk.submit(marker, number, ALL_ALONE | {"comment": "Say the time."}).location == "/teaching/marking"
    assert desk.facts(number) == (MARKED, pytest.approx(2 / 3))

    (row,) = evidence(desk, officer)
    assert (row.competency, row.level, row.kind) == ("VIC-02", Level.PRACTITIONER, EvidenceKind.DESK_TASK)
    assert row.day == (NOW - timedelta(days=3)).date()
    assert (row.share, row.items, row.trust, row.watched) == (pytest.approx(2 / 3), 5, 1.0, True)
    assert (row.guess, row.mark) == (0.05, pytest.approx(2 / 3))
    assert (row.assessor_id, row.assessor_country) == (marker_id, "BG")
    with desk.app.app_context():
        watchers = set(db.session.scalars(select(EvidenceWatcher.person_id)))
        confirmed = set(db.session.scalars(select(SittingSeat.confirmed_by)))
        assert watchers == {marker_id} | confirmed
        [notice] = db.session.scalars(select(Notice).where(Notice.kind == NoticeKind.CHECK_RESULT))
        assert (notice.person_id, notice.path) == (officer, f"/sittings/results/{desk.product_id(number)}")
    assert len(evidence(desk, officer)) == 1  # the job run again adds nothing

    own = desk.client(officer).get(notice.path).text
    for expected in ("Reached", "67 percent", "Say the time.", TEXT, "Alone"):
        assert expected in own, expected
    for hidden in ("It judges nothing.", "Found the debt book", "whose owner has to be asked first", str(number)):
        assert hidden not in own, hidden


def test_officer_sees_no_scores_before_the_result(desk: MarkingDesk) -> None:
    officer = desk.officer()
    number = desk.product(officer)
    marker = desk.marker()
    desk.take(marker, number)
    desk.submit(marker, number, ALL_ALONE | {"second": "y", "comment": "Not yet."})
    page = desk.client(officer).get(f"/sittings/results/{desk.product_id(number)}").text
    assert "Waits for marking" in page
    assert "Not yet." not in page


def test_marked_task_says_how_many_more_verify_and_is_listed(desk: MarkingDesk) -> None:
    officer = desk.officer()
    number, waiting = desk.product(officer), desk.product(officer)
    marker = desk.marker()
    desk.take(marker, number)
    desk.submit(marker, number, {f"score-{criterion}": "3" for criterion in CRITERIA})
    evidence(desk, officer)
    client, result = desk.client(officer), f"/sittings/results/{desk.product_id(number)}"
    assert "1 more desk task with all points verifies it." in client.get(result).text
    listed = client.get("/sittings/results").text
    assert result in listed
    assert f"/sittings/results/{desk.product_id(waiting)}" in listed
    assert ("Reached" in listed, "Waits for marking" in listed) == (True, True)
    assert "/sittings/results/" not in desk.client(desk.officer()).get("/sittings/results").text
    assert 'href="/sittings/results"' in client.get("/record").text


def test_second_assessor_is_wanted_when_the_first_asks(desk: MarkingDesk) -> None:
    officer = desk.officer()
    number = desk.product(officer)
    first, second = desk.marker("BG"), desk.marker("BG")
    desk.take(first, number)
    desk.submit(first, number, ALL_ALONE | {"second": "y"})
    assert desk.facts(number) == (WAITING, None)
    assert str(number) not in first.get("/teaching/marking").text.split("You have marked")[0]

    desk.take(second, number)
    assert "You are the second assessor." in second.get(f"/teaching/marking/{number}").text
    assert "Scores of the assessors" not in second.get(f"/teaching/marking/{number}").text
    desk.post(second, f"/teaching/marking/{number}/return")
    assert desk.facts(number) == (WAITING, None)  # still wanted
    desk.mark(second, number, scored(3))
    assert desk.facts(number) == (MARKED, pytest.approx(5 / 6))
    assert "Scores of the assessors" in first.get(f"/teaching/marking/{number}").text
    (row,) = evidence(desk, officer)
    assert row.share == pytest.approx(5 / 6)


def test_specialist_is_marked_by_two_countries(desk: MarkingDesk) -> None:
    officer = desk.officer()
    number = desk.product(officer, competency=scenes.SPECIALIST, level=Level.SPECIALIST)
    fields = scored(2, specialist_criteria(desk))
    first, same, second = desk.marker("BG"), desk.marker("BG"), desk.marker("TR")
    desk.mark(first, number, fields)
    assert desk.facts(number) == (WAITING, None)
    assert desk.take(same, number).location == "/teaching/marking"  # of the country of the first
    assert str(number) not in same.get("/teaching/marking").text
    desk.mark(second, number, fields)
    assert desk.facts(number) == (MARKED, pytest.approx(2 / 3))
    rows = evidence(desk, officer)
    assert [row.assessor_country for row in rows] == ["BG", "TR"]
    assert [row.share for row in rows] == pytest.approx([2 / 3, 2 / 3])


def test_third_assessor_settles_a_difference(desk: MarkingDesk) -> None:
    officer = desk.officer()
    number = desk.product(officer)
    first, second, third = desk.marker("BG"), desk.marker("TR"), desk.marker("GR")
    desk.take(first, number)
    desk.submit(first, number, scored(3) | {"second": "y"})
    desk.mark(second, number, scored(1))
    assert desk.facts(number) == (DIFFERENT, None)
    for reader in (first, second):
        page = reader.get(f"/teaching/marking/{number}").text
        assert "You differ. A third assessor settles it." in page
        assert "Far apart" in page
    assert "Two assessors differ. You settle it." in third.get("/teaching/marking").text
    desk.take(third, number)
    page = third.get(f"/teaching/marking/{number}").text
    assert "First assessor" in page
    assert "15 of 15: reached" in page
    assert "5 of 15: not reached" in page
    desk.submit(third, number, scored(2))
    assert desk.facts(number) == (MARKED, pytest.approx(2 / 3))
    (row,) = evidence(desk, officer)
    assert (row.share, row.assessor_country) == (pytest.approx(2 / 3), "GR")


def test_assessor_has_at_most_three_open(desk: MarkingDesk) -> None:
    marker = desk.marker()
    numbers = [desk.product() for _ in range(4)]
    for number in numbers[:3]:
        desk.take(marker, number)
    assert desk.take(marker, numbers[3]).location == "/teaching/marking"
    assert "You have three open desk tasks." in marker.get("/teaching/marking").text
    assert desk.facts(numbers[3]) == (WAITING, None)
    desk.post(marker, f"/teaching/marking/{numbers[0]}/return")
    assert desk.take(marker, numbers[3]).location.endswith(str(numbers[3]))


def test_queue_shows_the_oldest_first_and_marks_the_overdue(desk: MarkingDesk) -> None:
    new, old, middle = desk.product(days_ago=1), desk.product(days_ago=12), desk.product(days_ago=5)
    other = desk.product(competency="VIC-01", days_ago=2)
    page = desk.marker().get("/teaching/marking").text
    places = [page.index(f"{number}<br>") for number in (old, middle, other, new)]
    assert places == sorted(places)
    assert page.count(">Overdue</") == 1
    filtered = desk.marker().get("/teaching/marking?rubric=VIC-01.practitioner").text
    assert f"{other}<br>" in filtered
    assert f"{old}<br>" not in filtered


def test_comment_of_the_bank_is_added_and_inserted(desk: MarkingDesk) -> None:
    first, second = desk.product(), desk.product()
    author, reader = desk.marker(), desk.marker()
    desk.take(author, first)
    for _ in range(2):  # the same comment once
        desk.post(author, f"/teaching/marking/{first}/comments", {"comment": "Name the source.", "score-plan": "3"})
    desk.take(reader, second)
    page = reader.get(f"/teaching/marking/{second}").text
    assert page.count("Name the source.") == 1
    comment_id = page.split('name="insert" value="')[1].split('"')[0]
    desk.post(reader, f"/teaching/marking/{second}/draft", {"comment": "Good.", "insert": comment_id})
    assert "Good.\nName the source." in reader.get(f"/teaching/marking/{second}").text
    empty = desk.post(reader, f"/teaching/marking/{second}/comments", {"comment": " "})
    assert empty.status_code == 422


def test_calibration_comes_before_the_first_marking(desk: MarkingDesk) -> None:
    number = desk.product(level=Level.FOUNDATION)
    marker = desk.marker()
    case = "/teaching/marking/calibration/VIC-02/foundation"
    assert case in marker.get("/teaching/marking").text
    assert desk.take(marker, number).location == "/teaching/marking"
    assert desk.post(marker, "/teaching/marking/next").location == "/teaching/marking"
    page = marker.get(case).text
    assert "He writes it down." in page
    assert "Because of" not in page
    criteria = [part.split('"')[0] for part in page.split('id="score-')[1:] if "-look" not in part.split('"')[0]]
    fields = [{f"score-{name}": value for name in criteria} for value in ("0", "2")]
    assert desk.post(marker, case, dict(list(fields[0].items())[:1])).status_code == 422
    desk.post(marker, case, fields[0])
    failed = marker.get(case).text
    assert "Not passed: again tomorrow" in failed
    assert 'class="notice is-warning"' in failed
    assert "Because of" in failed
    assert desk.post(marker, case, fields[1]).status_code == 409  # one try a day
    scenes.set_time(days=1)
    assert "Because of" not in marker.get(case).text
    desk.post(marker, case, fields[1])
    assert "Your scores were near enough." in marker.get(case).text
    assert desk.take(marker, number).location.endswith(str(number))


def test_job_notifies_assessors_once_a_day(desk: MarkingDesk) -> None:
    waits, same_agency = desk.assessor("BG"), desk.assessor("GR")
    desk.product()
    with desk.app.app_context():
        assert jobs.remind_assessors() == 2
        assert jobs.remind_assessors() == 0
        notices = db.session.execute(
            select(Notice.person_id, Notice.path).where(Notice.kind == NoticeKind.PRODUCT_WAITS)
        )
        assert {tuple(row) for row in notices} == {(waits, "/teaching/marking"), (same_agency, "/teaching/marking")}


def test_job_notifies_nobody_without_a_calibrated_rubric(desk: MarkingDesk) -> None:
    desk.assessor("BG")
    desk.product(level=Level.FOUNDATION)
    with desk.app.app_context():
        assert jobs.remind_assessors() == 0


def test_product_returns_to_the_queue_after_ten_days(desk: MarkingDesk) -> None:
    number = desk.product()
    desk.take(desk.marker(), number)
    for days, state in ((10, MARKING), (11, WAITING)):
        scenes.set_time(days=days)
        with desk.app.app_context():
            jobs.remind_assessors()
        assert desk.facts(number) == (state, None)


def test_teaching_page_links_to_marking_with_the_number(desk: MarkingDesk) -> None:
    marker = desk.marker()
    assert "Nothing waits" in marker.get("/teaching").text
    desk.product()
    page = marker.get("/teaching").text
    assert 'href="/teaching/marking"' in page
    assert "1 waits" in page


def test_markings_have_their_parts(desk: MarkingDesk) -> None:
    number = desk.product()
    first, second = desk.marker("BG"), desk.marker("TR")
    desk.take(first, number)
    desk.submit(first, number, ALL_ALONE | {"second": "y"})
    desk.mark(second, number)
    assert [line.part for line in desk.markings(number)] == [MarkingPart.FIRST, MarkingPart.SECOND]


def test_queue_takes_as_many_statements_for_many_products_as_for_one(desk: MarkingDesk) -> None:
    marker = desk.marker()
    desk.product()
    paths = ("/teaching/marking", "/teaching")
    before = [sql_statements.asked(desk.app, marker, path) for path in paths]
    for days in range(2, 8):
        desk.product(days_ago=days, competency="VIC-01" if days % 2 else scenes.COMPETENCY)
    assert [sql_statements.asked(desk.app, marker, path) for path in paths] == before


def test_product_takes_as_many_statements_with_a_bank_as_without(desk: MarkingDesk) -> None:
    first, second = desk.product(), desk.product()
    marker = desk.marker()
    desk.take(marker, first)
    path = f"/teaching/marking/{first}"
    before = sql_statements.asked(desk.app, marker, path)
    for text in ("Name the source.", "Say the time.", "One fact a line."):
        desk.post(marker, f"{path}/comments", {"comment": text})
    desk.take(marker, second)
    assert sql_statements.asked(desk.app, marker, path) == before
