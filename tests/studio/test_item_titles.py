import pytest

from app.catalogue.domain.items import Gap, Gaps, Item, ItemKind, Open, Passage, Passages
from app.studio.domain.item_titles import item_title


def _item(stem: str, answers: Gaps | Passages | Open) -> Item:
    return Item(id="T10-Q01", kind=ItemKind.GAPS, competency="PRT-01", stem=stem, answers=answers)


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("Which **sign** is *strongest*?\n\n![A lamp](media/p.png)", "Which sign is strongest? A lamp"),
        ("See [the rule](https://example.org/rule).", "See the rule."),
        ("2 * 3 * 4 is the area, 5** is not.", "2 * 3 * 4 is the area, 5** is not."),
    ],
)
def test_title_is_plain_text(stem: str, title: str) -> None:
    assert item_title(_item(stem, Open(("Criterion", "Yes", "No"), ()))) == title


def test_question_without_wording_is_named_by_its_text_with_gaps() -> None:
    gaps = Gaps(("The seat is in ", " today."), (Gap("typed", ("Vienna",)),))
    assert item_title(_item("", gaps)) == "The seat is in ___ today."
    passages = Passages(("She ", " a phone."), (Passage("lost", right=True),))
    assert item_title(_item("", passages)) == "She lost a phone."
