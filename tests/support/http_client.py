"""A reader over HTTP: one connection kept open, cookies, tokens, redirects."""

import gzip
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import brotli
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; `size` is the transferred body in bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    size: int

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def to(self) -> str:
        return self.headers.get("location", "")

    def json(self) -> Any:
        return json.loads(self.body)


class Visit:
    """A browser without a window."""

    def __init__(self, port: int, *, timeout: float = 20) -> None:
        self.port = port
        self.timeout = timeout
        self.head: dict[str, str] = {}  # sent with every request
        self.cookies: dict[str, str] = {}
        self.token = ""
        self._connection: HTTPConnection | None = None

    def get(self, path: str, head: Mapping[str, str] | None = None) -> Answer:
        return self._send("GET", path, None, dict(head or {}))

    def page(self, path: str, head: Mapping[str, str] | None = None) -> Answer:
        """Ask for a page; raise AssertionError when it is not what comes."""
        answer = self.get(path, head)
        assert answer.status == 200, (path, answer.status, answer.text[:300])
        return answer

    def post(self, path: str, fields: Mapping[str, str] | None = None) -> Answer:
        body = urlencode({**(fields or {}), "csrf_token": self.token}).encode()
        return self._send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def post_json(self, path: str, body: object) -> Answer:
        head = {"Content-Type": "application/json", "X-CSRF-Token": self.token}
        return self._send("POST", path, json.dumps(body).encode(), head)

    def post_file(self, path: str, name: str, content: bytes) -> Answer:
        """Send a file as the field "file" of a form."""
        values = {"file": FileStorage(io.BytesIO(content), name), "csrf_token": self.token}
        boundary, body = encode_multipart(values)
        return self._send("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def sign_in(self, name: str, password: str) -> Answer:
        """Sign in by the form; raise AssertionError when that fails."""
        self.get("/sign-in")
        answer = self.post("/sign-in", {"name": name, "password": password})
        assert answer.status == 302, (answer.status, answer.text[:300])
        return answer

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, body: bytes | None, head: Mapping[str, str]) -> Answer:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**self.head, **head, "Accept-Encoding": "gzip, br", **({"Cookie": cookies} if cookies else {})}
        try:
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
            raw = response.read()
        except BaseException:
            self.close()
            raise
        self._keep(response.headers.get_all("Set-Cookie") or [])
        headers = {name.lower(): value for name, value in response.getheaders()}
        text = UNPACK.get(headers.get("content-encoding", ""), bytes)(raw)
        if headers.get("content-type", "").startswith("text/html") and (match := TOKEN.search(text.decode())):
            self.token = match.group(1)
        return Answer(response.status, headers, text, len(raw))

    def _keep(self, headers: list[str]) -> None:
        for header in headers:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
