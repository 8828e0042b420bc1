import pytest

from tests.architecture import figures
from tests.architecture.source_tree import Source, Tree

VIEW = "app/plan/views/__init__.py"
SEVEN = "def small(a):\n" + "    if a: pass\n" * 6
EIGHT = (
    "def large(a):\n    return [b for b in a if b or a] if a and a or a else (0 if a else 1)\n    for b in a: pass\n"
)
CLOSED = "match state:\n    case State.OPEN:\n        pass\n    case _:\n        {}\n"
LONG = "x" * 141
INSIDE = '[[tool.importlinter.contracts]]\nid="inside"\nlayers=["(a) | (b)"]'
TEST_MODULES = "from tests.plan.test_b import a\nfrom tests.plan import test_c"
PRIVATE_NAMES = "from tests.plan.b import (\n    _a,  # c\n    d,\n    _e,\n)"
SIX_NAMES = "one = 1\nfor found in a: pass\ndef f(it, *given): pass\nwith a as held: pass\nif (told := 1): pass"


def _tree(**texts: str) -> Tree:
    sources = tuple(Source(path, text) for path, text in texts.items())
    return Tree(
        app=tuple(source for source in sources if source.path.startswith("app/") and source.path.endswith(".py")),
        tests=tuple(source for source in sources if source.path.startswith("tests/")),
        templates=tuple(source for source in sources if source.path.endswith(".html")),
        settings=texts.get("pyproject.toml", ""),
    )


@pytest.mark.parametrize(
    ("name", "path", "text", "expected"),
    [
        ("functions_over_7_decisions", VIEW, SEVEN, 0),
        ("functions_over_7_decisions", VIEW, EIGHT, 1),
        ("nested_ternaries", VIEW, "x = 1 if a else (2 if b else 3)", 1),
        ("nested_ternaries", VIEW, "x = 1 if a else 2\ny = 1 if b else 2", 0),
        ("matches_without_assert_never", VIEW, CLOSED.format("pass"), 1),
        ("matches_without_assert_never", VIEW, CLOSED.format("assert_never(state)"), 0),
        ("matches_without_assert_never", VIEW, "match placement:\n    case Seat(): pass", 1),
        ("matches_without_assert_never", VIEW, "match text:\n    case 'a': pass\n    case str(): pass", 0),
        ("matches_without_assert_never", VIEW, "match error:\n    case OSError(): pass", 0),
        ("template_lines_over_140", "app/plan/templates/plan/a.html", f"{LONG}\n{LONG[1:]}\n", 1),
        ("modules_over_400_lines", VIEW, "\n" * 401, 1),
        ("modules_over_400_lines", VIEW, "\n" * 400, 0),
        ("names_in_inside_contract", "pyproject.toml", INSIDE, 2),
        ("role_checks_outside_access", VIEW, "Role.TRAINER in actor().roles", 1),
        ("role_checks_outside_access", VIEW, "STAFF & who.roles, actor.roles & {1}, actor.roles.isdisjoint(STAFF)", 3),
        ("role_checks_outside_access", VIEW, "[role for role in framework.roles if 'a' in served.roles]", 0),
        ("role_checks_outside_access", "app/access/policy.py", "Role.TRAINER in actor.roles", 0),
        ("uses_of_extensions", VIEW, "mode = current_app.extensions['settings'].mode", 1),
        ("uses_of_extensions", VIEW, "def jobs():\n    return cast('Jobs', current_app.extensions['jobs'])", 0),
        ("uses_of_extensions", VIEW, "def jobs():\n    return current_app.extensions['jobs']('a')", 1),
        ("uses_of_extensions", VIEW, "app.extensions['jobs'] = 1", 1),
        ("uses_of_extensions", "app/factory.py", "app.extensions['jobs'] = 1", 0),
        ("uses_of_session_info", VIEW, "db.session.info.pop('a')", 1),
        ("uses_of_session_info", VIEW, "table.info['a']", 0),
        ("untyped_pages", VIEW, "def page() -> dict[str, Any]: ...", 1),
        ("untyped_pages", "app/plan/views/x.py", "def a(it: dict[str, Any]): return render_template('')", 1),
        ("untyped_pages", "app/plan/domain.py", "def facts() -> dict[str, Any]: ...", 0),
        ("imports_of_test_modules", "tests/plan/test_a.py", TEST_MODULES, 1),
        ("imports_of_test_modules", "tests/plan/test_a.py", "def test_a():\n    import tests.plan.test_b", 1),
        ("imports_of_test_modules", "tests/plan/test_a.py", "from tests.factories import a", 0),
        ("imports_of_private_test_names", "tests/plan/test_a.py", PRIVATE_NAMES, 2),
        ("banned_names", VIEW, SIX_NAMES, 6),
        ("banned_names", VIEW, "match a:\n    case Seat(mark): pass\ntry: pass\nexcept E as wrong: pass", 2),
        ("banned_names", VIEW, "a = [one for one in b]", 0),
        ("banned_names", VIEW, "a = [\n    one\n    for one in b\n]", 1),
        ("banned_names", VIEW, "print(one, a.found)\nmarks = 1", 0),
        ("banned_names", "app/plan/events.py", "class A:\n    mark: str", 0),
        ("banned_names", "app/plan/shapes.py", "class A:\n    mark: str", 1),
        ("names_one_and_found", VIEW, "one = found = held = 1", 2),
        ("repeated_class_names", VIEW, "class A: ...\nclass B:\n    class A: ...", 1),
        ("functions_named_like_tests", VIEW, "def test_ended(): ...\ndef ended(): ...", 1),
        ("prose_in_app", VIEW, '"""Tell who stands for somebody."""', 3),
        ("prose_in_app", VIEW, '"""Return the users of standard accounts."""', 0),
        ("prose_in_templates", "app/plan/templates/plan/a.html", "<p>By now</p>", 1),
        ("prose_in_tests", "tests/plan/test_a.py", "# whoever keeps that", 1),
    ],
)  # fmt: skip
def test_measure_counts_breaches_only(name: str, path: str, text: str, expected: int) -> None:
    assert figures.number(name, _tree(**{path: text})) == expected


