import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from app.access.policy import Role, Scope
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.identity.models import Person
from app.learning.domain import EnrolmentState
from app.learning.models import Enrolment, LessonProgress
from app.scenarios.models import Choice, Playthrough
from app.studio import jobs
from app.studio.queries import learner_figures
from tests.support import courses, factories, sql_statements, studio_site
from tests.support.first_answers import Answer, Sitting, add
from tests.support.settings import NOW

PAGE = f"/teaching/courses/{courses.SLUG}/results"
ITEM = "T10-Q01"
LAST_YEAR = NOW - timedelta(days=90)  # before the last quarter end


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


@pytest.fixture
def client(context: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(context, author.id)


def _outline(author: studio_site.Author) -> Outline:
    version_id = author.workspace().version_id
    assert version_id is not None
    return catalogue.outline(version_id)


def _learners(author: studio_site.Author, count: int, *, done: int = 0, country: str = "IQ") -> list[UUID]:
    """Add people who began the course long ago and opened its first lesson; some finished lesson and course."""
    outline, people = _outline(author), [factories.person(country=country, now=LAST_YEAR) for _ in range(count)]
    with transaction():
        for number, person_id in enumerate(people):
            completed = LAST_YEAR if number < done else None
            enrolment_id = db.session.execute(
                insert(Enrolment)
                .values(
                    person_id=person_id, course_id=outline.course_id, version_id=outline.version_id,
                    state=EnrolmentState.COMPLETED if completed else EnrolmentState.BEGUN,
                    begun_at=LAST_YEAR, last_lesson="the-list", last_at=LAST_YEAR, completed_at=completed,
                )
                .returning(Enrolment.id)
            ).scalar_one()  # fmt: skip
            progress = {"enrolment_id": enrolment_id, "lesson": "the-list", "done_at": completed}
            db.session.execute(insert(LessonProgress).values(**progress, spent_seconds=240))
    return people


def _answers(author: studio_site.Author, count: int, *items: str) -> None:
    outline = _outline(author)
    add(outline, *(
        Sitting(factories.person(), [Answer(item, float(n % 2), 0 if n % 2 else 1) for item in items], passed=n % 2 > 0)
        for n in range(count)
    ))  # fmt: skip


def test_results_show_lessons_and_where_people_stop(author: studio_site.Author, client: FlaskClient) -> None:
    _learners(author, 5, done=2)
    text = " ".join(re.sub("<[^>]*>", " ", client.get(PAGE).text).split())
    assert "2 of 5 (40%)" in text
    assert "1 The list 5 2 0 3 4 5" in text


def test_results_without_answers_say_what_is_needed(author: studio_site.Author, client: FlaskClient) -> None:
    text = client.get(PAGE).text
    assert "No first answers yet" in text
    assert "No country can be shown" in text


def test_question_shows_numbers_from_twenty_first_answers(author: studio_site.Author, client: FlaskClient) -> None:
    _answers(author, 19, ITEM, "T10-Q03")
    assert "20 first answers are needed; 19 so far." in client.get(PAGE).text
    _answers(author, 1, ITEM)
    page = client.get(PAGE).text
    assert "45%" in page
    assert f'href="/teaching/courses/{courses.SLUG}/bank/{ITEM}"' in page
    assert "20 first answers are needed; 19 so far." in page  # of the other question


def test_flagged_question_comes_first_with_its_meaning(author: studio_site.Author, client: FlaskClient) -> None:
    outline = _outline(author)
    add(outline, *(Sitting(factories.person(), [Answer(ITEM, 0.0, 1), Answer("T10-Q03", 1.0, 0)]) for _ in range(31)))
    page = client.get(PAGE).text
    assert "Right answer may be wrong" in page
    assert "Check which option is right." in page
    assert "Improve the most urgent question" in page
    assert page.index(f"{ITEM}</bdi>") < page.index("T10-Q03</bdi>")


def test_results_show_both_errors_of_decisions_apart(author: studio_site.Author, client: FlaskClient) -> None:
    outline = _outline(author)
    add(outline, *(Sitting(factories.person(), [Answer(ITEM, 0.0, 2 if n < 5 else 1)]) for n in range(20)))
    text = " ".join(re.sub("<[^>]*>", " ", client.get(PAGE).text).split())
    assert "A person in need missed False alarm Test 25% of 20 20 first answers are needed; 0 so far." in text


@pytest.mark.parametrize("flag", ["flagged", "broken_key"])
def test_question_list_is_filtered_by_flags_of_results(
    author: studio_site.Author, client: FlaskClient, flag: str
) -> None:
    add(_outline(author), *(Sitting(factories.person(), [Answer(ITEM, 0.0, 1)]) for _ in range(31)))
    rows = client.get(f"/teaching/courses/{courses.SLUG}/bank?flag={flag}").text
    listed = set(re.findall(r'/bank/(T10-Q[0-9]+)"', rows))
    assert ITEM in listed
    assert "T10-Q03" not in listed
    assert "Right answer may be wrong" in rows


def test_officer_under_threat_counts_nowhere(author: studio_site.Author, client: FlaskClient) -> None:
    hidden = _learners(author, 3)[0]
    add(_outline(author), Sitting(hidden, [Answer(ITEM, 1.0, 0)]))
    with transaction():
        db.session.execute(update(Person).where(Person.id == hidden).values(protected=True))
    page = client.get(PAGE).text
    assert "0 of 2 (0%)" in page
    assert "No first answers yet" in page


def test_country_is_shown_only_if_no_small_group_can_be_computed(
    author: studio_site.Author, client: FlaskClient
) -> None:
    _learners(author, 12, done=6, country="IQ")
    _learners(author, 13, done=5, country="BG")
    _learners(author, 3, done=1, country="GR")
    page = client.get(PAGE).text
    assert "About 5 of 10" in page
    assert "Iraq" in page
    assert "Greece" not in page


@pytest.mark.parametrize("table", ["lessons", "questions", "cases", "countries"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_tables_are_sent_as_files(author: studio_site.Author, client: FlaskClient, table: str, form: str) -> None:
    _answers(author, 20, ITEM)
    with client.get(f"{PAGE}/{table}.{form}") as answer:
        assert answer.status_code == 200
        assert f"{courses.SLUG}-{table}.{form}" in answer.headers["Content-Disposition"]
    assert client.get(f"{PAGE}/people.{form}").status_code == 404


def test_results_take_as_many_statements_for_three_questions_as_for_one(
    context: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    _learners(author, 1)
    _answers(author, 1, ITEM)
    before = sql_statements.asked(context, client, PAGE)
    _learners(author, 3, country="BG")
    _answers(author, 3, ITEM, "T10-Q02", "T10-Q03")
    assert sql_statements.asked(context, client, PAGE) == before


def test_trainer_of_another_course_finds_nothing(context: Flask, author: studio_site.Author) -> None:
    other = factories.person(grants=((Role.TRAINER, Scope.COURSE, str(UUID(int=7))),))
    reader = factories.sign_in(context, other)
    assert reader.get(PAGE).status_code == 404
    assert reader.get(f"{PAGE}/lessons.csv").status_code == 404


def test_filter_limits_figures_and_never_the_countries(author: studio_site.Author, client: FlaskClient) -> None:
    _learners(author, 12, done=6, country="IQ")
    _learners(author, 13, done=5, country="BG")
    _answers(author, 20, ITEM)
    month, version = f"{NOW:%Y-%m}", author.workspace().number
    page = client.get(f"{PAGE}?from={month}&to={month}&version={version}&language=en").text
    text = " ".join(re.sub("<[^>]*>", " ", page).split())
    assert "Begun 0" in text
    assert "10 of 20 (50%)" in text
    assert "About 5 of 10" in text
    assert "Clear all filters" in text
    assert f"lessons.csv?version={version}&amp;from={month}&amp;to={month}&amp;language=en" in page
    assert "countries.csv?" not in page
    other = client.get(f"{PAGE}?to=2026-11").text
    assert "No first answers yet" in other


def test_filtered_results_of_tests_need_twenty_officers(author: studio_site.Author, client: FlaskClient) -> None:
    _answers(author, 19, ITEM)
    assert "9 of 19 (47%)" in client.get(PAGE).text
    limited = client.get(f"{PAGE}?language=en").text
    assert "of 19" not in limited
    assert "20 officers are needed; 19 so far." in limited


@pytest.mark.parametrize("query", ["version=9", "from=yesterday", "language=xx", "from=2027-03&to=2027-02"])
def test_unknown_filter_returns_400_with_the_cure(client: FlaskClient, query: str) -> None:
    for path in (PAGE, f"{PAGE}/lessons.csv"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 400
        assert "Choose" in answer.text


def test_middle_time_to_finish_is_shown_in_days(author: studio_site.Author, client: FlaskClient) -> None:
    _learners(author, 3, done=3)
    assert "0 days" in client.get(PAGE).text
    with transaction():
        db.session.execute(update(Enrolment).values(completed_at=LAST_YEAR + timedelta(days=19)))
    assert "19 days" in client.get(PAGE).text


def test_cases_show_rates_from_twenty_first_runs(author: studio_site.Author, client: FlaskClient) -> None:
    outline = _outline(author)
    [name, *_others] = outline.cases
    for count, text in ((19, "20 first runs are needed; 19 so far."), (1, "20 5% 100%")):
        with transaction():
            db.session.add_all(_run(outline, name, misses=int(count == 1)) for _ in range(count))
        page = " ".join(re.sub("<[^>]*>", " ", client.get(PAGE).text).split())
        assert text in page


def _run(outline: Outline, name: str, *, misses: int) -> Playthrough:
    return Playthrough(
        person_id=factories.person(),
        course_id=outline.course_id,
        version_id=outline.version_id,
        name=name,
        number=1,
        language="en",
        started_at=NOW,
        finished_at=NOW,
        share=1.0,
        misses=misses,
        false_alarms=1,
    )


def test_case_page_shows_choices_and_both_errors_from_twenty_first_runs(
    author: studio_site.Author, client: FlaskClient
) -> None:
    outline = _outline(author)
    [name, *_others] = outline.cases
    text = catalogue.case(outline.version_id, name, "en")
    start = next(node for node in text.scenario.nodes if node.id == text.scenario.start)
    wrong = next(index for index, move in enumerate(start.moves) if move.slip is not None)
    for count, chosen, expected in ((19, 0, "19 so far."), (1, wrong, "20 officers decided. Missed a sign: 5%.")):
        with transaction():
            runs = [_run(outline, name, misses=0) for _ in range(count)]
            db.session.add_all(runs)
            db.session.flush()
            db.session.add_all(
                Choice(playthrough_id=run.id, step=1, node=start.id, move=chosen, chosen_at=NOW) for run in runs
            )
        page = " ".join(re.sub("<[^>]*>", " ", client.get(f"{PAGE}/cases/{name}").text).split())
        assert expected in page
    assert "95%" in page
    assert client.get(f"{PAGE}/cases/no-such").status_code == 404


def test_filtered_results_take_no_more_statements(
    context: Flask, author: studio_site.Author, client: FlaskClient
) -> None:
    whole = sql_statements.asked(context, client, PAGE)
    assert sql_statements.asked(context, client, f"{PAGE}?language=en&from={NOW:%Y-%m}") <= whole


def test_results_counted_by_the_job_are_not_counted_for_the_page(
    author: studio_site.Author, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _learners(author, 3)
    jobs.count_flags()
    monkeypatch.delattr(learner_figures, "counted")
    assert client.get(PAGE).status_code == 200
