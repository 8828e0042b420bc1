import string

import pytest
from hypothesis import given, strategies as st

from app.web.http.redirects import own_path

ELSEWHERE = [
    "",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "http://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "./x",
    "../x",
    " /x",
    "\t/x",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nX: y",
    "/x\r\nSet-Cookie: a=b",
    "/x\x00",
    "/\x0b/evil.example",
    "/x\\y",
    "?next=/x",
    "#x",
    "@evil.example",
    "/x\x7f",
    "/\u2028x",
    "/" + "x" * 500,
    "%2f%2fevil.example",
    "http:///evil.example",
    "//evil.example@own",
    "ftp://x",
]
OWN = [
    "/",
    "/courses",
    "/courses/a?x=1&y=//z",
    "/search?q=http://example.org",
    "/a/b#c",
    "/a:b",
    "/a@b",
    "/%2f%2fevil",
    "/م",
]


@pytest.mark.parametrize("text", ELSEWHERE)
def test_foreign_addresses_are_refused(text: str) -> None:
    assert own_path(text, "/home") == "/home"


@pytest.mark.parametrize("text", OWN)
def test_own_paths_are_kept(text: str) -> None:
    assert own_path(text, "/home") == text


def test_missing_path_leads_to_the_default() -> None:
    assert own_path(None, "/home") == "/home"


@given(st.text(alphabet=string.printable, max_size=12))
def test_accepted_paths_begin_with_one_slash(text: str) -> None:
    kept = own_path(f"/{text}", "/home")
    assert not kept.startswith(("//", "/\\"))
    assert all(sign.isprintable() and sign != "\\" for sign in kept)
