"""Objects are written, read, listed and deleted in a store that checks signatures; each fault has its own message."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.stores import object_store
from app.db.stores.object_store import MissingObjectError, ObjectStore, StoreError
from config import StorePath
from tests.support.certificate_authority import write_certificates
from tests.support.object_store_server import (
    BUCKET,
    SECRET,
    Fault,
    ObjectStoreServer,
    SignedRequest,
    contents,
    object_store_server,
)

PATH = StorePath(BUCKET, "site/backups")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStoreServer]:
    monkeypatch.setattr(object_store, "RETRIES", 0)
    with object_store_server() as running:
        yield running


def test_signature_of_the_server_is_that_of_the_published_example() -> None:
    # Amazon S3 API Reference, "Signature calculations for the Authorization header", GET Object
    request = SignedRequest(
        "GET",
        "/test.txt",
        {
            "host": "examplebucket.s3.amazonaws.com",
            "range": "bytes=0-9",
            "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "x-amz-date": "20130524T000000Z",
            "authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=unused",
        },
    )
    expected = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    assert request.signature("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY") == expected


def test_objects_are_written_read_listed_and_deleted(server: ObjectStoreServer) -> None:
    store = ObjectStore(server.access(), PATH)
    store.put("a", b"0123456789")
    store.put("b.json", b"{}")
    server.objects["site/backups-other/c"] = b"of another path"
    assert contents(server, "site/backups/") == {"a": b"0123456789", "b.json": b"{}"}
    assert store.get("a") == b"0123456789"
    assert store.get_range("a", 2, 5) == b"234"
    assert store.sizes() == {"a": 10, "b.json": 2}
    store.delete("a")
    store.delete("a")
    assert store.sizes() == {"b.json": 2}
    with pytest.raises(MissingObjectError):
        store.get("a")


@pytest.mark.parametrize("path", [StorePath(BUCKET), StorePath(BUCKET, "x")])
def test_names_are_those_below_the_path(server: ObjectStoreServer, path: StorePath) -> None:
    store = ObjectStore(server.access(), path)
    store.put("ab/cd", b"1")
    assert store.sizes() == {"ab/cd": 1}


@pytest.mark.parametrize(
    ("changes", "bucket", "message"),
    [
        ({"key_id": "other"}, BUCKET, "does not know the key of S3_CREDENTIALS_FILE"),
        ({"secret": "other"}, BUCKET, "refuses the key of S3_CREDENTIALS_FILE"),
        ({"region": "other"}, BUCKET, "Set S3_REGION"),
        ({}, "no-such-bucket", "has no bucket no-such-bucket"),
        ({"endpoint": "http://127.0.0.1:9"}, BUCKET, "refuses the connection"),
    ],
)
def test_wrong_setting_is_named(server: ObjectStoreServer, changes: dict[str, str], bucket: str, message: str) -> None:
    store = ObjectStore(server.access(**changes), StorePath(bucket, "x"))
    for request in (lambda: store.put("a", b"1"), store.sizes, lambda: store.get("a")):
        with pytest.raises(StoreError, match=message) as error:
            request()
        assert not isinstance(error.value, MissingObjectError)


def test_endpoint_without_tls_is_named(server: ObjectStoreServer) -> None:
    access = server.access(endpoint=server.endpoint.replace("http:", "https:"))
    with pytest.raises(StoreError, match="cannot be reached"):
        ObjectStore(access, PATH).sizes()


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault.DROP_UPLOAD, "closed the connection half way"),
        (Fault.FULL, "is full. Free some space in the bucket academy"),
        (Fault.READ_ONLY, "does not let its key write at s3://academy/site/backups"),
        (Fault.BROKEN, "could not write at s3://academy/site/backups: InternalError"),
    ],
)
def test_fault_of_a_write_is_named(server: ObjectStoreServer, fault: Fault, message: str) -> None:
    server.fault = fault
    with pytest.raises(StoreError, match=message):
        ObjectStore(server.access(), PATH).put("a", b"1" * 100_000)
    assert server.objects == {}


def test_connection_that_closes_in_a_read_is_named(server: ObjectStoreServer) -> None:
    store = ObjectStore(server.access(), PATH)
    store.put("a", b"1" * 100_000)
    server.fault = Fault.DROP_DOWNLOAD
    with pytest.raises(StoreError, match="closed the connection half way"):
        store.get("a")


def test_dropped_write_is_repeated(server: ObjectStoreServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_store, "RETRIES", 1)
    server.fault, server.faulty_requests = Fault.DROP_UPLOAD, 1
    ObjectStore(server.access(), PATH).put("a", b"1" * 100_000)
    assert contents(server, "site/backups/") == {"a": b"1" * 100_000}


def _errors(store: ObjectStore) -> Iterator[StoreError]:
    """Yield the errors of a write, a list, a read and a delete."""
    for request in (lambda: store.put("a", b"1"), store.sizes, lambda: store.get("a"), lambda: store.delete("a")):
        try:
            request()
        except StoreError as error:
            yield error


def test_messages_contain_no_credentials(server: ObjectStoreServer) -> None:
    errors = []
    for server.fault in Fault:
        errors += _errors(ObjectStore(server.access(), PATH))
    errors += _errors(ObjectStore(server.access(secret=f"{SECRET}+"), PATH))
    assert len(errors) > 10
    assert [error for error in errors if SECRET in str(error) or "Signature" in str(error)] == []
    assert [error for error in errors if error.__cause__ or error.__context__] == []
    assert SECRET not in repr(server.access())


def test_certificate_of_an_own_authority_is_trusted_by_setting_only(server: ObjectStoreServer, tmp_path: Path) -> None:
    files = write_certificates(tmp_path)
    server.speak_tls(files.certificate, files.key)
    with pytest.raises(StoreError, match="has a certificate that is not trusted"):
        ObjectStore(server.access(), PATH).sizes()
    assert ObjectStore(server.access(authority=files.authority.read_text()), PATH).sizes() == {}
