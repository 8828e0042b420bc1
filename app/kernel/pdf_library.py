"""The library that draws PDF files, WeasyPrint. It needs the system library Pango and is imported when it is needed."""

import importlib
from types import ModuleType
from typing import Any

from PIL import ImageFile

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"  # of Debian
FONT_PACKAGE = "fonts-noto-core"
FONTS = ("Noto Naskh Arabic", "Noto Nastaliq Urdu", "Noto Sans Bengali")  # of scripts that a server often lacks


class NoPdfError(Exception):
    """The system library Pango is missing."""


def load() -> ModuleType:
    """Return WeasyPrint. Raises NoPdfError if it does not find Pango."""
    try:
        library = importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise NoPdfError from error
    # importing it lets Pillow read damaged pictures, in the whole process: those of trainers are refused
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return library


def closed_fetcher() -> Any:
    """Return a fetcher that opens no address: a document is complete, and the shapes in its style are data."""
    load()
    return importlib.import_module("weasyprint.urls").URLFetcher(allowed_protocols=("data",))


def draw(text: str, style: str) -> bytes:
    """Return a PDF, tagged for screen readers, of HTML and a style. Raises NoPdfError without Pango."""
    library, fetcher = load(), closed_fetcher()
    sheet = library.CSS(string=style, url_fetcher=fetcher)
    page = library.HTML(string=text, url_fetcher=fetcher)
    return bytes(page.write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1"))


def is_available() -> bool:
    """Return whether this machine can draw PDF files."""
    try:
        load()
    except NoPdfError:
        return False
    return True


def missing_fonts() -> list[str]:
    """Return the names of fonts in FONTS that this machine lacks; other fonts then draw their scripts."""
    load()
    library = importlib.import_module("weasyprint.text.ffi")
    return [name for name in FONTS if _best_font(library, name).casefold() != name.casefold()]


def _best_font(library: ModuleType, name: str) -> str:
    """Return the name of the font that fontconfig chooses for a name."""
    fontconfig, ffi = library.fontconfig, library.ffi
    pattern = fontconfig.FcPatternCreate()
    fontconfig.FcPatternAddString(pattern, b"family", name.encode())
    fontconfig.FcConfigSubstitute(ffi.NULL, pattern, fontconfig.FcMatchPattern)
    fontconfig.FcDefaultSubstitute(pattern)
    match = fontconfig.FcFontMatch(ffi.NULL, pattern, ffi.new("FcResult *"))
    text = ffi.new("FcChar8 **")
    is_missing = match == ffi.NULL or fontconfig.FcPatternGetString(match, b"family", 0, text) != 0
    best = "" if is_missing else ffi.string(text[0]).decode("utf-8", "replace")
    fontconfig.FcPatternDestroy(pattern)
    if match != ffi.NULL:
        fontconfig.FcPatternDestroy(match)
    return best
