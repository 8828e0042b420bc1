"""The checks of pages find the faults that they look for."""

import pytest

from tests.support.page_checks import Scheme, look, look_in_both
from tests.support.visitors import DESKTOP, Invite

pytestmark = pytest.mark.browser
FORM = "/settings"
NO_LABEL = "document.querySelector('main').insertAdjacentHTML('beforeend', '<input type=text>')"
PALE = "document.querySelector('main p').style.color = '#999'"
PALE_IN_THE_DARK = "document.querySelector('main p').style.color = '#555'"
SMALL = """{
  const row = document.createElement('div');
  for (let number = 0; number < 3; number += 1) {
    const button = document.createElement('button');
    button.textContent = 'Next';
    button.style.cssText = 'all: unset; display: inline-block; width: 9px; height: 9px; overflow: hidden';
    row.append(button);
  }
  document.querySelector('main').append(row);
}"""
WIDE_ON_A_PHONE = "document.querySelector('main p').style.width = '400px'"
WIDE = "document.querySelector('main p').style.width = '1400px'"
NO_HEADING = "document.querySelector('h1').remove()"
WRONG_DIRECTION = "document.documentElement.dir = document.dir === 'rtl' ? 'ltr' : 'rtl'"


@pytest.mark.parametrize(
    ("change", "language", "thorough", "scheme", "fault"),
    [
        (NO_LABEL, "en", True, "light", "light 320: label"),
        (NO_LABEL, "en", False, "dark", "light 320: label"),
        (PALE, "en", True, "light", "light 320: color-contrast"),
        (PALE_IN_THE_DARK, "en", True, "dark", "dark 320: color-contrast"),
        (SMALL, "en", False, "light", "light 320: target-size"),
        (SMALL, "ar", True, "dark", "light 1280: target-size"),
        (WIDE_ON_A_PHONE, "en", False, "light", "wider than 320"),
        (WIDE_ON_A_PHONE, "ar", True, "light", "wider than 320"),
        (WIDE, "ar", False, "light", "wider than 1280"),
        (NO_HEADING, "en", False, "light", "headings is 0"),
        (NO_HEADING, "ar", False, "light", "headings is 0"),
        (WRONG_DIRECTION, "en", False, "light", "dir is rtl"),
        (WRONG_DIRECTION, "ar", False, "light", "dir is ltr"),
    ],
)
def test_page_with_a_fault_is_reported_in_one_language(
    visitor: Invite, change: str, language: str, thorough: bool, scheme: Scheme, fault: str
) -> None:
    page = visitor(language, DESKTOP).go(FORM)
    page.evaluate(change)
    faults = look_in_both(page, language, thorough=thorough, scheme=scheme)
    assert any(reported.startswith(fault) for reported in faults), faults


@pytest.mark.parametrize(
    ("change", "thorough", "fault"),
    [
        (NO_LABEL, False, "light 320: label"),
        (PALE, True, "light 320: color-contrast"),
        (PALE_IN_THE_DARK, True, "dark 1280: color-contrast"),
        (WIDE_ON_A_PHONE, False, "wider than 320"),
        (WIDE, False, "wider than 1280"),
    ],
)
def test_page_with_a_fault_is_reported_in_each_look(visitor: Invite, change: str, thorough: bool, fault: str) -> None:
    user = visitor("en", DESKTOP)
    user.go(FORM).evaluate(change)
    faults = look(user, "en", thorough=thorough)
    assert any(reported.startswith(fault) for reported in faults), faults


def test_frame_with_a_fault_is_reported_on_request(visitor: Invite) -> None:
    user = visitor("en", DESKTOP)
    user.go(FORM).evaluate("document.querySelector('header').insertAdjacentHTML('beforeend', '<input type=text>')")
    assert look(user, "en", thorough=True) == []
    faults = look(user, "en", thorough=True, with_frame=True)
    assert [fault.split(": <")[0] for fault in faults] == ["light 320: label"]
