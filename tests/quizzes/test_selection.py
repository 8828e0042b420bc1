from collections import Counter

import msgspec
import pytest
from hypothesis import assume, given, strategies as st

from app.catalogue.domain import items
from app.catalogue.domain.courses import Draw
from app.catalogue.domain.items import Bank, Item, ItemForm, ItemKind, Level
from app.quizzes.domain.selection import (
    DrawnQuestions,
    ShortBankError,
    draw,
    from_stored,
    pass_mark_of,
    practice_question,
    scaled,
    to_stored,
)
from tests.quizzes import banks

blueprints = st.lists(
    st.builds(Draw, competency=st.sampled_from(["A-01", "B-01", "C-01"]), items=st.integers(0, 3)), max_size=4
).map(tuple)
forms = st.sampled_from([None, ItemForm.A, ItemForm.B])
seeds = st.integers(0, 2**63 - 1)


def single(number: int, form: ItemForm | None = None, competency: str = "A-01") -> Item:
    return Item(f"M01-Q{number:02}", ItemKind.SINGLE, competency, "Stem", banks.SINGLE.answers, form=form)


def bank(*forms_of: ItemForm | None) -> Bank:
    return Bank(tuple(single(number, form) for number, form in enumerate(forms_of)))


def ids(paper: DrawnQuestions) -> set[str]:
    return {item.id for item in paper.items}


NEVER = (ItemForm.RESERVE, ItemForm.PRACTICE)  # asked in no test


@given(banks.banks(), blueprints, forms, seeds)
def test_a_paper_is_the_blueprint_or_the_bank_is_short(
    found: Bank, blueprint: tuple[Draw, ...], form: ItemForm | None, seed: int
) -> None:
    wanted: Counter[str] = Counter()
    for need in blueprint:
        wanted[need.competency] += need.items
    usable = Counter(
        item.competency
        for item in found.items
        if item.kind is not ItemKind.OPEN and (item.form in (form, None) if form else item.form not in NEVER)
    )
    try:
        paper = draw(found, blueprint, form=form, seed=seed)
    except ShortBankError:
        assert any(usable[competency] < count for competency, count in wanted.items())
        return
    assert Counter(item.competency for item in paper.items) == +wanted
    assert len(ids(paper)) == len(paper.questions)
    assert all(item.form not in NEVER and item.kind is not ItemKind.OPEN for item in paper.items)
    assert form is None or all(item.form in (form, None) for item in paper.items)


@given(banks.banks(), blueprints, forms, seeds)
def test_the_same_seed_draws_the_same_paper(
    found: Bank, blueprint: tuple[Draw, ...], form: ItemForm | None, seed: int
) -> None:
    try:
        paper = draw(found, blueprint, form=form, seed=seed)
    except ShortBankError:
        assume(False)
    assert draw(found, blueprint, form=form, seed=seed) == paper
    assert msgspec.json.decode(msgspec.json.encode(paper), type=DrawnQuestions) == paper


@given(banks.banks(), seeds)
def test_orders_show_everything_once(found: Bank, seed: int) -> None:
    live = [item for item in found.items if item.kind is not ItemKind.OPEN and item.form not in NEVER]
    everything = [Draw(competency, count) for competency, count in Counter(one.competency for one in live).items()]
    for question in draw(found, everything, form=None, seed=seed).questions:
        match question.item.answers:
            case items.Choices(options=options):
                assert sorted(question.order) == list(range(len(options)))
                if question.item.kind is ItemKind.TRUEFALSE or not question.item.shuffle:
                    assert question.order == tuple(range(len(options)))
            case items.Order():
                assert sorted(question.order) == [0, 1, 2, 3]
            case items.Match():
                assert sorted(question.order) == [0, 1, 2]
            case items.Sort():
                assert sorted(question.order) == [0, 1, 2]
            case items.Gaps():
                assert question.gap_orders[0] == ()
                assert sorted(question.gap_orders[1]) == [0, 1, 2]
                if not question.item.shuffle:
                    assert question.gap_orders[1] == (0, 1, 2)
            case _:
                assert question.order == ()


def test_seeds_shuffle_options_and_questions() -> None:
    papers = [draw(bank(None, None, None), [Draw("A-01", 3)], form=None, seed=seed) for seed in range(40)]
    assert len({question.order for paper in papers for question in paper.questions}) > 15
    assert len({tuple(item.id for item in paper.items) for paper in papers}) == 6


@pytest.mark.parametrize("seed", range(10))
def test_the_form_comes_first_and_items_without_form_fill_up(seed: int) -> None:
    found = bank(ItemForm.B, ItemForm.A, None, ItemForm.B, None)
    assert ids(draw(found, [Draw("A-01", 2)], form=ItemForm.B, seed=seed)) == {"M01-Q00", "M01-Q03"}
    assert ids(draw(found, [Draw("A-01", 3)], form=ItemForm.B, seed=seed)) > {"M01-Q00", "M01-Q03"}
    with pytest.raises(ShortBankError):
        draw(found, [Draw("A-01", 5)], form=ItemForm.B, seed=seed)


