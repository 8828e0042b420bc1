"""Objects below a path of an S3-compatible store: put, get, list, delete; errors in words that say what to do.

The library is imported when a store is used. Its errors are not passed on: their texts show requests.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from config import StoreAccess, StorePath

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Store

T = TypeVar("T")
RETRIES = 3  # of the library, of requests that can be repeated
_CODE = re.compile(r"<Code>(\w+)</Code>")
_STATUS = re.compile(r"status code: (\d{3})")


@dataclass(frozen=True, slots=True)
class StoreLimits:
    """Limits in seconds: to connect, between two parts of a response, of a response, and until the last retry."""

    connect: int
    read: int
    whole: int
    retry: int


PATIENT, QUICK = StoreLimits(10, 60, 600, 180), StoreLimits(2, 5, 30, 5)  # for jobs and commands, and for web pages


class StoreError(Exception):
    """The store did not do what was asked; the message says why and what to do."""


class MissingObjectError(StoreError):
    """There is no such object."""


class ObjectStore:
    """The objects below a path, by the rest of their keys."""

    def __init__(self, access: StoreAccess, path: StorePath, limits: StoreLimits = PATIENT) -> None:
        self.access, self.path = access, path
        self._client = _client(access, path.bucket, limits)

    def put(self, name: str, content: bytes) -> None:
        """Write an object whole; the store checks the signed SHA-256 of what arrived."""
        import obstore

        self._call("write", lambda: obstore.put(self._client, self._key(name), content, use_multipart=False))

    def get(self, name: str) -> bytes:
        """Return an object. Raises MissingObjectError."""
        import obstore

        return self._call("read", lambda: bytes(obstore.get(self._client, self._key(name)).bytes()))

    def get_range(self, name: str, start: int, end: int) -> bytes:
        """Return the bytes of an object from `start` to before `end`. Raises MissingObjectError."""
        import obstore

        key = self._key(name)
        return self._call("read", lambda: bytes(obstore.get_range(self._client, key, start=start, end=end)))

    def sizes(self) -> dict[str, int]:
        """Return all objects with their sizes in bytes."""
        import obstore

        first = len(self.path.prefix) + 1 if self.path.prefix else 0
        entries = self._call("list", lambda: list(obstore.list(self._client, self.path.prefix or None).collect()))
        return {entry["path"][first:]: entry["size"] for entry in entries}

    def delete(self, name: str) -> None:
        """Delete an object, if there is one."""
        import obstore

        self._call("delete", lambda: obstore.delete(self._client, self._key(name)))

    def _key(self, name: str) -> str:
        return (self.path / name).prefix

    def _call(self, verb: str, request: Callable[[], T]) -> T:
        from obstore.exceptions import BaseError

        try:
            return request()
        except (BaseError, OSError) as error:
            text = str(error)
        raise _error(text, verb, self.access.endpoint, self.path)


def _client(access: StoreAccess, bucket: str, limits: StoreLimits) -> "S3Store":
    from obstore.store import S3Store

    options: ClientConfig = {
        "allow_http": access.endpoint.startswith("http://"),
        "connect_timeout": timedelta(seconds=limits.connect),
        "read_timeout": timedelta(seconds=limits.read),
        "timeout": timedelta(seconds=limits.whole),
    }
    if access.authority:
        options["root_certificate"] = access.authority
    return S3Store(
        bucket,
        endpoint=access.endpoint,
        region=access.region,
        access_key_id=access.key_id,
        secret_access_key=access.secret,
        virtual_hosted_style_request=False,  # the host of S3_ENDPOINT, and no other
        disable_bulk_delete=True,  # not every store has it
        client_options=options,
        retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=limits.retry)},
    )


def _error(text: str, verb: str, endpoint: str, path: StorePath) -> StoreError:
    """Return the error of the library, whose text this is, in words."""
    status_match, code_match = _STATUS.search(text), _CODE.search(text)
    if status_match is None:
        return StoreError(f"The store {endpoint} {_connection_reason(text)}")
    status, code = status_match[1], code_match[1] if code_match else ""
    if status == "404" and code != "NoSuchBucket":
        return MissingObjectError(f"The store {endpoint} has no such object below {path}.")
    unknown = f"could not {verb} at {path}: {code or status}. Try again, or ask who runs it."
    reason = _REASONS.get(code, _REASONS_BY_STATUS.get(status, unknown))
    reason = reason.replace("VERB", verb).replace("PATH", str(path)).replace("BUCKET", path.bucket)
    return StoreError(f"The store {endpoint} {reason}")


_IS_FULL = "is full. Free some space in the bucket BUCKET."
_REASONS = {
    "AccessDenied": "does not let its key VERB at PATH. Give that right to the key of S3_CREDENTIALS_FILE.",
    "AuthorizationHeaderMalformed": "is in another region. Set S3_REGION.",
    "InsufficientStorage": _IS_FULL,
    "InvalidAccessKeyId": "does not know the key of S3_CREDENTIALS_FILE. Check the id before the colon.",
    "NoSuchBucket": "has no bucket BUCKET. Create it, or correct its name.",
    "PermanentRedirect": "is in another region. Set S3_REGION and S3_ENDPOINT.",
    "QuotaExceeded": _IS_FULL,
    "RequestTimeTooSkewed": "has another time. Set the clock of this machine by a time server.",
    "SignatureDoesNotMatch": "refuses the key of S3_CREDENTIALS_FILE. Check the secret key after the colon.",
    "XMinioAdminBucketQuotaExceeded": _IS_FULL,
    "XMinioStorageFull": _IS_FULL,
}
_REASONS_BY_STATUS = {"401": _REASONS["AccessDenied"], "403": _REASONS["AccessDenied"], "507": _IS_FULL}


def _connection_reason(text: str) -> str:
    """Return why there was no whole response: the library names kinds of errors in its texts."""
    for part, reason in _CONNECTION_REASONS.items():
        if part in text:
            return reason
    return "does not answer as a store. Check S3_ENDPOINT."


_CONNECTION_REASONS = {
    "dns error": "has an unknown name. Check S3_ENDPOINT.",
    "ConnectionRefused": "refuses the connection. Check S3_ENDPOINT, and whether the store runs.",
    "InvalidCertificate": "has a certificate that is not trusted. Set S3_CA_FILE if its authority is your own.",
    "kind: Timeout": "did not answer in time. Check the network, and S3_ENDPOINT.",
    "kind: Connect": "cannot be reached. Check S3_ENDPOINT and the network.",
    "kind: Request": "closed the connection half way. Try again.",
    "kind: Interrupted": "closed the connection half way. Try again.",
}
