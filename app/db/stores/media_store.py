"""Contents of media outside of the database: objects by their SHA-256, in a folder or in an object store.

A row has its content, or NULL and the SHA-256 of an object: `read` and `read_range` return either. What moves contents
is `studio.service.media_storage`.
"""

import os
import re
import threading
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar, cast

from flask import Flask, current_app

from app.db.session import is_in_transaction
from app.db.stores.object_store import QUICK, MissingObjectError, ObjectStore, StoreError
from app.kernel.durable_files import flush_folder, open_private
from config import Settings, StoreAccess, StorePath

T = TypeVar("T")
AT_ONCE = 4  # requests of a process to a store: half of its threads stay free for pages
WAIT, PAUSE = 2.0, 10.0  # seconds: for a free slot, and without requests after a failed one
_KEY = "media_store"
_NAME = re.compile(r"[0-9a-f]{64}\Z")


class MediaStore(Protocol):
    """Objects by name. All methods raise StoreError; reading a missing object raises MissingObjectError."""

    def put(self, name: str, content: bytes) -> None:
        """Write an object whole, or not at all."""

    def get(self, name: str) -> bytes:
        """Return an object."""

    def get_range(self, name: str, start: int, end: int) -> bytes:
        """Return the bytes of an object from `start` to before `end`."""

    def sizes(self) -> dict[str, int]:
        """Return all objects with their sizes in bytes."""

    def delete(self, name: str) -> None:
        """Delete an object, if there is one."""


class MediaFolder:
    """A folder with a file for each object, as a `MediaStore`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Write a file beside its place, and put it there by a rename."""
        part = self._path(f"{name}.part")

        def write() -> None:
            self.folder.mkdir(parents=True, exist_ok=True)
            with open_private(part) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path(name))
            flush_folder(self.folder)

        self._call(write)

    def get(self, name: str) -> bytes:
        """Return the content of a file."""
        return self._call(self._path(name).read_bytes)

    def get_range(self, name: str, start: int, end: int) -> bytes:
        """Return a part of a file."""

        def read() -> bytes:
            with self._path(name).open("rb") as file:
                file.seek(start)
                return file.read(end - start)

        return self._call(read)

    def sizes(self) -> dict[str, int]:
        """Return the sizes of all files; none if there is no folder yet."""

        def sizes() -> dict[str, int]:
            files = self.folder.iterdir() if self.folder.exists() else ()
            return {path.name: path.stat().st_size for path in files if path.is_file()}

        return self._call(sizes)

    def delete(self, name: str) -> None:
        """Delete a file."""
        self._call(lambda: self._path(name).unlink(missing_ok=True))

    def _path(self, name: str) -> Path:
        return self.folder / name

    def _call(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except FileNotFoundError as error:
            raise MissingObjectError(f"{self.folder} has no such file.") from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StoreError(f"{self.folder} cannot be used: {reason}. Check the folder and its disk.") from error


class _GuardedStore(ObjectStore):
    """A store for web pages: few requests at once, quick limits of time, and none for a while after a failed one.

    Without it, a store that does not answer would occupy all threads, and with them pages without media.
    """

    def __init__(self, access: StoreAccess, path: StorePath) -> None:
        super().__init__(access, path, QUICK)
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._closed_until = 0.0

    def _call(self, verb: str, request: Callable[[], T]) -> T:
        if time.monotonic() < self._closed_until or not self._slots.acquire(timeout=WAIT):
            raise StoreError(f"The store {self.access.endpoint} did not answer in time.")
        try:
            return super()._call(verb, request)
        except MissingObjectError:
            raise
        except StoreError:
            self._closed_until = time.monotonic() + PAUSE
            raise
        finally:
            self._slots.release()


class _MediaPath:
    """MEDIA_PATH of an application; each process connects when it first reads a content."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def store(self) -> MediaStore | None:
        return _store(self.settings, _GuardedStore)


def init_app(app: Flask, settings: Settings) -> None:
    """Let an application read contents from MEDIA_PATH."""
    app.extensions[_KEY] = _MediaPath(settings)


def patient_store(settings: Settings) -> MediaStore | None:
    """Return the store of MEDIA_PATH for jobs and commands, with long limits of time; None without a MEDIA_PATH."""
    return _store(settings, ObjectStore)


def _store(settings: Settings, store_class: Callable[[StoreAccess, StorePath], ObjectStore]) -> MediaStore | None:
    path = settings.media_path
    if not isinstance(path, StorePath):
        return None if path is None else MediaFolder(path)
    if settings.store is None:
        raise StoreError("Set S3_ENDPOINT and S3_CREDENTIALS_FILE: they say where the store is, and its key.")
    return store_class(settings.store, path)


def read(digest: str | None, content: bytes | None) -> bytes:
    """Return the content of a row. Raises StoreError if it was moved and cannot be read.

    Raises RuntimeError for a moved content in a transaction: a slow store would hold up other writers. Read it before,
    or let the new row refer to it as well.
    """
    if content is not None:
        return content
    if is_in_transaction():
        raise RuntimeError("a transaction read a content from MEDIA_PATH")
    return web_store().get(str(digest))


def read_range(digest: str, content: bytes | None, start: int, end: int) -> bytes:
    """Return the bytes of the content of a row from `start` to before `end`. Raises StoreError as `read` does."""
    return web_store().get_range(digest, start, end) if content is None else content[start:end]


def media_names(store: MediaStore) -> dict[str, int]:
    """Return the contents of a store by their SHA-256, with their sizes; other objects are left out."""
    return {name: size for name, size in store.sizes().items() if _NAME.match(name)}


def _media_path() -> _MediaPath:
    return cast("_MediaPath", current_app.extensions[_KEY])


def web_store() -> MediaStore:
    """Return the store of MEDIA_PATH for a web page. Raises StoreError without a MEDIA_PATH."""
    store = _media_path().store
    if store is None:
        raise StoreError("MEDIA_PATH is not set, but contents were moved there. Set it as before.")
    return store
