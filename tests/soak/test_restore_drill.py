"""The restore drill at the size of a ministry: 10,000 officers are lost as a whole, restored, and sign in."""

from pathlib import Path

import pytest

from app.backup.queries.invariants import checks
from tests.bench.ground import filled
from tests.support import restored_sites, sites
from tests.support.backup_site import backup_site
from tests.support.examples import FULL
from tests.support.settings import LITE, POSTGRES

OFFICERS = 10_000

pytestmark = [pytest.mark.soak, pytest.mark.skipif(not FULL, reason="10,000 officers: make soak")]


@pytest.mark.parametrize("database", [LITE, pytest.param(POSTGRES, marks=pytest.mark.postgresql)])
def test_site_of_many_officers_is_restored_whole(database: str, tmp_path: Path, worker: str) -> None:
    home = tmp_path / "backup"
    home.mkdir()
    with filled(database, OFFICERS, tmp_path / "filled") as ground, backup_site(ground.app, home) as site:
        made, before = site.make(), restored_sites.site_hashes(site)
        with restored_sites.empty_host(site, home, worker) as host:
            host.restore(made.path)
            assert host.row_hashes() == before
            with host.started() as restored:
                with restored.app_context():
                    assert list(checks.faults()) == []
                officer = ground.person_with("practitioner")
                fields = {"name": officer, "password": ground.password}
                response = sites.post(restored, restored.test_client(), "/sign-in", fields)
                assert (response.status_code, response.location) == (302, "/")
