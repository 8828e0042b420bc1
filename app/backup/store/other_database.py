"""Use `db.session` with another database of the same tables, such as a restored copy."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from sqlalchemy.pool import NullPool

from app.db.session import db, prepare

_OWN = frozenset({"sqlalchemy"})  # of an application: its engines


@contextmanager
def other_database(url: str) -> Iterator[None]:
    """Let `db.session` use another database inside the block; settings, keys and event handlers stay the same."""
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS={"poolclass": NullPool})
    app.extensions.update({name: value for name, value in current_app.extensions.items() if name not in _OWN})
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()
