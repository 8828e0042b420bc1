"""The job that loads the starter courses and the plan of a new site, if the setup asks for it."""

from datetime import datetime
from pathlib import Path

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.problems import Weight
from app.catalogue.service import publication as catalogue
from app.catalogue.service.preparation import prepare
from app.db.session import db, record, transaction
from app.kernel import clock
from app.kernel.errors import DomainError, InputError
from app.operations.events import StarterLoaded
from app.operations.models import FirstRun
from app.web.settings import settings


def load_starter() -> int:
    """Load the course folders as drafts, and the plan, if the setup asks for it; safe to interrupt."""
    setup = db.session.get(FirstRun, 1, populate_existing=True)
    if setup is None or not setup.starter_wanted or setup.starter_loaded_at or setup.starter_fault:
        return 0
    loaded: list[str] = []
    fault = ""
    try:
        for folder in settings().courses_paths:
            loaded += _load(folder)
    except (DomainError, InputError) as error:
        fault = str(error)[:300]
    _record_result(loaded, fault, clock.real_now())
    return len(loaded)


def _load(folder: Path) -> list[str]:
    files = files_on_disk(folder)
    library, mistakes = read_folder(files)
    error = next((mistake for mistake in mistakes if mistake.weight is Weight.ERROR), None)
    if error is not None:
        raise InputError(f"The courses cannot be loaded. {error}")
    codes = []
    for course in library.courses.values():
        ready = prepare(course, library.references, files)
        with transaction():
            codes.append(catalogue.store_draft(ready, clock.now()).code)
    with transaction():
        catalogue.store_references(library.references, clock.now())
    return codes


def _record_result(loaded: list[str], fault: str, real_now: datetime) -> None:
    with transaction():
        setup = db.session.get_one(FirstRun, 1, with_for_update=True, populate_existing=True)
        setup.starter_fault = fault
        if not fault:
            setup.starter_loaded_at = real_now
            record(StarterLoaded(courses=tuple(loaded)))
