"""Counts of requests for Prometheus, kept in a folder that all web processes share; `flask metrics` reads it.

By package, method and class of status: no address, person or object is counted.
"""

import os
import time
from pathlib import Path

from flask import Flask, Response, request

from app.web.request_state import request_state

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # limits of the histogram


def init_app(app: Flask, folder: Path) -> None:
    """Count each response of this application in the folder, which is created."""
    folder.mkdir(parents=True, exist_ok=True)
    # the library reads it when it is imported, and then keeps the counts of each process in a file
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = CollectorRegistry()
    requests = Counter("academy_requests_total", "Responses", ["package", "method", "status"], registry=registry)
    seconds = Histogram(
        "academy_request_seconds", "Time to a response", ["package"], buckets=SECONDS, registry=registry
    )

    def count(response: Response) -> Response:
        package = request.blueprint or "none"
        method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
        requests.labels(package, method, f"{response.status_code // 100}xx").inc()
        started = request_state().started
        if started is not None:
            seconds.labels(package).observe(time.perf_counter() - started)
        return response

    app.after_request(count)
