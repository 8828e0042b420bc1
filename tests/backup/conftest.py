from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support import factories
from tests.support.backup_site import BackupSite, backup_site


@pytest.fixture
def backed_up(app: Flask, tmp_path: Path) -> Iterator[BackupSite]:
    """A site with four people that can be backed up."""
    with app.app_context():
        for _ in range(4):
            factories.person()
    with backup_site(app, tmp_path) as site:
        yield site
