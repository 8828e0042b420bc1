import pickle
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app import cli
from app.i18n import extraction
from tests.support.run_files import make_once


@pytest.fixture(scope="session")
def wanted(run_folder: Path) -> Catalog:
    """All messages of code and templates. To extract them takes seconds, so it happens once for all workers."""
    path = make_once(run_folder, "messages", lambda new: new.write_bytes(pickle.dumps(extraction.extract(cli.SOURCES))))
    catalog: Catalog = pickle.loads(path.read_bytes())
    return catalog
