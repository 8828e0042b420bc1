import pytest
from flask import Flask

from tests.support.intake_academy import Academy, make


@pytest.fixture
def academy(app: Flask) -> Academy:
    return make(app)


@pytest.fixture
def lite(lite_app: Flask) -> Academy:
    """The same on SQLite alone, for what no table decides."""
    return make(lite_app)
