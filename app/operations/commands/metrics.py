"""The page `/metrics` for Prometheus, on a port of this machine of its own; `flask metrics` starts it."""

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import Flask
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app.backup.queries import runs as backup_runs
from app.db.server import database_info
from app.db.session import db
from app.kernel import clock
from app.messages import queries as messages
from app.operations import queries
from app.operations.domain import JobState
from app.operations.pages.planned_jobs import planned_jobs
from app.web.settings import settings

HOST = "127.0.0.1"  # never from another machine


class SiteCollector(Collector):
    """The state of jobs, outbox, backups, disks and database, read at each request; no person is counted."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterable[Metric]:
        """Return the measures; without a database only that it is down."""
        with self._app.app_context():
            try:
                measures = list(_measures(clock.real_now()))
            except SQLAlchemyError:
                db.session.rollback()
                measures = []
        up = GaugeMetricFamily("academy_database_up", "Whether the database answers", float(bool(measures)))
        return [up, *measures]


def serve_metrics(app: Flask) -> None:
    """Answer Prometheus at METRICS_PORT on this machine until SIGTERM or SIGINT."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    server, _thread = start_http_server(settings(app).metrics.port, addr=HOST, registry=registry(app))
    stopped.wait()
    server.shutdown()


def registry(app: Flask) -> CollectorRegistry:
    """Return the counts of all web processes, and the state of the site."""
    collected = CollectorRegistry()
    MultiProcessCollector(collected, os.fspath(settings(app).metrics.path))  # type: ignore[no-untyped-call]
    collected.register(SiteCollector(app))
    return collected


def _measures(real_now: datetime) -> Iterator[Metric]:
    lines = queries.lines(planned_jobs(), real_now)
    jobs = GaugeMetricFamily("academy_jobs", "Jobs by state", labels=["state"])
    for state in JobState:
        jobs.add_metric([state], sum(line.state is state for line in lines))
    yield jobs
    mails = GaugeMetricFamily("academy_mails", "Mails of the outbox by state", labels=["state"])
    for mail_state, number in messages.counts().items():
        mails.add_metric([mail_state], number)
    yield mails
    disks = GaugeMetricFamily("academy_disk_free_bytes", "Free space", labels=["disk"])
    for name, disk in queries.disks(settings().files_path).items():
        disks.add_metric([name], disk.free)
    yield disks
    yield GaugeMetricFamily("academy_database_bytes", "Size of the database", database_info.database().size)
    good = backup_runs.summary().good
    if good is not None:
        yield GaugeMetricFamily("academy_last_backup_seconds", "Start of the last backup", good.started_at.timestamp())
