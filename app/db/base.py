"""Declarative base: names for constraints, enums as text with CHECK, aware times, encrypted text."""

import base64
import enum
import os
from datetime import UTC, datetime
from typing import cast
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData, String, Table, TypeDecorator, orm
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db.keyring import KeyRing, LostKeyError

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
NONCE_BYTES = 12
FORMAT = "v2."  # of encrypted texts


class UTCDateTime(TypeDecorator[datetime]):
    """Aware in, aware out, UTC in the table; a naive time is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into naive UTC; raise ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class EncryptedText(TypeDecorator[str]):
    """Text under AES-256-GCM: `v2.key id:base64(nonce + cipher text)`, the newest key writes, all of them read.

    What is sealed holds its place, table and column: a text that is copied elsewhere does not open. It does not hold
    its row: a type sees one value and never the row around it, and lists read one column without the others.
    Texts of the first format (`key id:base64`, bound to the key alone) still open; `flask keys reencrypt` renews them.
    """

    impl = String
    cache_ok = True
    ring = KeyRing()

    def __init__(self, table: str, column: str) -> None:
        super().__init__()
        self.table = table
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt under the newest key."""
        if value is None:
            return None
        key_id, key = self.ring.newest
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, value.encode(), self._bound(key_id))
        return f"{FORMAT}{key_id}:{base64.b64encode(sealed).decode()}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt under the key that wrote it; raise LostKeyError when that is not to be had, or the text changed."""
        return None if value is None else self.open(value)

    def open(self, text: str) -> str:
        """Return what a sealed text says; raise LostKeyError."""
        name, _, sealed = text.partition(":")
        key_id = name.removeprefix(FORMAT)
        bound = self._bound(key_id) if name.startswith(FORMAT) else key_id.encode()
        key = self.ring.secret(key_id)
        try:
            raw = base64.b64decode(sealed, validate=True)
            return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound).decode()
        except (InvalidTag, ValueError):
            raise LostKeyError(f"key {key_id}") from None

    def _bound(self, key_id: str) -> bytes:
        return f"{FORMAT}{key_id}\0{self.table}\0{self.column}".encode()


# SQLite gives out row numbers by itself for INTEGER alone.
Serial = BigInteger().with_variant(Integer, "sqlite")


def text_enum(members: type[enum.Enum], name: str | None = None) -> Enum:
    """Return the type of a column with the values of an enum as text.

    The name of the CHECK constraint comes from the class name; `name` keeps it when a class is renamed.
    """
    options = {"name": name} if name else {}
    return Enum(
        members,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda values: [value.value for value in values],
        **options,
    )


TEXT_ENUM = text_enum(enum.Enum)


class Base(DeclarativeBase):
    """Every table has named constraints."""

    # Handed over as a registry: Flask-SQLAlchemy 3.1 copies the class body, and
    # SQLAlchemy refuses a type_annotation_map next to a copied registry.
    registry = orm.registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UTCDateTime, enum.Enum: TEXT_ENUM},
    )


def table_of(model: type[Base]) -> Table:
    """Return the table of a model."""
    return cast("Table", model.__table__)


class Keyed(Base):
    """A row whose key appears in a URL: a random UUID reveals nothing and cannot be guessed."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-1)


class Numbered(Base):
    """A row of a bulk table: a narrow number that no address shows."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True, sort_order=-1)
