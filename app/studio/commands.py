"""The command that moves media from MEDIA_PATH into the database again."""

import click
from flask.cli import with_appcontext

from app.db.stores.media_store import patient_store
from app.db.stores.object_store import StoreError
from app.studio.service import media_storage
from app.web.settings import settings


@click.command
@with_appcontext
def media_back() -> None:
    """Move all media from MEDIA_PATH into the database again, while the jobs are stopped."""
    store = patient_store(settings())
    if store is None:
        raise click.ClickException("MEDIA_PATH is not set.")
    try:
        count = media_storage.move_back(store)
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Moved back: {count}. Empty MEDIA_PATH before you start the jobs.")