@pytest.mark.parametrize(
    ("importer", "line", "expected"),
    [
        ("app/plan/views/__init__.py", "from app.quizzes.pages import result", 1),
        ("app/plan/views/__init__.py", "from app.quizzes.pages.result import lines", 1),
        ("app/plan/views/__init__.py", "import app.quizzes.pages.result", 1),
        ("app/plan/views/__init__.py", "from app.quizzes.domain import _rules", 1),
        ("app/plan/views/__init__.py", "from app.quizzes.domain import rules", 0),
        ("app/plan/views/__init__.py", "from app.quizzes import service", 0),
        ("app/plan/views/__init__.py", "from app.web.forms import Form", 0),
        ("app/quizzes/views.py", "from app.quizzes.pages import result", 0),
        ("app/factory.py", "from app.quizzes.pages import result", 0),
        ("app/demo/rows/activity.py", "from app.quizzes.pages import result", 0),
    ],
)
def test_private_modules_of_other_packages_are_counted(importer: str, line: str, expected: int) -> None:
    quizzes = (
        "__init__",
        "service",
        "domain/__init__",
        "domain/rules",
        "domain/_rules",
        "pages/__init__",
        "pages/result",
    )
    others = {f"app/quizzes/{module}.py": "" for module in quizzes}
    assert figures.number("imports_beside_interface", _tree(**others, **{importer: line})) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("from app.sign_in.views import current_session", 0),
        ("from app.sign_in.views.current_session import time_left", 0),
        ("from app.sign_in.views import second_factor", 1),
        ("from app.sign_in import views", 1),
    ],
)
def test_views_of_sign_in_are_private_except_those_about_the_session(line: str, expected: int) -> None:
    sign_in = {
        f"app/sign_in/{name}.py": "" for name in ("views/__init__", "views/current_session", "views/second_factor")
    }
    assert figures.number("imports_beside_interface", _tree(**sign_in, **{VIEW: line})) == expected


def test_package_size_is_that_of_the_largest_package() -> None:
    paths = ("plan/__init__", "plan/a", "plan/b", "plan/pages/__init__", "plan/pages/c", "quizzes/a", "factory")
    assert figures.number("modules_at_the_top", _tree(**{f"app/{path}.py": "" for path in paths})) == 3


def test_offences_are_limited_to_the_package() -> None:
    tree = _tree(**{"app/plan/a.py": "class A: ...", "app/quizzes/a.py": "\nclass A: ..."})
    places = figures.offences("repeated_class_names", tree, "quizzes")
    assert [str(place) for place in places] == ["app/quizzes/a.py:2: A"]


def test_excess_names_the_worst_place_and_the_rule() -> None:
    tree = _tree(**{VIEW: "x = 1\ny = 1 if a else (2 if b else 3)"})
    assert figures.excess("nested_ternaries", tree, 1) == ""
    message = figures.excess("nested_ternaries", tree, 0)
    assert "nested_ternaries: 1, at most 0" in message
    assert figures.FIGURES["nested_ternaries"].rule in message
    assert f"{VIEW}:2: " in message


def test_recorded_numbers_are_lowered_and_never_raised() -> None:
    text = '# a = 5\n[figures]\na = 5\nb = 5\nc = 5\n[long_modules]\n"app/a.py" = "why"\n'
    assert figures.lowered(text, {"a": 4, "b": 6}) == text.replace("\na = 5", "\na = 4")


def test_commits_of_one_package_are_counted_among_those_with_4_to_6_files() -> None:
    alone = "\0\n\napp/plan/a.py\napp/plan/b.py\ntests/plan/test_a.py\napp/translations/messages.pot\n"
    shared = "\0\n\napp/plan/a.py\napp/plan/b.py\napp/quizzes/b.py\nREADME.md\n"
    small = "\0\n\napp/plan/a.py\n"
    assert figures.commits_in_one_package(alone + shared + small) == (2, 1)
