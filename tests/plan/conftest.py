"""A scene on a database of its own for tests that only read."""

from collections.abc import Iterator

import pytest

from app.db.session import db
from app.factory import create_app
from app.kernel import clock
from tests.support import databases, plan_figures as numbers
from tests.support.plan_figures import Scene
from tests.support.settings import NOW, settings_for


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One scene on a database of its own for all tests that only read."""
    app = create_app(settings_for(databases.sqlite_url(tmp_path_factory.mktemp("plan"))))
    with app.app_context():
        db.create_all()
    now = clock.real_now()
    clock.move(lambda: NOW - now)
    yield numbers.make(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
