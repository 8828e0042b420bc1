"""Commands for MEDIA_PATH: move media into the database again; use it alone."""

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import NoResultFound

from app.db.stores.media_store import MediaStore, patient_store
from app.db.stores.object_store import StoreError
from app.kernel import clock
from app.studio.service import media_storage
from app.web.settings import settings


@click.command
@with_appcontext
def media_back() -> None:
    """Move all media from MEDIA_PATH into the database again, while the jobs are stopped."""
    store = _store()
    try:
        count = media_storage.move_back(store)
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Moved back: {count}. Empty MEDIA_PATH before you start the jobs.")


@click.command
@with_appcontext
def media_claim() -> None:
    """Let this copy of the database, and no other one, delete unused media in MEDIA_PATH."""
    try:
        media_storage.claim_alone(_store(), clock.real_now().date())
    except NoResultFound:
        raise click.ClickException("This database is empty.") from None
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    click.echo("MEDIA_PATH is used by this copy of the database. Give every other copy a path of its own.")


def _store() -> MediaStore:
    store = patient_store(settings())
    if store is None:
        raise click.ClickException("MEDIA_PATH is not set.")
    return store
