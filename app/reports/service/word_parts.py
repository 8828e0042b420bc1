"""What python-docx lacks: right-to-left text, fields, repeated heads, links to headings, the embedded JSON."""

from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from app.reports.service.embedding import NAMESPACE, encoded

INK, QUIET, ACCENT = RGBColor(0x1A, 0x24, 0x27), RGBColor(0x4B, 0x56, 0x59), RGBColor(0x0B, 0x55, 0x63)
TONES = {"good": RGBColor(0x1D, 0x68, 0x38), "risk": RGBColor(0x87, 0x50, 0x00), "bad": RGBColor(0xA1, 0x25, 0x2A)}
SHAPES = {"good": "\u25cf", "risk": "\u25b2", "bad": "\u25c6", "here": "\u25c9", "wait": "\u29d6", "none": "\u25cc"}
OPEN = "\u25cb"
"""A status is a word and a shape, also without colour."""
_TEXT_FACE, _HEAD_FACE = "Segoe UI", "Palatino Linotype"
_ARABIC_FACES = {"ar": "Arial", "ckb": "Arial", "ur": "Jameel Noori Nastaleeq", "bn": "Nirmala UI"}
_REGIONS = {"ar": "ar-SA", "ckb": "ku-Arab-IQ", "ur": "ur-PK", "en": "en-GB", "fr": "fr-FR"}
_CUSTOM_TYPE = "application/xml"
_HEADINGS = {"Title": 26, "Heading 1": 17, "Heading 2": 12, "Heading 3": 11}


@dataclass(frozen=True, slots=True)
class Script:
    """The language and direction of a document."""

    language: str
    is_rtl: bool

    @property
    def tag(self) -> str:
        """Return the tag of the language with a region, as Word expects."""
        return _REGIONS.get(self.language, self.language)

    @property
    def face(self) -> str:
        """Return the face of complex scripts."""
        return _ARABIC_FACES.get(self.language, _TEXT_FACE)


def prepare_styles(word: WordDocument, script: Script) -> None:
    """Set faces, sizes, colours, language and direction of the styles."""
    for name, face, size in (("Normal", _TEXT_FACE, 10), *((name, _HEAD_FACE, n) for name, n in _HEADINGS.items())):
        style: Any = word.styles[name]
        style.font.size = Pt(size)
        style.font.color.rgb = INK
        _set_faces(style.element.get_or_add_rPr(), face, script, size)
    quiet: Any = word.styles.add_style("Report note", WD_STYLE_TYPE.PARAGRAPH)
    quiet.base_style = word.styles["Normal"]
    quiet.font.size = Pt(8.5)
    quiet.font.color.rgb = QUIET
    caption: Any = word.styles["Caption"]
    caption.font.size, caption.font.bold, caption.font.color.rgb = Pt(9.5), True, INK
    caption.paragraph_format.keep_with_next = True
    _set_faces(quiet.element.get_or_add_rPr(), _TEXT_FACE, script, 8.5)
    _set_faces(caption.element.get_or_add_rPr(), _TEXT_FACE, script, 9.5)
    _remove_border(word.styles["Title"])


