import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source_tree import source

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "app").rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_one_place_commits() -> None:
    places = {_name(path) for path in SOURCES for node in source(path).nodes(ast.Attribute) if node.attr == "commit"}
    assert places == {"app/db/session.py"}


def test_no_room_without_a_name() -> None:
    nameless = {"utils", "helpers", "common", "misc", "util", "helper"}
    assert [_name(p) for p in SOURCES if p.stem in nameless or p.parent.name in nameless] == []


def test_top_level_holds_nothing_else() -> None:
    wanted = {
        "app", "courses", "migrations", "tests", "config.py", "wsgi.py", "pyproject.toml", "README.md", "Makefile",
        "requirements.txt", "requirements-dev.txt", "LICENSE", "instance", "docs", "deploy",
        "CONTRIBUTING.md", "CHANGELOG.md",
    }  # fmt: skip
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.suffix != ".egg-info"}
    assert found - {"build", "__pycache__"} <= wanted


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_for_later_without_an_issue(word: str) -> None:
    assert [_name(path) for path in SOURCES if re.search(rf"#.*\b{word}\b", path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "danger",
    [
        r"\byaml\.load\(",
        r"\bpickle\.",
        r"\bextractall\(",
        r"shell=True",
        r"\beval\(",
        r"\bexec\(",
        r"\brequests\.(get|post|request|Session)\(",
    ],
)
def test_dangerous_calls_are_absent(danger: str) -> None:
    assert [_name(path) for path in SOURCES if re.search(danger, path.read_text("utf-8"))] == []


def test_no_sentence_stands_within_another_string() -> None:
    # the catalogues are gathered from calls alone: one within an f-string is never translated
    marks = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
    lost = [
        f"{_name(path)}:{call.lineno}"
        for path in SOURCES
        for text in source(path).nodes(ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in marks
    ]
    assert lost == []


def test_markup_is_made_in_few_places() -> None:
    made = {_name(path) for path in SOURCES if re.search(r"\bMarkup\(", path.read_text("utf-8"))}
    assert made <= {"app/i18n/babel.py", "app/web/html/trusted_html.py"}


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        _name(path)
        for path in SOURCES
        if path.name == "__init__.py" and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert silent == []


def test_test_modules_import_no_test_module() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    faults = [
        f"{_name(path)}: {module}" for path in tests for module in _imported_from_tests(path) if _is_test_module(module)
    ]
    assert faults == []


def test_test_modules_import_no_private_name() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    faults = [
        f"{_name(path)}: {module}"
        for path in tests
        for module in _imported_from_tests(path)
        if module.rpartition(".")[2].startswith("_")
    ]
    assert faults == []


def _imported_from_tests(path: Path) -> list[str]:
    """Return the dotted names that a module imports from `tests`."""
    names = []
    for node in source(path).nodes(ast.ImportFrom):
        names += [f"{node.module}.{alias.name}" for alias in node.names]
    for node in source(path).nodes(ast.Import):
        names += [alias.name for alias in node.names]
    return [name for name in names if name.startswith("tests.")]


def _is_test_module(name: str) -> bool:
    parts = name.split(".")
    for end in range(2, len(parts) + 1):
        part = parts[end - 1]
        is_file = (ROOT.joinpath(*parts[:end])).with_suffix(".py").exists()
        if is_file and (part == "conftest" or part.startswith("test_")):
            return True
    return False
