from pathlib import Path

import pytest

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.items import ItemKind
from app.catalogue.domain.statistics import prose_sentences, tally, word_count

HERE = Path(__file__).parent / "courses"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One two three. Four five!", 5),
        ("- one two\n- three", 3),
        ("| one two | three |\n|---|:--|\n| four | five six |", 6),
        ("Read [[forced-labour]] and [[x|the list]] [@tip-protocol, art. 3(a)] now.", 7),
        ("![A picture of five words](../media/a.svg \"x\")", 0),
        ("/// note | Title\n**Bold** words.\n///", 2),
        ("## What you need\nOne two.", 2),
        ("", 0),
    ],
)  # fmt: skip
def test_words_are_counted_without_markup(text: str, count: int) -> None:
    assert word_count(text) == count


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("One two three. Four five!", [3, 2]),
        ('He said: "Go now." Then he went; she stayed.', [4, 5]),
        ("- one two\n- three\n\nOne two.", [2]),
        ("| one two | three |\n|---|:--|\n| four | five six |", []),
        ("/// note | Title\n**Bold** words.\n///", [2]),
        ("/// card | Title\n1. One two.\n///\n\nOne two three.", [3]),
        ("## What you need\n\nOne two [@tip-protocol].", [2]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_of_prose_are_counted(text: str, counts: list[int]) -> None:
    assert prose_sentences(text) == counts


def test_statistics_of_a_course() -> None:
    folder = read_folder(files_on_disk(HERE))[0].courses["harbour-watch"]
    counted = tally(folder)
    assert [one.slug for one in counted.lessons] == [entry.slug for entry in folder.course.lessons]
    assert all(one.word_count and one.mean for one in counted.lessons)
    assert sum(counted.items.values()) == len(folder.banks["en"].items)
    assert {kind for kind, _form in counted.items} <= set(ItemKind)
    assert counted.decisions
    assert set(counted.states) == {"ar"}
