from collections.abc import Iterator

import pytest
from flask import Flask

from app.db.session import db
from app.factory import create_app
from tests.support import sites
from tests.support.settings import settings_for
from tests.support.sites import Site


@pytest.fixture
def site(app: Flask) -> Site:
    return sites.make(app)


@pytest.fixture
def other_worker(app: Flask) -> Iterator[Flask]:
    """A second web worker: another application on the same database."""
    made = create_app(settings_for(app.config["SQLALCHEMY_DATABASE_URI"]))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
