"""The small course with questions of all forms, a picture and an Arabic translation, for SCORM packages."""

import io
import re
import zipfile
from functools import cache

from PIL import Image

from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.translation_header import with_current_header
from app.catalogue.domain.translations import FrontState
from app.catalogue.service.preparation import ReadyCourse, prepare
from tests.support import courses

TITLE_AR = "الليل في الميناء"
SECRETS = ("SECRET-B", "SECRET-RESERVE", "SECRET-NONE", "SECRET-HINT")  # of questions and hints that no package has
LEFT_OUT = "T10-Q12"
PLAYED = ("T10-Q01", "T10-Q02", "T10-Q03", "T10-Q04", "T10-Q11")
MEDIA_TOML = """\
[[file]]
name = "quay.png"
licence = "CC0-1.0"
author = "COLEP Academy"
"""
QUAY = (
    "\n![The quay at night](media/quay.png)\n\nSee [the rules](https://example.org/rules) and [the list](/courses).\n"
)
MORE = """
## T10-Q11
kind: number
competency: PRT-01
form: A
unit: ships

How many ships are on the list?

---

= 3 ± 0.5
  > The list has three ships.

/// hint
SECRET-HINT
///

/// general
Count the lines of the list.
///

## T10-Q12
kind: match
competency: PRT-01
form: A

Match the ship with its berth.

---

| Ship | Berth |
| --- | --- |
| The first | 1 |
| The second | 2 |
"""
OTHER = """
## T10-Q{number}
kind: truefalse
competency: PRT-02
{form}
{secret} is at the quay.

---

- [x] True
- [ ] False
"""


def files(*, state: FrontState = FrontState.REVIEWED) -> dict[str, bytes]:
    """Return the folder; its Arabic translation is in this state."""
    folder = courses.files()
    slug = courses.SLUG
    facts = folder[f"{slug}/course.toml"].decode()
    folder[f"{slug}/course.toml"] = facts.replace("items = 2 }", "items = 1 }").encode()
    bank = folder[f"{slug}/test.en.md"].decode()
    bank = re.sub(r"(## T10-Q0[1-4]\n)", r"\1form: A\n", bank)
    others = [(21, "form: B\n", SECRETS[0]), (22, "form: reserve\n", SECRETS[1]), (23, "", SECRETS[2])]
    bank += MORE + "".join(OTHER.format(number=number, form=form, secret=secret) for number, form, secret in others)
    folder[f"{slug}/test.en.md"] = bank.encode()
    folder[f"{slug}/lessons/the-quay.en.md"] += QUAY.encode()
    folder[f"{slug}/media.toml"] = MEDIA_TOML.encode()
    folder[f"{slug}/media/quay.png"] = _picture()
    for path in ("course", "lessons/the-list", "lessons/the-quay", "lessons/after-the-watch", "test", "scenario"):
        source = folder[f"{slug}/{path}.en.md"].decode()
        folder[f"{slug}/{path}.ar.md"] = re.sub("^# .*$", f"# {TITLE_AR}", source, count=1, flags=re.M).encode()
    for path in [path for path in folder if path.endswith(".ar.md")]:
        folder[path] = with_current_header(folder, path, state=state)
    return folder


@cache
def ready(*, state: FrontState = FrontState.REVIEWED) -> ReadyCourse:
    """Return the course read and rendered, once a session for each state of its translation."""
    folder = files(state=state)
    library, problems = read_folder(folder)
    errors = [str(problem) for problem in problems if problem.weight is Weight.ERROR]
    assert not errors, errors
    return prepare(library.courses[courses.SLUG], library.references, folder)


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the files of an archive by path."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(file, "PNG")
    return file.getvalue()
