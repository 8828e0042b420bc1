from uuid import uuid4

import pytest

from app.access.policy import Role, Scope
from tests.support.page_checks import look
from tests.support.visitors import DESKTOP, Invite

pytestmark = pytest.mark.browser
TRAINER = ((Role.TRAINER, Scope.EVENT, str(uuid4())),)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", ["reference", "sources", "terms"])
def test_pages_for_authors_are_accessible_and_fit_a_phone(visitor: Invite, name: str, language: str) -> None:
    trainer = visitor(language, DESKTOP, grants=TRAINER)
    trainer.go(f"/teaching/courses/{name}")
    assert look(trainer, language, thorough=True) == []
    assert trainer.complaints == []
