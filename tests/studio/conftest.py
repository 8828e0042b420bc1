from collections.abc import Iterator

import pytest

from app.db.stores import object_store
from tests.support.object_store_server import ObjectStoreServer, object_store_server


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStoreServer]:
    """An object store; the academy does not repeat a failed request to it."""
    monkeypatch.setattr(object_store, "RETRIES", 0)
    with object_store_server() as running:
        yield running
