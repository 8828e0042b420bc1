import pytest

from tests.support.course_authors import TRAINER
from tests.support.examples import views
from tests.support.page_checks import look
from tests.support.visitors import DESKTOP, Invite

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", views("en", "ar"))
def test_pages_for_authors_are_accessible_and_fit_a_phone(visitor: Invite, language: str) -> None:
    trainer = visitor(language, DESKTOP, grants=TRAINER)
    faults = {}
    for name in ("reference", "sources", "terms"):
        trainer.go(f"/teaching/courses/{name}")
        faults[name] = look(trainer, language, thorough=True)
    assert {name: found for name, found in faults.items() if found} == {}
    assert trainer.complaints == []
