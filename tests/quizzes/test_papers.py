"""Papers of a test: families, papers met before, free questions beside them, and the least score of a competency."""

from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.courses import CourseFacts, Paper, Pretest
from app.catalogue.domain.items import Item, ItemForm, ItemKind
from app.quizzes.domain import attempts, papers, rules, selection
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.grading import ItemScore
from app.quizzes.domain.selection import DrawnQuestions, ShortBankError
from tests.quizzes.banks import choices
from tests.support.courses import ready

NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)


def _paper(number: int, family: str, form: ItemForm = ItemForm.B) -> Paper:
    items = tuple(f"T10-Q{number}{place}" for place in range(5))
    return Paper(f"T10-P0{number}", form, family, (f"T10-D{number}",), items, minutes=10)


PAPERS = [_paper(1, "slips"), _paper(2, "slips"), _paper(3, "chats"), _paper(4, "chats"), _paper(5, "logs")]


def _course(**test: object) -> CourseFacts:
    course = ready()[0].folder.course
    rules_of_test = msgspec.structs.replace(course.test, **{"papers": 2, **test})  # type: ignore[type-var]
    with_a = (*PAPERS, _paper(6, "slips", ItemForm.A), _paper(7, "chats", ItemForm.A))
    return msgspec.structs.replace(course, papers=with_a, test=rules_of_test)


@given(st.sets(st.integers(1, 5)), st.integers(0, 2**32))
def test_chosen_papers_are_of_different_families_and_unmet_ones_come_first(met: set[int], seed: int) -> None:
    when = {f"T10-P0{number}": NOON - timedelta(days=number) for number in met}
    chosen = papers.choose(PAPERS, 2, met=when, seed=seed)
    families = [entry.paper.family for entry in chosen]
    assert len(set(families)) == 2
    unmet_families = {paper.family for paper in PAPERS if paper.id not in when}
    assert sum(not entry.repeated for entry in chosen) == min(2, len(unmet_families))
    assert all(entry.repeated == (entry.paper.id in when) for entry in chosen)


def test_longest_papers_are_of_different_families() -> None:
    longer = msgspec.structs.replace(PAPERS[1], items=(*PAPERS[1].items, "T10-Q29"))
    longest = papers.longest([PAPERS[0], longer, PAPERS[2], PAPERS[3]], 2)
    assert [paper.id for paper in longest] == ["T10-P02", "T10-P03"]
    assert papers.most_in_test(_course()) == 10 + sum(draw.items for draw in _course().test.draw)  # type: ignore[union-attr]


def test_papers_all_met_are_repeated_from_the_one_met_longest_ago() -> None:
    when = {paper.id: NOON - timedelta(days=place) for place, paper in enumerate(PAPERS)}
    chosen = papers.choose(PAPERS, 2, met=when, seed=1)
    assert [entry.paper.id for entry in chosen] == ["T10-P05", "T10-P04"]


def test_too_few_families_are_a_short_bank() -> None:
    with pytest.raises(ShortBankError):
        papers.choose(PAPERS[:2], 2, met={}, seed=1)


def test_questions_of_a_paper_stay_in_the_order_of_their_writer() -> None:
    bank = {name: Item(name, ItemKind.SINGLE, "PRT-01", "Stem", choices(1.0, 0.0)) for name in PAPERS[0].items}
    chosen = [papers.ChosenPaper(PAPERS[0], repeated=True)]
    drawn = papers.questions(chosen, bank, {PAPERS[0].items[0]: 3}, seed=1)
    assert [question.item.id for question in drawn] == list(PAPERS[0].items)
    assert {(question.paper, question.repeated) for question in drawn} == {("T10-P01", True)}
    assert [question.revision for question in drawn] == [3, 1, 1, 1, 1]
    stored = selection.to_stored(DrawnQuestions(tuple(drawn)))
    assert selection.from_stored(stored, bank) == DrawnQuestions(tuple(drawn))


def test_test_draws_papers_of_form_b_and_pretest_one_of_form_a_that_no_lesson_uses() -> None:
    course = _course()
    assert papers.rule(course, Purpose.TEST) == papers.PaperRule(ItemForm.B, 2)
    assert papers.rule(course, Purpose.PRETEST) == papers.PaperRule(ItemForm.A, 1)
    assert papers.rule(course, Purpose.PRETEST, in_lessons={"T10-Q60", "T10-Q70"}).count == 0
    assert papers.rule(course, Purpose.RETENTION).count == 0
    assert papers.rule(_course(papers=0), Purpose.TEST).count == 0


def test_retired_item_takes_its_paper_out() -> None:
    course = msgspec.structs.replace(_course(), retired=("T10-Q50",))
    assert [paper.id for paper in papers.possible(course, ItemForm.B)] == ["T10-P01", "T10-P02", "T10-P03", "T10-P04"]


def test_linked_questions_take_their_part_of_a_pretest() -> None:
    course = msgspec.structs.replace(_course(), pretest=Pretest(6))
    assert sum(draw.items for draw in rules.blueprint(course, Purpose.PRETEST, linked=5)) == 1
    assert rules.blueprint(course, Purpose.TEST, linked=5) == rules.course_test(course).draw


@pytest.mark.parametrize(("low", "passed"), [(0.6, True), (0.59, False)])
def test_competency_below_its_floor_fails_a_test_with_enough_points(low: float, passed: bool) -> None:
    items = [Item(f"T10-Q0{n}", ItemKind.SINGLE, f"PRT-0{n}", "Stem", choices(1.0, 0.0)) for n in (1, 2)]
    paper = DrawnQuestions(tuple(selection.drawn_question(item, Random(1), 1) for item in items))
    result = attempts.result(paper, [ItemScore(low), ItemScore(1.0)], 0.75, {}, {"PRT-01": 0.6})
    assert result.passed is passed
    assert result.below_floor == (() if passed else ("PRT-01",))