@pytest.mark.parametrize("seed", range(10))
def test_items_seen_lately_come_last(seed: int) -> None:
    found = bank(ItemForm.B, ItemForm.B, None)
    seen = frozenset({"M01-Q00"})
    assert "M01-Q00" not in ids(draw(found, [Draw("A-01", 2)], form=ItemForm.B, seed=seed, avoid=seen))
    assert len(ids(draw(found, [Draw("A-01", 3)], form=ItemForm.B, seed=seed, avoid=seen))) == 3


@pytest.mark.parametrize("seed", range(10))
def test_a_draw_of_one_level_takes_no_item_of_another(seed: int) -> None:
    levels = (Level.FOUNDATION, Level.PRACTITIONER, Level.PRACTITIONER)
    found = Bank(tuple(msgspec.structs.replace(single(n), level=level) for n, level in enumerate(levels)))
    wanted = [Draw("A-01", 2, Level.PRACTITIONER), Draw("A-01", 1, Level.FOUNDATION)]
    assert ids(draw(found, wanted[:1], form=None, seed=seed)) == {"M01-Q01", "M01-Q02"}
    assert len(ids(draw(found, wanted, form=None, seed=seed))) == 3
    assert [one.level for one in scaled(wanted, 6)] == [one.level for one in wanted]
    with pytest.raises(ShortBankError):
        draw(found, [Draw("A-01", 2, Level.FOUNDATION)], form=None, seed=seed)


def test_single_entry_is_shown_in_its_position() -> None:
    found = Bank((banks.item(ItemKind.ORDER, items.Order(banks.entries(1))),))
    assert draw(found, [Draw("LRE-01", 1)], form=None, seed=1).questions[0].order == (0,)


def test_right_cells_with_the_same_words_are_shown_once() -> None:
    found = draw(Bank((banks.MATCH,)), [Draw("LRE-01", 1)], form=None, seed=3)
    assert sorted(found.questions[0].order) == [0, 1, 2]


def test_a_question_knows_its_revision() -> None:
    paper = draw(bank(None, None), [Draw("A-01", 2)], form=None, seed=1, revisions={"M01-Q01": 4})
    assert {question.item.id: question.revision for question in paper.questions} == {"M01-Q00": 1, "M01-Q01": 4}


@given(blueprints, st.integers(0, 20))
def test_a_scaled_blueprint_has_the_total_and_keeps_shares(blueprint: tuple[Draw, ...], total: int) -> None:
    full = sum(need.items for need in blueprint)
    assert sum(need.items for need in scaled(blueprint, total)) == (total if full else 0)
    assert scaled(blueprint, full) == tuple(need for need in blueprint if need.items)


def test_the_pass_mark_is_the_mean_of_judged_items() -> None:
    judged = [msgspec.structs.replace(banks.SINGLE, pass_value=value) for value in (0.6, 0.8, None)]
    assert pass_mark_of(judged) == pytest.approx(0.7)
    assert pass_mark_of([banks.SINGLE]) is None


@given(banks.banks(), blueprints, seeds)
def test_a_paper_kept_as_slips_is_the_same_paper(found: Bank, blueprint: tuple[Draw, ...], seed: int) -> None:
    try:
        paper = draw(found, blueprint, form=None, seed=seed, revisions={"M01-Q01": 3})
    except ShortBankError:
        assume(False)
    assert from_stored(to_stored(paper), {item.id: item for item in found.items}) == paper


def test_items_of_the_lessons_come_behind_those_seen_lately() -> None:
    avoid, last = frozenset({"M01-Q01"}), frozenset({"M01-Q02"})
    found = bank(None, None, None)
    for count, expected in ((1, {"M01-Q00"}), (2, {"M01-Q00", "M01-Q01"})):
        paper = draw(found, (Draw("A-01", count),), form=ItemForm.B, seed=1, avoid=avoid, last=last)
        assert ids(paper) == expected


def test_an_item_asked_alone_keeps_its_order() -> None:
    assert practice_question(banks.SINGLE) == practice_question(banks.SINGLE)
    assert practice_question(banks.ORDER) == practice_question(banks.ORDER)


@pytest.mark.parametrize("kind", [ItemKind.ORDER, ItemKind.SORT, ItemKind.MATCH])
def test_order_shown_depends_on_texts_and_not_on_the_key(kind: ItemKind) -> None:
    """Two items whose keys differ show the same texts in the same order."""
    first, second = banks.with_other_key(kind)
    assert banks.shown_texts(practice_question(first)) == banks.shown_texts(practice_question(second))
