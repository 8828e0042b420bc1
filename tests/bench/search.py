"""Search in 100,000 blocks, with and without typing errors, at the server."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from random import Random
from uuid import UUID

from flask import Flask

from app.access.policy import Actor, Role, Sensitivity
from app.db.session import db, transaction
from app.factory import create_app
from app.search import queries, service
from app.search.service import Block
from tests.bench.figures import Figure, percentile
from tests.support import databases
from tests.support.settings import LITE, settings_for

BLOCKS, PORTION, WORDS, OF_A_BLOCK, ASKED = 100_000, 2_000, 30_000, 40, 200
SEARCH_MS = 60.0
NAME = "academy_bench_search"
READER = Actor(UUID(int=1), "IQ", frozenset({Role.PRACTITIONER}))
SYLLABLES = tuple(a + b + c for a in "bdfghklmnprstvz" for b in "aeiou" for c in ("", "n", "r", "s", "t"))


def measure(database: str, folder: Path) -> list[Figure]:
    """Return the slow end of searches for words as they are, and for misspelt words."""
    random = Random(7)
    words = sorted({"".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(WORDS)})
    random.shuffle(words)
    with _filled(database, folder, words, random):
        asked = [" ".join(random.sample(words[50:20_000], random.randint(1, 2))) for _ in range(ASKED)]
        typed = [_misspelt(random.choice([word for word in words[50:2_000] if len(word) > 6]), random) for _ in asked]
        return [
            Figure(database, f"search in {BLOCKS:,} blocks", _slow(asked), "ms", SEARCH_MS),
            Figure(database, f"misspelt, in {BLOCKS:,} blocks", _slow(typed), "ms", SEARCH_MS),
        ]


@contextmanager
def _filled(database: str, folder: Path, words: list[str], random: Random) -> Iterator[Flask]:
    folder.mkdir(parents=True, exist_ok=True)
    url = databases.sqlite_url(folder) if database == LITE else databases.postgres_url(NAME)
    app = create_app(settings_for(url))
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))  # as words of a language are used
    with app.app_context():
        db.create_all()
        for portion in range(BLOCKS // PORTION):
            texts = (" ".join(random.choices(words, cum_weights=weights, k=OF_A_BLOCK)) for _ in range(PORTION))
            with transaction():
                service.replace_blocks("lesson", f"C{portion}", (_block(portion, text) for text in texts))
        yield app
        db.session.remove()
        db.engine.dispose()
    if database != LITE:
        databases.drop_postgres(NAME)


def _block(portion: int, text: str) -> Block:
    return Block(
        language="en", sensitivity=Sensitivity.UNRESTRICTED, title="Lesson", path=f"/courses/c{portion}", text=text
    )


def _misspelt(word: str, random: Random) -> str:
    at = random.randrange(1, len(word) - 1)
    return random.choice((word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]))


def _slow(texts: list[str]) -> float:
    return percentile([_took(text) for text in texts], 0.95)


def _took(text: str) -> float:
    """Return the milliseconds of all statements of the page of results."""
    began = time.perf_counter()
    if not queries.count(text, actor=READER):
        similar = queries.corrections(text, actor=READER)
        text = next((word for word in similar if queries.count(word, actor=READER)), text)
    queries.find(text, actor=READER, language="en")
    db.session.rollback()
    return (time.perf_counter() - began) * 1000
