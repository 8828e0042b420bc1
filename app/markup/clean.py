"""Allowlist of the HTML tags, attributes, classes and URLs that may be stored and shown; `clean` applies it."""

import re
from collections.abc import Callable, Mapping

import nh3

CLEANING_VERSION = 3  # raise it with every change of this list: stored fragments with a lower one are cleaned again

BLOCK_KINDS = ("note", "tip", "warning", "sensitive", "scenario", "details", "transcript", "country", "check")
_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr", "div"),
    *("code", "em", "strong", "sup", "sub", "del", "ins", "mark", "br", "a", "span", "bdi", "dfn"),
    *("img", "figure", "figcaption", "details", "summary"),
    *("audio", "video", "track"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
_CLASSES = {
    "div": {"block", "flow-s", "scroll", "footnotes"} | {f"is-{kind}" for kind in BLOCK_KINDS},
    "details": {"block", "is-details", "is-transcript", "term-note"},
    "summary": {"label"},
    "p": {"label"},
    "a": {"cite", "term", "outside", "footnote-ref", "footnote-back"},
    "span": {"vh"},
    "th": {"num"},
    "td": {"num"},
}
_ATTRIBUTES = {
    "*": {"id", "lang"},
    "a": {"href", "aria-label"},
    "img": {"src", "alt", "width", "height"},
    "audio": {"src", "aria-label"},
    "video": {"src", "aria-label"},
    "track": {"src", "srclang"},
    "div": {"aria-label"},
    "ol": {"start"},
}
_DIRECTIONS = {tag: {"dir": {"ltr", "rtl", "auto"}} for tag in _TAGS}
# the writer of Markdown leaves out a value that repeats its attribute, such as controls="controls"
_PLAYER = {"controls": {""}, "preload": {"none"}}
_VALUES: dict[str, dict[str, set[str]]] = _DIRECTIONS | {
    "a": _DIRECTIONS["a"] | {"rel": {"noreferrer noopener"}},
    "div": _DIRECTIONS["div"] | {"role": {"note", "region"}, "tabindex": {"0"}},
    "details": _DIRECTIONS["details"] | {"role": {"note"}},
    "img": _DIRECTIONS["img"] | {"loading": {"lazy"}},
    "audio": _DIRECTIONS["audio"] | _PLAYER,
    "video": _DIRECTIONS["video"] | _PLAYER,
    "track": _DIRECTIONS["track"] | {"kind": {"captions"}, "default": {""}},
    "th": _DIRECTIONS["th"] | {"scope": {"col", "row"}},
}
_SHAPES = {
    "id": re.compile(r"h-[\w-]{1,120}|fn(ref\d*)?[:-][\w-]{1,80}"),
    "lang": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    "srclang": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    # Browsers drop tabs and line ends inside an address and read "\" as "/":
    # one of them after the first slash would be another host.
    "href": re.compile(
        r"https?://[^/\\\s?#][^\s\\]*|mailto:[^\s\\:/]+@[^\s\\/]+|/(?![/\\])[^\s\\\x00-\x1f\x7f]*|#[^\s]+"
    ),
    "src": re.compile(r"/media/[\w./-]+"),
    "width": re.compile(r"\d{1,5}"),
    "height": re.compile(r"\d{1,5}"),
    "start": re.compile(r"\d{1,6}"),
}
_OUTSIDE_NOTE = re.compile(r'<span class="vh">[^<]*</span></a>')  # postprocess adds it to links that leave the site


def may_stand(attribute: str, value: str) -> bool:
    """Return whether the value matches the pattern of the attribute; without a pattern any text is allowed."""
    shape = _SHAPES.get(attribute)
    if attribute == "src" and ".." in value:
        return False
    return shape is None or shape.fullmatch(value) is not None


def _keep(_tag: str, attribute: str, value: str) -> str | None:
    return value if may_stand(attribute, value) else None


def clean(html: str) -> str:
    """Return the HTML fragment without everything that is not on the allowlist."""
    return _CLEANER.clean(html)


def clean_for_package(html: str, addresses: Mapping[str, str]) -> str:
    """Return a fragment for a package that needs no network: media with other addresses, links within its page only.

    `addresses` are those of the files in the package by the address of the medium; a medium without one has no address.
    """

    def rewrite(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            return addresses.get(value)
        if attribute == "href" and not value.startswith("#"):
            return None
        return _keep(tag, attribute, value)

    return _cleaner(rewrite).clean(_OUTSIDE_NOTE.sub("</a>", html))


def _cleaner(keep: Callable[[str, str, str], str | None]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags={"script", "style"},
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        link_rel=None,  # set where the link is made; own links need none
        tag_attribute_values=_VALUES,
        url_schemes={"http", "https", "mailto"},
        allowed_classes=_CLASSES,
    )


_CLEANER = _cleaner(_keep)  # made once: this takes longer than to clean a short text
