import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask

from app.web import assets
from app.web.assets import FOREVER, small_script, small_style


@pytest.mark.parametrize(
    ("css", "small"),
    [
        ("a { width: calc(1px + 2px) ; }", "a{width:calc(1px + 2px)}"),
        ("a { width: calc( (1px + 2px) * -1 ) }", "a{width:calc( (1px + 2px) * -1 )}"),
        ("@media (min-width: 40em) and (max-width: 60em) { a { b: c } }",
         "@media (min-width:40em) and (max-width:60em){a{b:c}}"),
        ("@media screen and (not (hover: none)) { a { b: c } }", "@media screen and (not (hover:none)){a{b:c}}"),
        (".a :not(.b) , .a:not(.b) { c: d }", ".a :not(.b),.a:not(.b){c:d}"),
        (".text > * + * { a: b }", ".text>* + *{a:b}"),
        ('html[lang|="ar"] [dir="rtl"] { a: b }', 'html[lang|="ar"] [dir="rtl"]{a:b}'),
        ('a::after { content: "a  ;  } > /* said */ ,  b" }', 'a::after{content:"a  ;  } > /* said */ ,  b"}'),
        ("a::after { content: '; }  x' }", "a::after{content:'; }  x'}"),
        ('a { b: "\\"  ; }" }', 'a{b:"\\"  ; }"}'),
        ("a { b: url( /x//*y.png ) ; c: d }", "a{b:url( /x//*y.png );c:d}"),
        ("a { /* gone; } */ b : c }", "a{b :c}"),
        ('/* "one */ a { b: c } /* two" */ d { e: f }', "a{b:c}d{e:f}"),
        ("a { font: 1em / 1.5 b, c ; --x: ; }", "a{font:1em / 1.5 b,c;--x:}"),
        ("@layer a, b ; @layer a { b { c: d ; } }", "@layer a,b;@layer a{b{c:d}}"),
        (":is(h1, h2) [lang] { a: b }", ":is(h1,h2) [lang]{a:b}"),
    ],
)  # fmt: skip
def test_minified_style_has_the_same_meaning(css: str, small: str) -> None:
    assert small_style(css).strip() == small


def test_the_style_of_the_site_survives() -> None:
    layers = [path.read_text("utf-8") for path in sorted((assets.STATIC / "css").glob("*.css"))]
    plain = re.sub(r"/\*.*?\*/", "", "\n".join(layers), flags=re.S)
    small = small_style("\n".join(layers))
    assert small.count("{") == small.count("}") == plain.count("{")
    assert re.findall(r'"[^"]*"', small) == re.findall(r'"[^"]*"', plain)
    for sign in (r"calc\(", r" \+ ", " - ", " and ", r"[\w\])] :"):
        assert len(re.findall(sign, small)) == len(re.findall(sign, re.sub(r"\s+", " ", plain))), sign
    assert len(small) < len(plain)


@pytest.mark.parametrize(
    ("script", "small"),
    [
        ("// one\n  two();\n", "two();"),
        ("/* a */ two(); /* b */\nthree();", "/* a */ two(); /* b */\nthree();"),
        ("/**\n * what\n */\nexport const a = 1; // said\n\n", "export const a = 1; // said"),
        ('const a = "//host/x";\n', 'const a = "//host/x";'),
    ],
)
def test_minified_script_has_the_same_meaning(script: str, small: str) -> None:
    assert small_script(script) == small


def test_scripts_hold_no_string_over_several_lines() -> None:
    spread = [
        path.name
        for path in (assets.STATIC / "js").glob("*.js")
        for line in path.read_text("utf-8").splitlines()
        if line.count("`") % 2
    ]
    assert spread == []


def test_asset_is_cached_and_compressed(lite_app: Flask) -> None:
    client = lite_app.test_client()
    address = assets.address(lite_app, "academy.css")
    plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    smallest = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert plain.status_code == packed.status_code == smallest.status_code == 200
    assert smallest.headers["Content-Encoding"] == "br"
    assert brotli.decompress(smallest.data) == plain.data
    assert len(smallest.data) < len(packed.data)
    assert (plain.headers["Cache-Control"], plain.headers["Content-Type"]) == (FOREVER, "text/css; charset=utf-8")
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert "Set-Cookie" not in plain.headers


def test_the_address_changes_with_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for layer in {layer for layers in assets.SHEETS.values() for layer in layers}:
        (tmp_path / "css").mkdir(exist_ok=True)
        (tmp_path / "css" / f"{layer}.css").write_text("a { b: c }")
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    found = []
    for colour in ("c", "d", "c"):
        (tmp_path / "css" / "base.css").write_text(f"a {{ b: {colour} }}")
        app = Flask(__name__, static_folder=None)
        assets.init_app(app)
        found.append(assets.address(app, "academy.css"))
    assert found[0] != found[1]
    assert found[0] == found[2]


@pytest.mark.parametrize(
    "path", ["/static/a/000000000000/academy.css", "/static/a/x/../secrets", "/static/academy.css"]
)
def test_no_other_address_is_served(lite_app: Flask, path: str) -> None:
    assert lite_app.test_client().get(path).status_code == 404


def test_imports_between_scripts_lead_to_addresses_that_are_served(lite_app: Flask) -> None:
    client = lite_app.test_client()
    script = client.get(assets.address(lite_app, "quiz.js")).text
    found = re.findall(r'from "([^"]+)"', script)
    assert found == [assets.address(lite_app, "outbox.js")]
    assert client.get(found[0]).status_code == 200


@pytest.mark.parametrize("own", ["reader.js", "quiz.js"])
def test_scripts_of_a_lesson_or_test_have_at_most_6000_bytes(lite_app: Flask, own: str) -> None:
    made = assets.assets(lite_app).by_name
    assert sum(len(made[name].brotli) for name in (own, "outbox.js")) <= 6_000


def test_every_style_belongs_to_a_sheet() -> None:
    layers = {layer for layers in assets.SHEETS.values() for layer in layers}
    assert layers == {path.stem for path in (assets.STATIC / "css").glob("*.css")}
