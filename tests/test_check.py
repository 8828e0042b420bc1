from pathlib import Path

import pytest

from tests import check
from tests.support.settings import REPOSITORY

HASH = "    --hash=sha256:" + "0" * 64 + "\n"
PROJECT = """
[project]
dependencies = ["flask>=3.1,<3.2", "Some_Thing>=1"]
[dependency-groups]
dev = ["pytest>=8"]
"""


def _faults(folder: Path, core: str, dev: str) -> list[str]:
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "requirements.txt").write_text(core)
    (folder / "requirements-dev.txt").write_text(dev)
    return [fault.split(":")[0] + ":" + fault.split(":")[1] for fault in check.lock_files(folder)]


def _pin(*names: str) -> str:
    return "".join(f"{name} \\\n{HASH}" for name in names)


def test_lock_files_in_step_have_no_fault(tmp_path: Path) -> None:
    core = _pin("flask==3.1.5", "some-thing==2.0 ; sys_platform == 'win32'")
    assert _faults(tmp_path, core, core + _pin("pytest==9.0")) == []


@pytest.mark.parametrize(
    ("core", "dev", "fault"),
    [
        (_pin("flask==3.2.0", "some-thing==2"), _pin("flask==3.2.0", "some-thing==2", "pytest==9"), "flask>=3.1,<3.2"),
        (_pin("flask==3.1.0"), _pin("flask==3.1.0", "pytest==9"), "Some_Thing>=1"),
        (
            _pin("flask==3.1.0", "some-thing==2"),
            _pin("flask==3.1.1", "some-thing==2", "pytest==9"),
            "flask is not 3.1.0",
        ),
        (_pin("flask==3.1.0", "some-thing==2"), _pin("flask==3.1.0", "some-thing==2"), "pytest>=8"),
        ("flask==3.1.0\nsome-thing==2\n", _pin("flask==3.1.0", "some-thing==2", "pytest==9"), "without a hash"),
        (
            "--index-url x\n" + _pin("flask==3.1.0", "some-thing==2"),
            _pin("flask==3.1.0", "some-thing==2", "pytest==9"),
            "names a host",
        ),
    ],
)
def test_differing_lock_files_are_reported(tmp_path: Path, core: str, dev: str, fault: str) -> None:
    assert any(fault in found for found in _faults(tmp_path, core, dev))


def test_lock_files_are_up_to_date() -> None:
    assert list(check.lock_files(REPOSITORY)) == []


def test_error_in_course_is_reported() -> None:
    good = REPOSITORY / "tests" / "catalogue" / "courses"
    assert list(check.courses(good)) == []


def test_unreadable_course_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a-course").mkdir()
    (tmp_path / "a-course" / "course.toml").write_text('id = "nonsense')
    assert list(check.courses(tmp_path)) != []
