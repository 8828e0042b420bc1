"""Send the content of a row, whole or a range of it, from the database or block by block from MEDIA_PATH."""

from typing import Self

from flask import Response, request

from app.db.stores.media_store import MediaStore, web_store

BLOCK = 1024**2  # bytes that a response reads at once


class ContentResponse(Response):
    """The content of a row, or a part of it; the store is asked only if the request needs the content."""

    def __init__(self, digest: str, size: int, content: bytes | None, kind: str) -> None:
        self._size = size
        self._blocks = _Blocks(web_store(), digest, size) if content is None else None
        super().__init__(content if self._blocks is None else self._blocks)
        self.content_type, self.content_length = kind, size

    def for_request(self) -> Self:
        """Answer a request for a range, or with a known ETag. Raises StoreError if the store does not answer."""
        self.make_conditional(request, accept_ranges=True, complete_length=self._size)
        if self._blocks is not None and request.method == "GET" and self.status_code in {200, 206}:
            self._blocks.read_first(self.content_range.start or 0)
        return self


class _Blocks:
    """The blocks of an object from a position on, which werkzeug sets for a range."""

    def __init__(self, store: MediaStore, digest: str, size: int) -> None:
        self._store, self._digest, self._size = store, digest, size
        self._position, self._first = 0, b""

    def seekable(self) -> bool:
        """Return that a position can be set: werkzeug asks."""
        return True

    def seek(self, position: int) -> None:
        """Set the position of the next block."""
        self._position = position

    def tell(self) -> int:
        """Return the position of the next block."""
        return self._position

    def read_first(self, position: int) -> None:
        """Read the block at a position before the response begins. Raises StoreError."""
        self._first = self._read(position)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._position >= self._size:
            raise StopIteration
        block, self._first = self._first or self._read(self._position), b""
        self._position += len(block)
        return block

    def _read(self, position: int) -> bytes:
        return self._store.get_range(self._digest, position, min(position + BLOCK, self._size))
