"""The rendered courses of the site. Rendering is slow, so it happens once for all workers of a test run."""

import pickle
from pathlib import Path

from app.demo.history import library
from app.demo.history.library import PreparedCourses
from tests.support.run_files import make_once
from tests.support.settings import REPOSITORY

FOLDERS = (REPOSITORY / "courses",)


def rendered(run_folder: Path) -> list[PreparedCourses]:
    """Return the rendered courses of each folder; the folder of the run stores them."""
    path = make_once(run_folder, "rendered-courses", lambda new: new.write_bytes(pickle.dumps(library.render(FOLDERS))))
    courses: list[PreparedCourses] = pickle.loads(path.read_bytes())
    return courses
