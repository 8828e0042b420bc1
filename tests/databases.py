"""The two databases of the tests: a SQLite file and a PostgreSQL database of each worker's own."""

import os
import socket
from pathlib import Path

import psycopg

SERVER = os.environ.get("TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'academy.sqlite'}"


def postgres_url(name: str) -> str:
    """Make an empty database of this name and return its address."""
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    return f"{SERVER.replace('postgresql', 'postgresql+psycopg')}/{name}"


def drop_postgres(name: str) -> None:
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def postgres_is_there() -> bool:
    host, _, port = SERVER.rpartition("@")[2].partition(":")
    try:
        socket.create_connection((host, int(port or 5432)), timeout=1).close()
    except OSError:
        return False
    return True
