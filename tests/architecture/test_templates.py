import functools
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from app.web import assets

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
FOLDERS = [APP / "templates", *sorted(APP.glob("*/templates"))]
TEMPLATES = sorted(path for folder in FOLDERS for path in folder.rglob("*.html"))
STYLES = sorted((APP / "static" / "css").glob("*.css"))
# print repeats some colours: a page on paper has no theme
COLOURS_IN = {"tokens.css", "print.css"}
BOUND_TO_ONE_WAY_OF_WRITING = re.compile(
    r"(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)\b"
    r"|(?<![\w-])(?:left|right)\s*:"
    r"|(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch)\(|:\s*(?:white|black|red|gr[ae]y|blue)\b", re.I)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _style(path: Path) -> str:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    return re.sub(r'url\("[^"]*"\)', "", text)


@functools.cache
def _environment() -> jinja2.Environment:
    def passed(value: object, *_: object) -> object:
        return value

    loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(folder) for folder in FOLDERS])
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.i18n"]
    )
    environment.filters.update(
        dict.fromkeys(("day", "moment", "country", "language", "direction", "joined", "stored"), passed)
    )
    return environment


class Tags(HTMLParser):
    """Find scripts and styles inside the page, and attributes that contain code or style."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        self.found += [name for name in names if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)


def painted(html: str) -> list[str]:
    tags = Tags()
    tags.feed(re.sub(r"\{[%#{].*?[%#}]\}", "", html, flags=re.S))
    return tags.found


@functools.cache
def _tree(template: str) -> nodes.Template:
    return _environment().parse(template)


def unused_imports(template: str) -> list[str]:
    tree = _tree(template)
    names = [name for node in tree.find_all(nodes.FromImport) for name in node.names]
    imported = [each[1] if isinstance(each, tuple) else each for each in names]
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    return [each for each in imported if each not in used]


def one_way(style: str) -> list[str]:
    return BOUND_TO_ONE_WAY_OF_WRITING.findall(style)


def _faults(find: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """Return what `find` returns for the text of each template, where it is not empty."""
    faults_by_name = {_name(path): find(path.read_text("utf-8")) for path in TEMPLATES}
    return {name: faults for name, faults in faults_by_name.items() if faults}


def _filters_that_mark_as_safe(template: str) -> list[str]:
    safe = [node.name for node in _tree(template).find_all(nodes.Filter) if node.name == "safe"]
    return safe + re.findall("autoescape", template)


def test_templates_compile() -> None:
    environment = _environment()
    for folder in FOLDERS:
        for path in folder.rglob("*.html"):
            name = path.relative_to(folder).as_posix()
            assert environment.get_template(name).name == name


def test_templates_hold_no_script_or_style() -> None:
    assert _faults(painted) == {}


def test_templates_mark_nothing_as_safe() -> None:
    assert _faults(_filters_that_mark_as_safe) == {}


def test_templates_put_no_comma_between_values_by_hand() -> None:
    """Arabic has another comma: lists are `joined`, other pairs a sentence of the catalogue."""
    assert _faults(re.compile(r"loop\.(?:last|first) %\},\s|</\w+>,\s+\{\{").findall) == {}


def test_templates_use_what_they_import() -> None:
    assert _faults(unused_imports) == {}


def test_templates_say_what_they_are_first() -> None:
    assert [_name(path) for path in TEMPLATES if not path.read_text("utf-8").lstrip().startswith("{#")] == []


def test_macros_are_imported_without_context() -> None:
    assert [_name(path) for path in TEMPLATES if "with context" in path.read_text("utf-8")] == []


@pytest.mark.parametrize("path", STYLES, ids=_name)
def test_style_knows_no_left_or_right(path: Path) -> None:
    assert one_way(_style(path)) == []


@pytest.mark.parametrize("path", [path for path in STYLES if path.name not in COLOURS_IN], ids=_name)
def test_style_takes_its_colours_from_the_tokens(path: Path) -> None:
    assert COLOUR.findall(_style(path)) == []


@pytest.mark.parametrize("path", STYLES, ids=_name)
def test_style_stands_in_a_layer(path: Path) -> None:
    outside = re.sub(r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}", "{}", _style(path))
    assert set(re.findall(r"([^\s{};][^{};]*)\{\}", outside)) <= {
        f"@layer {name} " for name in ("tokens", "base", "layout", "components", "charts", "states", "print")
    }


def test_dark_is_written_once_for_the_device_and_once_for_the_person() -> None:
    style = _style(APP / "static" / "css" / "tokens.css")
    device = re.search(r':not\(\[data-theme="light"\]\)\s*\{([^}]*)\}', style)
    person = re.search(r':root\[data-theme="dark"\]\s*\{([^}]*)\}', style)
    assert device is not None
    assert person is not None
    assert device[1].split() == person[1].split()


def test_the_checks_can_fail() -> None:
    assert _faults(lambda template: [template[0]]).keys() == {_name(path) for path in TEMPLATES}
    assert _filters_that_mark_as_safe("{{ text | safe }}{% autoescape false %}{% endautoescape %}") != []
    assert painted('<p style="color:red" onclick="x()"></p><script>x()</script><style></style>') != []
    assert unused_imports('{% from "components/status.html" import status %}') == ["status"]
    assert one_way("a { margin-left: 1px; text-align: right; left: 0 }") != []
    assert COLOUR.findall("a { color: #fff; background: rgb(0 0 0) }") != []


def test_styles_stay_small() -> None:
    # as sent; brotli comes with the application, so the size is the same on every machine
    sizes = {
        name: len(assets._asset(name, "text/css", assets._style(layers)).brotli)
        for name, layers in assets.SHEETS.items()
    }
    assert sizes["academy.css"] + sizes["pages.css"] <= 11 * 1024
    assert sizes["academy.css"] + sizes["staff.css"] <= 12 * 1024
    assert sizes["documents.css"] <= 2400
