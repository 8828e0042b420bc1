"""Metrics of a site: its state, and the requests that several web processes counted."""

from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client import generate_latest
from sqlalchemy.exc import OperationalError

from app.messages import queries as messages
from app.operations.commands import metrics
from app.web import settings as site_settings
from app.web.settings import settings
from config import Metrics
from tests.support import forked_commands, live
from tests.support.polling import look_until

PATHS = ("/about", "/about?name=secret", "/people/secret", "/sign-in")


@pytest.fixture
def counted(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A site whose metrics are in a folder."""
    before = settings(app)
    site_settings.init_app(app, replace(before, metrics=Metrics(9, tmp_path / "metrics")))
    (tmp_path / "metrics").mkdir()
    yield app
    site_settings.init_app(app, before)


def _measures(app: Flask) -> str:
    return generate_latest(metrics.registry(app)).decode()


def test_state_of_jobs_outbox_disk_and_database_is_measured(counted: Flask) -> None:
    text = _measures(counted)
    assert f'academy_jobs{{state="never"}} {len(counted.extensions["jobs"])}.0' in text
    assert 'academy_mails{state="given_up"} 0.0' in text
    assert "academy_database_up 1.0" in text
    assert "academy_disk_free_bytes" in text


def test_site_without_a_database_is_reported_as_down(counted: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(messages, "counts", fail)
    text = _measures(counted)
    assert "academy_database_up 0.0" in text
    assert "academy_jobs" not in text


@pytest.mark.soak
def test_counts_of_web_processes_are_read_on_a_loopback_port_without_addresses(tmp_path: Path) -> None:
    port, url = live.free_port(), f"sqlite:///{tmp_path / 'academy.sqlite'}"
    more = {"METRICS_PORT": str(port), "METRICS_PATH": str(tmp_path / "metrics")}
    environment = live.environment(tmp_path, url, 8000, more)
    with live.database(url):
        for _ in range(2):  # two processes, whose counts are added
            code, output = forked_commands.request(environment, *PATHS)
            assert (code, output.splitlines()[-1]) == (0, "[200, 200, 404, 200]"), output
        log = tmp_path / "log"
        process = forked_commands.begin(environment, log, "metrics")
        try:
            look_until(lambda: _get(port) != "")
            text = _get(port)
        finally:
            process.terminate()
            code = process.wait()
    assert (code, log.read_text()) == (0, "")
    assert 'academy_requests_total{method="GET",package="about",status="2xx"} 4.0' in text
    assert 'academy_request_seconds_count{package="sign_in"} 2.0' in text
    assert "secret" not in text
    assert {path.suffix for path in (tmp_path / "metrics").iterdir()} == {".db"}


def _get(port: int) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    except OSError:
        return ""
    finally:
        connection.close()
