"""Declarative base of all models: constraint names, enums as text with CHECK, aware times, encrypted text.

All names and types end up in the tables: a new member of a stored enum changes a CHECK and needs a migration
(`tests/architecture/test_migrations.py`). A renamed column with encrypted texts cannot be decrypted.
"""

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
    """Column type of aware times, stored in UTC; a naive time is rejected."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware time to naive UTC. Raises ValueError for a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return a stored time as an aware time in UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class EncryptedText(TypeDecorator[str]):
    """Text under AES-256-GCM: `v2.key id:base64(nonce + cipher text)`; the newest key encrypts, all keys decrypt.

    The cipher text is bound to its table and column: copied to another column, it cannot be decrypted. It is not bound
    to its row, because a column type sees one value only, and lists read one column without the others.
    Texts of the first format (`key id:base64`, bound to the key) still decrypt; `flask keys reencrypt` renews them.
    """

    impl = String
    cache_ok = True
    ring = KeyRing()

    def __init__(self, table: str, column: str) -> None:
        super().__init__()
        self.table = table
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt a text under the newest key."""
        if value is None:
            return None
        key_id, key = self.ring.newest
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, value.encode(), self._bound(key_id))
        return f"{FORMAT}{key_id}:{base64.b64encode(sealed).decode()}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt a text. Raises LostKeyError if its key is missing or the text was changed."""
        return None if value is None else self.open(value)

    def open(self, text: str) -> str:
        """Decrypt a stored text. Raises LostKeyError if its key is missing or the text was changed."""
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
    """Base class of all models: constraints have names, times and enums have column types."""

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
    """A row of a bulk table: a narrow number as the key, which no URL contains."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True, sort_order=-1)
