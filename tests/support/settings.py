"""Settings, keys and the time of the test application."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from config import Keys, Mode, Settings

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
KEYS = Keys(
    cookie=(("1", b"c" * 32),),
    identity=(("1", b"i" * 32),),
    index=(("1", b"x" * 32),),
    audit=(("1", b"a" * 32),),
    badge=(("1", b"b" * 32),),
)
LITE, POSTGRES = "sqlite", "postgresql"


def settings_for(url: str, **more: object) -> Settings:
    more.setdefault("audit_path", Path(tempfile.gettempdir()) / f"academy-audit-{os.getpid()}")
    return Settings(keys=KEYS, mode=Mode.TEST, database_url=url, **more)  # type: ignore[arg-type]


REPOSITORY = Path(__file__).resolve().parents[2]
