from itertools import product
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, Sensitivity, allows
from app.db.session import db, transaction
from app.search import queries, service
from app.search.models import SearchBlock
from app.search.service import Block

pytestmark = pytest.mark.each_database


def _actor(*roles: Role) -> Actor:
    return Actor(uuid4(), "IQ", frozenset(roles))


READER = _actor(Role.PRACTITIONER)


def _block(
    text: str, *, title: str = "Lesson", language: str = "en", mark: Sensitivity = Sensitivity.UNRESTRICTED
) -> Block:
    return Block(language=language, sensitivity=mark, title=title, path="/courses/m01", text=text, anchor="h-1")


def _put(*blocks: Block, ref: str = "v1") -> None:
    with transaction():
        service.replace_blocks("lesson", ref, blocks)


def _found(text: str, *, actor: Actor = READER, language: str = "en") -> list[str]:
    return ["".join(part.text for part in hit.parts) for hit in queries.find(text, actor=actor, language=language)]


@pytest.mark.usefixtures("context")
def test_all_words_must_be_there_and_may_go_on() -> None:
    _put(_block("wages were withheld"), _block("wages were paid"))
    assert _found("wage withh") == ["wages were withheld"]
    assert _found("withheld stolen") == []


@pytest.mark.usefixtures("context")
def test_a_title_is_found_once_and_not_with_every_block() -> None:
    _put(_block("text", title="Debt bondage"), _block("Debt bondage", title="Debt bondage"))
    assert _found("bondage") == ["Debt bondage"]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("قال إنَّ الاتجـارَ بالأشخاص جريمة،", "الاتجار بالاشخاص جريمه"),
        ("وجود علی در کتاب", "على كتاب"),
        ("বাংলা ভাষায় লেখা", "ভাষা"),
        ("Ћуприја и Đakovo", "dakovo"),
        ("The STRAẞE of Šabac", "strasse sabac"),
        ("version 1e5 and 0012, 3.5 and a-b", "1e5 0012 3 5 a b"),
        ("item M01-Q03", "m01-q03"),
    ],
)
def test_question_and_text_are_folded_alike(text: str, asked: str) -> None:
    _put(_block(text))
    assert len(_found(asked)) == 1


@pytest.mark.usefixtures("context")
def test_own_language_comes_first() -> None:
    _put(_block("M01 M01 M01", language="en"), _block("M01 et tout le reste du texte", language="fr"))
    assert _found("m01", language="fr") == ["M01 et tout le reste du texte", "M01 M01 M01"]
    assert _found("m01", language="en")[0] == "M01 M01 M01"


@pytest.mark.usefixtures("context")
def test_the_better_block_comes_first() -> None:
    _put(_block("a word about debt " + "and other things " * 20), _block("debt, debt, debt"))
    assert _found("debt")[0] == "debt, debt, debt"


@pytest.mark.usefixtures("context")
def test_put_again_replaces_and_withdraw_removes() -> None:
    _put(_block("old text"))
    _put(_block("other text"), ref="v2")
    _put(_block("new text"))
    assert (_found("old"), _found("new"), _found("other")) == ([], ["new text"], ["other text"])
    with transaction():
        service.delete_blocks("lesson", "v1")
    assert (_found("new"), _found("other")) == ([], ["other text"])


def _put_and_fail() -> None:
    service.replace_blocks("lesson", "v1", [_block("lost text")])
    raise NoResultFound


@pytest.mark.usefixtures("context")
def test_rolled_back_block_is_not_found() -> None:
    with pytest.raises(NoResultFound), transaction():
        _put_and_fail()
    assert _found("lost") == []


@pytest.mark.usefixtures("context")
def test_count_is_of_all_pages() -> None:
    _put(*(_block(f"debt number {n}") for n in range(7)))
    pages = [queries.find("debt", actor=READER, language="en", limit=3, offset=at) for at in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({hit.parts for page in pages for hit in page}) == 7
    assert queries.count("debt", actor=READER) == 7


@pytest.mark.usefixtures("context")
def test_sql_condition_equals_policy_of_courses() -> None:
    _put(*(_block(f"debt {mark}", mark=mark) for mark in Sensitivity))
    for role, mark in product((None, *Role), Sensitivity):
        actor = _actor(*([role] if role else []))
        block = db.session.query(SearchBlock).filter_by(sensitivity=mark).one()
        found = f"debt {mark}" in _found("debt", actor=actor)
        assert found == allows(actor, Action.READ_COURSE, block)
        assert queries.count("debt", actor=actor) == len(_found("debt", actor=actor))


@pytest.mark.usefixtures("context")
def test_further_refs_add_no_other_course() -> None:
    secret = Sensitivity.PARTICIPANTS_ONLY
    _put(_block("debt in a lesson", mark=secret), ref="one")
    with transaction():
        for ref in ("one", "two"):
            service.replace_blocks("workshop", ref, [_block(f"debt in event {ref}", mark=secret)])
    reader = _actor(Role.COORDINATOR)

    def found(further: queries.Further) -> list[str]:
        hits = queries.find("debt", actor=reader, language="en", further=further)
        assert queries.count("debt", actor=reader, further=further) == len(hits)
        assert {hit.kind for hit in hits} <= {"workshop"}
        return sorted(hit.ref for hit in hits)

    assert found({}) == []
    assert found({"workshop": []}) == []
    assert found({"workshop": ["two"]}) == ["two"]
    assert found({"workshop": None}) == ["one", "two"]


HOSTILE = (
    "", "   ", '"', '"""', "*", "a*", '"a', "a AND", "NOT", "NEAR(a b)", "a OR b", "folded:a", "^a", "-a", "a + b",
    "(", "{a b}", "'", "''", "';--", "a & | !b", "a:*", "<->", "a <2> b", "\\", "%", "_", "\0", "a\0b", "\ud800",
    "x" * 10_000, "é" * 10_000, "اب " * 5_000, "\u202e", "\u0301", "½ ² ⅷ", "𝔞𝔟𝔠", "\U0001f600", "\ufdfa",
)  # fmt: skip


@pytest.mark.usefixtures("context")
def test_search_never_fails_for_any_question() -> None:
    _put(_block("a and b"))
    for question in HOSTILE:
        assert isinstance(_found(question), list)
        assert queries.count(question, actor=READER) >= 0


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=250))
def test_index_never_fails_for_any_text(context: Flask, asked: str) -> None:
    assert _found(asked) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(categories=["L", "N", "Mn"], exclude_characters="\0"), min_size=1, max_size=20))
def test_text_is_found_by_its_own_words(context: Flask, text: str) -> None:
    _put(_block(text))
    assert _found(text) == ([" ".join(text.split())] if queries.domain.question(text) else [])
