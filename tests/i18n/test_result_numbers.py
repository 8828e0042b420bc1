"""A result beside its mark: as few decimals as do not contradict whether the mark was reached."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.i18n.babel import with_pass_mark


@pytest.mark.parametrize(
    ("result", "mark", "reached", "shown"),
    [
        (5.0, 7.0, False, ("5", "7")),
        (10 / 3, 10 / 3, True, ("3.3", "3.3")),
        (2.28, 3.72, False, ("2.3", "3.7")),
        (3.31, 3.34, False, ("3.31", "3.34")),
        (3.331, 3.334, False, ("3.331", "3.334")),
    ],
)
def test_rounded_result_never_contradicts_its_pass_mark(
    lite_app: Flask, result: float, mark: float, reached: bool, shown: tuple[str, str]
) -> None:
    with lite_app.test_request_context(), force_locale("en"):
        assert with_pass_mark(result, mark, reached=reached) == shown


def test_numbers_follow_the_language(lite_app: Flask) -> None:
    with lite_app.test_request_context(), force_locale("fr"):
        assert with_pass_mark(2.28, 3.72, reached=False) == ("2,3", "3,7")
