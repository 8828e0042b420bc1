from dataclasses import replace

import msgspec
import pytest

from app.catalogue.shapes import DocumentText
from app.quizzes.shapes import DocumentView, LineControl, LineField, LineMark

TEXT = DocumentText(id="X01-D01", kind="form", title="Form", language="en", dir="ltr", parts=())
BOX = LineControl(kind="checkbox", name="lines", value="1")
VIEW = DocumentView(text=TEXT, language="en", controls={1: BOX}, fields={2: LineField(name="field-2")})


@pytest.mark.parametrize(
    "view",
    [
        replace(VIEW, fields={2: LineField(name="field-2", value="Selin")}),
        replace(VIEW, controls={1: replace(BOX, checked=True)}),
        replace(VIEW, marks={1: LineMark(word="Counts", kind="done")}),
    ],
)
def test_document_with_answer_or_feedback_of_a_user_has_no_cache_key(view: DocumentView) -> None:
    assert view.cache_key is None


@pytest.mark.parametrize(
    "other",
    [
        replace(VIEW, text=msgspec.structs.replace(TEXT, title="Other form")),
        replace(VIEW, language="ar"),
        replace(VIEW, anchor="second"),
        replace(VIEW, controls={2: BOX}),
        replace(VIEW, controls={1: replace(BOX, name="lines-2")}),
        replace(VIEW, fields={2: LineField(name="field-3")}),
        replace(VIEW, fields={}),
    ],
)
def test_documents_that_look_different_have_different_cache_keys(other: DocumentView) -> None:
    assert VIEW.cache_key is not None
    assert other.cache_key != VIEW.cache_key
    assert replace(VIEW).cache_key == VIEW.cache_key
