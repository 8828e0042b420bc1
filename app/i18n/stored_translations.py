"""Table of translated titles and texts of workshops and their parts; one query for the texts of a page."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Result, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.session import db
from app.i18n.languages import direction

SOURCE = "en"


class StoredTranslation(Base):
    """A text of an object in one language; `source_hash` is the hash of the source text it was made from."""

    __tablename__ = "words"

    thing: Mapped[UUID] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """A text with the language it is in, for `lang` and `dir`."""

    text: str
    lang: str

    @property
    def dir(self) -> str:
        """Return rtl or ltr."""
        return direction(self.lang)


def save_translations(thing: UUID, field: str, texts: Mapping[str, str]) -> None:
    """Save a text in all its languages, the source language (en) included; delete missing or empty ones."""
    made_from = hashlib.sha256(texts.get(SOURCE, "").encode()).hexdigest()
    db.session.execute(
        delete(StoredTranslation).where(StoredTranslation.thing == thing, StoredTranslation.field == field)
    )
    db.session.add_all(
        StoredTranslation(thing=thing, field=field, language=language, text=text, source_hash=made_from)
        for language, text in texts.items()
        if text
    )


def translations_for(things: Collection[UUID], language: str) -> dict[tuple[UUID, str], TranslatedText]:
    """Return the texts of these objects by id and field, in a language or, if missing, in the source language."""
    if not things:
        return {}
    translations: dict[tuple[UUID, str], TranslatedText] = {}
    for thing, field, code, text in _rows(things, StoredTranslation.language.in_({language, SOURCE})):
        if code == language or (thing, field) not in translations:
            translations[thing, field] = TranslatedText(text, code)
    return translations


def all_of(thing: UUID) -> dict[str, dict[str, str]]:
    """Return all texts of an object by field, then language."""
    return all_of_many([thing]).get(thing, {})


def all_of_many(things: Collection[UUID]) -> dict[UUID, dict[str, dict[str, str]]]:
    """Return all texts of these objects by id, field, then language."""
    texts: dict[UUID, dict[str, dict[str, str]]] = {}
    for thing, field, code, text in _rows(things):
        texts.setdefault(thing, {}).setdefault(field, {})[code] = text
    return texts


def _rows(things: Collection[UUID], *conditions: ColumnElement[bool]) -> Result[UUID, str, str, str]:
    row = StoredTranslation
    return db.session.execute(
        select(row.thing, row.field, row.language, row.text).where(row.thing.in_(things), *conditions)
    )