def _set_faces(properties: Any, face: str, script: Script, size: float) -> None:
    """Set the faces of all scripts, the size of complex ones, and the language."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()  # faces of a theme would win
    for name, value in (("ascii", face), ("hAnsi", face), ("eastAsia", face), ("cs", script.face)):
        fonts.set(qn(f"w:{name}"), value)
    for old in (*properties.findall(qn("w:szCs")), *properties.findall(qn("w:lang"))):
        properties.remove(old)
    append(properties, "w:szCs", val=str(round(size * 2)))
    _append_language(properties, script)


def _append_language(properties: Any, script: Script) -> None:
    latin = "en-GB" if script.is_rtl else script.tag
    append(properties, "w:lang", val=latin, bidi=script.tag)


def _remove_border(style: Any) -> None:
    properties = style.element.pPr
    border = properties.find(qn("w:pBdr")) if properties is not None else None
    if border is not None:
        properties.remove(border)


def append(parent: Any, name: str, **attributes: str) -> Any:
    """Append an element with attributes of the same namespace."""
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    parent.append(element)
    return element


def direct(paragraph: Any, script: Script) -> None:
    """Set the direction of a paragraph and its runs; alignment then begins at the right."""
    if not script.is_rtl:
        return
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - the library has no other way
    if properties.find(qn("w:bidi")) is None:
        bidi = OxmlElement("w:bidi")
        properties.insert_element_before(
            bidi, "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
            "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl",
            "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
        )  # fmt: skip


def direct_run(run: Any, script: Script) -> None:
    """Set the direction, the face of complex scripts and the language of a run."""
    if not script.is_rtl:
        return
    properties = run._r.get_or_add_rPr()  # noqa: SLF001
    fonts = OxmlElement("w:rFonts")
    fonts.set(qn("w:cs"), script.face)
    properties.insert(0, fonts)
    if run.bold:
        append(properties, "w:bCs")
    append(properties, "w:rtl")
    append(properties, "w:lang", bidi=script.tag)


def resize(run: Any, size: float, *, is_bold: bool = False) -> None:
    """Set the size and weight of a run for all scripts."""
    run.font.size = Pt(size)
    properties = run._r.get_or_add_rPr()  # noqa: SLF001
    complex_size = OxmlElement("w:szCs")
    complex_size.set(qn("w:val"), str(round(size * 2)))
    properties.insert_element_before(
        complex_size,
        "w:highlight",
        "w:u",
        "w:effect",
        "w:bdr",
        "w:shd",
        "w:fitText",
        "w:vertAlign",
        "w:rtl",
        "w:cs",
        "w:em",
        "w:lang",
    )
    if is_bold:
        run.bold = run.font.cs_bold = True


def direct_table(table: Any, script: Script) -> None:
    """Let columns begin at the right."""
    if script.is_rtl:
        visual = OxmlElement("w:bidiVisual")
        table._tbl.tblPr.insert_element_before(  # noqa: SLF001
            visual, "w:tblStyleRowBandSize", "w:tblStyleColBandSize", "w:tblW", "w:jc", "w:tblCellSpacing", "w:tblInd",
            "w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook",
        )  # fmt: skip


def direct_section(section: Any, script: Script) -> None:
    """Let the pages of a section begin at the right."""
    if script.is_rtl:
        section._sectPr.insert_element_before(OxmlElement("w:bidi"), "w:rtlGutter", "w:docGrid")  # noqa: SLF001


def repeat_heads(row: Any) -> None:
    """Repeat a row at the top of each page."""
    append(row._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001


def unbroken(row: Any) -> None:
    """Let a row not break across pages."""
    append(row._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001


def add_field(paragraph: Any, code: str) -> None:
    """Append a field, such as PAGE."""
    element = append(paragraph._p, "w:fldSimple", instr=code)  # noqa: SLF001
    run = append(element, "w:r")
    append(run, "w:t").text = "1"


def add_bookmark(paragraph: Any, name: str, number: int) -> None:
    """Mark a heading as the target of links."""
    start = OxmlElement("w:bookmarkStart")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    properties.addnext(start)
    append(paragraph._p, "w:bookmarkEnd", id=str(number))  # noqa: SLF001


def add_link(paragraph: Any, text: str, name: str) -> Any:
    """Append a link to a bookmark and return its run."""
    run = paragraph.add_run(text)
    link = append(paragraph._p, "w:hyperlink", anchor=name, history="1")  # noqa: SLF001
    link.append(run._r)  # noqa: SLF001
    return run


def describe_picture(shape: Any, text: str, number: int) -> None:
    """Set the alternative text of a picture."""
    properties = shape._inline.docPr  # noqa: SLF001
    properties.set("descr", text)
    properties.set("name", f"Chart {number}")


def embed_json(word: WordDocument, content: bytes, sha256: str) -> None:
    """Add the JSON as a custom XML part; Word and LibreOffice preserve it when the file is saved."""
    xml = f'<report xmlns="{NAMESPACE}" sha256="{sha256}">{encoded(content)}</report>'
    package: Any = word.part.package
    part = Part(package.next_partname("/customXml/item%d.xml"), _CUSTOM_TYPE, xml.encode(), package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
