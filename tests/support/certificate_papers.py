"""PDF files of certificates, drawn with the fonts of tests/credentials/fonts alone, in a process of their own.

Copies under other names replace the fonts that a machine has as well, and that a style does not name for a text:
fontconfig prefers them wherever no named font has a letter.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from fontTools.ttLib import TTFont

from app.kernel import pdf_library

REPOSITORY = Path(__file__).resolve().parents[2]
FONTS = REPOSITORY / "tests" / "credentials" / "fonts"
STYLE = REPOSITORY / "app" / "credentials" / "templates" / "credentials" / "paper.css"
OTHER_FONTS = {
    "Noto Sans Arabic": "NotoNaskhArabic-Bold.ttf",
    "Noto Nastaliq Urdu": "NotoNaskhArabic-Bold.ttf",
    "Noto Sans Bengali": "NotoSerifBengali-Bold.ttf",
}
_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
  <match target="pattern"><edit name="family" mode="append_last">{names}</edit></match>
</fontconfig>
"""


def draw(documents: Mapping[str, str], folder: Path) -> str:
    """Draw a file of each document by its name. Return what WeasyPrint reported, each name before its messages."""
    for name, file in OTHER_FONTS.items():
        _copy(FONTS / file, folder / f"{name}.ttf", name)
    configuration, source = folder / "fonts.conf", folder / "documents.json"
    names = "".join(f"<string>{name}</string>" for name in OTHER_FONTS)
    configuration.write_text(_CONFIGURATION.format(fonts=FONTS, folder=folder, names=names))
    source.write_text(json.dumps(documents), "utf-8")
    environment = {**os.environ, "FONTCONFIG_FILE": str(configuration)}
    command = [sys.executable, "-m", "tests.support.certificate_papers", str(source)]
    result = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stderr


def _copy(source: Path, target: Path, name: str) -> None:
    """Write a font under another name."""
    font = TTFont(source)
    for number in (1, 4, 6):  # family, full name, name in PostScript
        font["name"].setName(name.replace(" ", "") if number == 6 else name, number, 3, 1, 0x409)
    font.save(target)


def main() -> None:
    source, style = Path(sys.argv[1]), STYLE.read_text("utf-8")
    pdf_library.load()
    logging.getLogger("weasyprint").addHandler(logging.StreamHandler())
    for name, text in json.loads(source.read_text("utf-8")).items():
        sys.stderr.write(f"{name}\n")
        source.with_name(f"{name}.pdf").write_bytes(pdf_library.draw(text, style))


if __name__ == "__main__":
    main()
