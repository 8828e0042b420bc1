"""Names and titles in several scripts on the PDF of a certificate: each letter is drawn, by a font that has it."""

from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from pypdfium2 import raw

from app.credentials.pages.certificate import PaperPage, Sheet
from app.i18n.languages import direction
from app.i18n.stored_translations import TranslatedText
from app.kernel import pdf_library
from app.web.pages import render
from tests.support import certificate_papers

NOT_DRAWN = ".notdef glyph rendered"
URDU = "محمد ٹیپو ڈار گڑھی والے خاں چوہدری پژمردہ"  # every letter that Urdu has and Arabic has not
URDU_TITLE = "گھاٹ پر پہرہ اور ٹیم کی جانچ"
KURDISH = "ئاراس ڕێبوار گەڵاڵە"
BENGALI, BENGALI_TITLE = "মোহাম্মদ আল মামুন চৌধুরী", "ঘাটে পাহারা"
FRENCH, ARABIC = "Zoé Lefèvre-Œuvrard", "رنا خليل المهدي"
TITLE = "A watch at the quay"
HEADINGS = {"en": "Certificate of attendance", "fr": "Attestation de présence", "ar": "شهادة حضور"}
PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
NAME_SIZE, TITLE_SIZE = 22, 16  # in points
CERTIFICATES = {  # language, holder, title and its language
    "urdu": ("en", URDU, URDU_TITLE, "ur"),
    "urdu-in-arabic": ("ar", URDU, URDU_TITLE, "ur"),
    "kurdish": ("en", KURDISH, TITLE, "en"),
    "bengali": ("fr", BENGALI, BENGALI_TITLE, "bn"),
    "bengali-in-arabic": ("ar", BENGALI, TITLE, "en"),
    "arabic": ("en", ARABIC, TITLE, "en"),
    "french": ("fr", FRENCH, "Une veille au quai", "fr"),
    "without-a-font": ("en", "王伟", TITLE, "en"),
}
NASKH, BENGALI_SERIF, SERIF = "Noto-Naskh-Arabic-Bold", "Noto-Serif-Bengali-Bold", "Noto-Serif-Bold"


@dataclass(frozen=True, slots=True)
class DrawnPapers:
    """The folder of the files, and the certificates with a letter that no font has."""

    folder: Path
    incomplete: frozenset[str]

    def text(self, name: str) -> list[str]:
        """Return the lines of a certificate, as a program reads them."""
        with pypdfium2.PdfDocument(self.folder / f"{name}.pdf") as opened:
            assert len(opened) == 1
            return [str(line) for line in opened[0].get_textpage().get_text_range().splitlines()]

    def fonts(self, name: str, size: int) -> set[str]:
        """Return the fonts of the texts of a size in points, without the mark of their part."""
        with pypdfium2.PdfDocument(self.folder / f"{name}.pdf") as opened:
            objects = opened[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])
            texts = [text for text in objects if round(text.get_font_size() * text.get_matrix().a) == size]
            return {text.get_font().get_base_name().partition("+")[2] for text in texts}


def _document(language: str, holder: str, title: str, title_language: str) -> str:
    sheet = Sheet(
        heading=HEADINGS[language],
        holder=holder,
        statement="",
        title=TranslatedText(title, title_language),
        facts=(),
        limit="",
        code="",
        address="",
        picture=PICTURE,
        ended="",
    )
    return render(PaperPage(sheet=sheet, language=language, dir=direction(language)))


@pytest.fixture(scope="module")
def papers(sqlite_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> DrawnPapers:
    if not pdf_library.is_available():
        pytest.skip("Pango is not installed: no PDF")
    folder = tmp_path_factory.mktemp("papers")
    with sqlite_app.test_request_context("/"):
        documents = {name: _document(*texts) for name, texts in CERTIFICATES.items()}
    incomplete, name = set(), ""
    for line in certificate_papers.draw(documents, folder).splitlines():
        name = line if line in CERTIFICATES else name
        if NOT_DRAWN in line:
            incomplete.add(name)
    return DrawnPapers(folder, frozenset(incomplete))


def test_letters_of_each_script_are_drawn(papers: DrawnPapers) -> None:
    assert papers.incomplete == {"without-a-font"}  # so the test notices a letter that no font has


@pytest.mark.parametrize("name", ["urdu", "urdu-in-arabic", "kurdish", "arabic", "french"])
def test_name_and_title_are_read_from_the_file_as_written(papers: DrawnPapers, name: str) -> None:
    _language, holder, title, _title_language = CERTIFICATES[name]
    lines = papers.text(name)
    assert holder in lines
    assert title in lines


@pytest.mark.parametrize(
    ("name", "font", "title_font"),
    [
        ("urdu", NASKH, NASKH),
        ("urdu-in-arabic", NASKH, NASKH),
        ("arabic", NASKH, SERIF),
        ("bengali", BENGALI_SERIF, BENGALI_SERIF),
        ("bengali-in-arabic", BENGALI_SERIF, SERIF),
        ("french", SERIF, SERIF),
    ],
)
def test_name_and_title_have_the_font_of_their_script(
    papers: DrawnPapers, name: str, font: str, title_font: str
) -> None:
    assert (papers.fonts(name, NAME_SIZE), papers.fonts(name, TITLE_SIZE)) == ({font}, {title_font})
