import string

import msgspec
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.problems import Weight
from app.catalogue.domain.references.texts import (
    Text,
    Texts,
    Wanted,
    blocks_of_texts,
    check_texts,
    read_texts,
    write_texts,
)
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.translations import Front
from tests.support.examples import examples

FILE = """---
follows: 7c1e04 -
state: draft
---

# كفاءات

مقدمة.

## LRE-01
تطبيق التعريف

النص الأول.

```
## no heading
- foundation: no part
```

- foundation: يسمي
  الأركان
- validity: ثابت
"""

WORDS = st.text(alphabet=string.ascii_letters + "äéشب .,:%()", min_size=1, max_size=40).map(
    lambda text: f"A{text}".strip()
)
BLOCKS = st.builds(
    Text,
    id=st.from_regex(r"[A-Z]{2,4}-[0-9]{2}", fullmatch=True),
    title=WORDS,
    body=st.lists(WORDS, max_size=3).map("\n\n".join),
    parts=st.dictionaries(
        st.sampled_from(["foundation", "unit", "validity"]), st.lists(WORDS, min_size=1, max_size=2).map("\n".join)
    ),
)


def read(text, file="x.en.md"):
    return read_texts(TextFile(file, text))


def without_lines(texts):
    blocks = tuple(msgspec.structs.replace(block, line=0) for block in texts.blocks)
    return msgspec.structs.replace(texts, blocks=blocks)


def test_front_title_body_code_and_parts_are_read():
    texts, problems = read(FILE)
    assert problems == []
    assert texts.front == Front(("7c1e04", "-"))
    assert (texts.title, texts.intro) == ("كفاءات", "مقدمة.")
    block = texts.get("LRE-01")
    assert block is not None
    assert block.line == 10
    assert block.body.startswith("النص الأول.")
    assert "- foundation: no part" in block.body
    assert block.parts == {"foundation": "يسمي\nالأركان", "validity": "ثابت"}


def test_writing_what_was_read_changes_nothing():
    assert write_texts(read(FILE)[0]) == FILE


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(BLOCKS, unique_by=lambda block: block.id, max_size=4), st.sampled_from(["", "A title"]))
def test_texts_survive_writing_and_reading(blocks, title):
    texts = Texts("x.en.md", tuple(blocks), title)
    again, problems = read(write_texts(texts))
    assert problems == []
    assert without_lines(again) == texts
    assert write_texts(again) == write_texts(texts)


def test_every_problem_of_a_file_has_its_line():
    _, problems = read(
        "## A-1\nOne\n\n## A-1\nTwo\n\n## bad id\nThree\n\n## A-2\n\n## A-3\nT\n- unit: x\n- unit: y\nz\n"
    )
    assert [problem.line for problem in problems] == [7, 10, 15, 16, 4]
    assert "line 1" in str(problems[-1])


def test_missing_and_unknown_texts_are_problems():
    wanted = {"A-1": Wanted(("unit",)), "A-2": Wanted()}
    source = read("## A-1\nOne\n\n- unit: x\n\n## A-2\nTwo\n")[0]
    draft = read("## A-1\nUn\n\n## B-9\nRien\n", "x.fr.md")[0]
    problems = check_texts({"en": source, "fr": draft}, wanted)
    assert [(m.line, m.weight, m.values["id"]) for m in problems] == [
        (4, Weight.WARNING, "A-2"),
        (1, Weight.WARNING, "A-1"),
        (4, Weight.ERROR, "B-9"),
    ]


def test_a_part_that_the_source_language_lacks_is_an_error():
    problems = check_texts({"en": read("## A-1\nOne\n\n- unti: x\n")[0]}, {"A-1": Wanted(("unit",))})
    assert [str(m).split(": ", 2)[2] for m in problems] == [
        "A-1 has no part named unti. Parts it may have: unit.",
        "A-1 lacks the part unit. Add a line - unit: and the text.",
    ]


def test_blocks_leave_out_ids_and_names_of_parts():
    assert blocks_of_texts(read("## A-1\nOne\n\nBody\n\n- unit: x\n\n## A-2\nTwo\n")[0]) == ["One\n\nBody\n\nx", "Two"]


def test_a_file_without_texts_is_read():
    assert read("# A title\n") == (Texts("x.en.md", title="A title"), [])
