"""Record exports of courses and questions before they are sent; an export of questions is a view of their keys."""

import zipfile
from collections.abc import Collection, Iterable
from datetime import datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from app.catalogue.domain.items import ItemForm
from app.db.session import record
from app.studio.events import CourseExported, QuestionsExported
from app.studio.queries.workspaces import Workspace
from app.studio.service import questions

_IN_MEMORY = 1024 * 1024  # bytes; a larger archive is sent from the disk
_TIME = (1980, 1, 1, 0, 0, 0)  # the same files are the same archive


def record_course(workspace: Workspace, number: int, now: datetime) -> None:
    """Record that a user exports the files of a course: of a version, or of the draft (0)."""
    record(CourseExported(at=now, course_id=workspace.course_id, number=number))


def record_questions(
    workspace: Workspace, *, file_format: str, forms: Collection[ItemForm | None], count: int, now: datetime
) -> None:
    """Record that a user exports questions with their keys; None: questions without a form."""
    names = ", ".join(sorted(str(form or "none") for form in forms))
    record(QuestionsExported(at=now, course_id=workspace.course_id, format=file_format, forms=names, questions=count))


def record_package(workspace: Workspace, bank: str, *, count: int, now: datetime) -> None:
    """Record that a user exports form A as a SCORM package: as an export, and as a view of the keys in a file."""
    questions.record_view(workspace, bank, now)
    record_questions(workspace, file_format="scorm", forms=(ItemForm.A,), count=count, now=now)


def write_archive(files: Iterable[tuple[str, bytes]]) -> IO[bytes]:
    """Return an open file with an archive of these files by path; only one of them is in memory at a time."""
    file = TemporaryFile()  # noqa: SIM115 - closed, and with that deleted, at once or when it is sent
    try:
        with zipfile.ZipFile(file, "w") as archive:
            for path, content in files:
                archive.writestr(zipfile.ZipInfo(path, _TIME), content, zipfile.ZIP_DEFLATED)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    if size > _IN_MEMORY:
        return file
    with file:
        return BytesIO(file.read())
