"""An S3-compatible store on 127.0.0.1 that checks the signature of each request, and fails as a test says."""

import hashlib
import hmac
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from config import StoreAccess

KEY_ID, SECRET, REGION, BUCKET = "academy-tests", "planted/Secret+of+the+store", "eu-central-1", "academy"
NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


class Fault(Enum):
    """How the store fails: `DROP_UPLOAD` and `DROP_DOWNLOAD` close the connection half way."""

    DROP_UPLOAD = auto()
    DROP_DOWNLOAD = auto()
    FULL = auto()
    READ_ONLY = auto()
    NO_DELETE = auto()
    BROKEN = auto()
    CHANGES_CONTENT = auto()


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it was sent; names of headers are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]

    def signature(self, secret: str) -> str:
        """Return the signature (AWS Signature Version 4) of the request by a secret key."""
        terms = self.authorization()
        _id, day, region, service, _end = terms["Credential"].split("/")
        scope = f"{day}/{region}/{service}/aws4_request"
        digest = hashlib.sha256(self._canonical(terms["SignedHeaders"]).encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{scope}\n{digest}"
        key = f"AWS4{secret}".encode()
        for part in (day, region, service, "aws4_request", text):
            key = hmac.digest(key, part.encode(), "sha256")
        return key.hex()

    def authorization(self) -> dict[str, str]:
        """Return the terms of the header: Credential, SignedHeaders, Signature."""
        _, _, text = self.headers.get("authorization", "").partition(" ")
        return dict(pair.strip().split("=", 1) for pair in text.split(",") if "=" in pair)

    def _canonical(self, signed: str) -> str:
        url = urlsplit(self.target)
        pairs = sorted((quote(name, "-_.~"), quote(value, "-_.~")) for name, value in parse_qsl(url.query, True))
        query = "&".join(f"{name}={value}" for name, value in pairs)
        headers = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in signed.split(";"))
        return "\n".join([self.method, url.path, query, headers, signed, self.headers["x-amz-content-sha256"]])


class ObjectStoreServer(ThreadingHTTPServer):
    """The objects by key, and the requests that arrived whole."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.fault: Fault | None = None
        self.working_requests = 0  # before the fault
        self.faulty_requests = 10**6  # until it ends
        self.requests: list[str] = []
        self.scheme = "http"

    def access(self, **changes: str) -> StoreAccess:
        """Return the settings with which the academy reaches this store."""
        right = {"endpoint": self.endpoint, "region": REGION, "key_id": KEY_ID, "secret": SECRET}
        return StoreAccess(**right | changes)

    @property
    def endpoint(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    def fails(self, *faults: Fault) -> bool:
        if self.fault not in faults:
            return False
        if self.working_requests:
            self.working_requests -= 1
            return False
        self.faulty_requests -= 1
        return self.faulty_requests >= 0

    def speak_tls(self, certificate: Path, key: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "https"

    def handle_error(self, *_arguments: object) -> None:
        pass  # clients that hang up


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ObjectStoreServer

    def log_message(self, *_arguments: object) -> None:
        pass

    def do_PUT(self) -> None:
        if self.server.fails(Fault.DROP_UPLOAD):
            self.rfile.read(int(self.headers["Content-Length"]) // 2)
            self._hang_up()
            return
        body = self._checked()
        if body is None or self._refuses(Fault.FULL, Fault.READ_ONLY, Fault.BROKEN):
            return
        if self.server.fails(Fault.CHANGES_CONTENT):
            body = bytes([body[0] ^ 1]) + body[1:]
        self.server.objects[self._key()] = body
        self._answer(200, b"", {"ETag": f'"{hashlib.sha256(body).hexdigest()}"'})

    def do_GET(self) -> None:
        if self._checked() is None or self._refuses(Fault.BROKEN):
            return
        query = dict(parse_qsl(urlsplit(self.path).query))
        if "list-type" in query:
            self._answer(200, self._listing(query.get("prefix", "")))
        else:
            self._send_object()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        if self._checked() is None or self._refuses(Fault.READ_ONLY, Fault.NO_DELETE, Fault.BROKEN):
            return
        self.server.objects.pop(self._key(), None)
        self._answer(204, b"")

    def _send_object(self) -> None:
        content = self.server.objects.get(self._key())
        if content is None:
            self._fail(404, "NoSuchKey")
            return
        headers = {
            "ETag": f'"{hashlib.sha256(content).hexdigest()}"',
            "Last-Modified": formatdate(0, usegmt=True),
            "Content-Length": str(len(content)),
        }
        status, first = 200, 0
        if wanted := self.headers.get("Range"):
            first = int(wanted.removeprefix("bytes=").partition("-")[0])
            last = wanted.rpartition("-")[2]
            end = int(last) + 1 if last else len(content)
            status, headers["Content-Range"] = 206, f"bytes {first}-{min(end, len(content)) - 1}/{len(content)}"
            part = content[first:end]
            headers["Content-Length"] = str(len(part))
        else:
            part = content
        if self.server.fails(Fault.DROP_DOWNLOAD):
            self._answer(status, part[: len(part) // 2], headers)
            self._hang_up()
        else:
            self._answer(status, part, headers)

    def _checked(self) -> bytes | None:
        """Return the body of a request whose signature, bucket and hash are right; answer another one."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.requests.append(f"{self.command} {self.path}")
        request = SignedRequest(self.command, self.path, {name.lower(): text for name, text in self.headers.items()})
        terms = request.authorization()
        if not terms:
            self._fail(403, "AccessDenied")
        elif terms["Credential"].partition("/")[0] != KEY_ID:
            self._fail(403, "InvalidAccessKeyId")
        elif terms["Credential"].split("/")[2] != REGION:
            self._fail(400, "AuthorizationHeaderMalformed")
        elif not hmac.compare_digest(request.signature(SECRET), terms["Signature"]):
            self._fail(403, "SignatureDoesNotMatch")
        elif request.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            self._fail(400, "XAmzContentSHA256Mismatch")
        elif unquote(self.path).split("?")[0].split("/")[1] != BUCKET:
            self._fail(404, "NoSuchBucket")
        else:
            return body
        return None

    def _refuses(self, *faults: Fault) -> bool:
        answers = {
            Fault.FULL: (507, "XMinioStorageFull"),
            Fault.READ_ONLY: (403, "AccessDenied"),
            Fault.NO_DELETE: (403, "AccessDenied"),
            Fault.BROKEN: (500, "InternalError"),
        }
        fault = self.server.fault
        if fault is None or not self.server.fails(*faults):
            return False
        self._fail(*answers[fault])
        return True

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).split("/", 2)[2]

    def _listing(self, prefix: str) -> bytes:
        entries = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2027-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>&quot;{hashlib.sha256(content).hexdigest()}&quot;</ETag><Size>{len(content)}</Size></Contents>"
            for key, content in sorted(self.server.objects.items())
            if key.startswith(prefix)
        )
        return (
            f"<ListBucketResult {NAMESPACE}><Name>{BUCKET}</Name><IsTruncated>false</IsTruncated>{entries}"
            "</ListBucketResult>"
        ).encode()

    def _fail(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True


@contextmanager
def object_store_server() -> Iterator[ObjectStoreServer]:
    """Run an empty store with one bucket."""
    server = ObjectStoreServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def contents(server: ObjectStoreServer, prefix: str) -> dict[str, bytes]:
    """Return the objects of a prefix by the rest of their keys."""
    return {key.removeprefix(prefix): content for key, content in server.objects.items() if key.startswith(prefix)}
