"""The limits of markup are those of a child process for each request."""

from collections.abc import Iterator

import pytest

from tests.support import shared_work
from tests.support.shared_work import SharedChild


@pytest.fixture(scope="module", autouse=True)
def own_child(shared_child: SharedChild) -> Iterator[None]:
    """Start a child for each request."""
    shared_work.render_with(shared_work.exchange_with_own_child)
    yield
    shared_work.render_with(shared_child.exchange)
