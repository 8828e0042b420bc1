import io
import re

import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from PIL import Image

from app.catalogue.domain.lesson_reader import read_lesson, write_lesson
from app.catalogue.domain.lessons import LessonSource
from app.catalogue.domain.media import MEDIA_NAME
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import TextFile
from app.markup.texts import writer
from app.studio.domain.exchange import word_pictures
from app.studio.domain.exchange.archive import RefusedFileError
from app.studio.domain.exchange.shapes import NoteSeverity
from app.studio.domain.exchange.word_lesson import ImportedLesson, ImportedLessons, read_lessons
from app.studio.domain.exchange.word_lesson_template import write_lesson_template
from tests.support import lesson_jobs
from tests.support.word_documents import new_document, paragraph, part_of, saved, tampered, with_body

_render = writer(inline=False, labels=lesson_jobs.ENGLISH, media={})
_FOOTNOTE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def _only(imported: ImportedLessons) -> ImportedLesson:
    assert len(imported.lessons) == 1
    return imported.lessons[0]


def _notes(imported: ImportedLessons) -> list[str]:
    return [note.message % note.values for note in imported.notes]


def _problems(lesson: ImportedLesson) -> list[Problem]:
    text = write_lesson(LessonSource(lesson.title, lesson.body_markdown))
    return read_lesson(TextFile("lesson.en.md", text))[1]


def _picture(kind: str = "PNG", size: tuple[int, int] = (30, 20)) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size).save(file, kind)
    file.seek(0)
    return file


def _body(inside: str) -> str:
    return _only(read_lessons(with_body(inside))).body_markdown


def test_title_is_the_paragraph_with_the_style_title_and_headings_begin_at_level_two() -> None:
    document = new_document()
    document.add_heading("The first contact", 0)
    document.add_heading("Safety", 1)
    document.add_heading("Distance", 2)
    document.add_heading("Needs", 1)
    lesson = _only(read_lessons(saved(document)))
    assert (lesson.title, lesson.slug) == ("The first contact", "the-first-contact")
    assert lesson.body_markdown == "## Safety\n\n### Distance\n\n## Needs"


def test_title_is_the_only_first_heading() -> None:
    document = new_document()
    document.add_heading("The first contact", 1)
    document.add_heading("Safety", 2)
    lesson = _only(read_lessons(saved(document), name="draft.docx"))
    assert (lesson.title, lesson.body_markdown) == ("The first contact", "## Safety")


def test_title_is_the_name_of_the_file_if_the_document_has_several_first_headings() -> None:
    document = new_document()
    document.add_heading("Safety", 1)
    document.add_heading("Needs", 1)
    imported = read_lessons(saved(document), name="First *contact*.docx")
    lesson = _only(imported)
    assert (lesson.title, lesson.slug) == ("First \\*contact\\*", "first-contact")
    assert lesson.body_markdown == "## Safety\n\n## Needs"
    assert 'The lesson "First *contact*" has no title in the document.' in _notes(imported)


def test_headings_never_skip_a_level() -> None:
    document = new_document()
    document.add_heading("Title", 0)
    for level in (3, 6, 3, 9):
        document.add_heading(f"Level {level}", level)
    lesson = _only(read_lessons(saved(document)))
    assert lesson.body_markdown == "## Level 3\n\n### Level 6\n\n## Level 3\n\n### Level 9"
    assert _problems(lesson) == []


def test_document_is_split_at_each_first_heading() -> None:
    document = new_document()
    document.add_heading("A course", 0)
    for number in (1, 2):
        document.add_heading("The same name", 1)
        document.add_heading("Inside", 2)
        document.add_paragraph(f"Text {number}")
    imported = read_lessons(saved(document), split=True)
    assert [(lesson.title, lesson.slug) for lesson in imported.lessons] == [
        ("The same name", "the-same-name"),
        ("The same name", "the-same-name-2"),
    ]
    assert imported.lessons[1].body_markdown == "## Inside\n\nText 2"
    assert "The title of the document is in no lesson: A course" in _notes(imported)


def test_text_before_the_first_heading_is_a_lesson_of_its_own() -> None:
    document = new_document()
    document.add_heading("A course", 0)
    document.add_paragraph("Welcome.")
    document.add_heading("Safety", 1)
    imported = read_lessons(saved(document), split=True)
    assert [(lesson.title, lesson.body_markdown) for lesson in imported.lessons] == [
        ("A course", "Welcome."),
        ("Safety", ""),
    ]


def test_document_without_first_heading_is_not_split() -> None:
    document = new_document()
    document.add_paragraph("Welcome.")
    imported = read_lessons(saved(document), name="a.docx", split=True)
    assert _only(imported).body_markdown == "Welcome."
    assert "The document has no Heading 1, so it is one lesson." in _notes(imported)


def test_title_in_another_script_has_a_neutral_address() -> None:
    document = new_document()
    document.add_heading("الاتصال الأول", 0)
    lesson = _only(read_lessons(saved(document)))
    assert (lesson.title, lesson.slug) == ("الاتصال الأول", "lesson")


def test_lists_are_nested() -> None:
    document = new_document()
    for text, style in (
        ("a", "List Bullet"),
        ("b", "List Bullet 2"),
        ("c", "List Bullet 3"),
        ("d", "List Bullet"),
        ("between", "Normal"),
        ("1. e", "List Number"),
        ("f", "List Number 2"),
        ("g", "List Number"),
    ):
        document.add_paragraph(text, style=style)
    lesson = _only(read_lessons(saved(document)))
    assert lesson.body_markdown == ("- a\n    - b\n        - c\n- d\n\nbetween\n\n1. 1\\. e\n    1. f\n2. g")
    assert _render(lesson.body_markdown).count("<li>") == 7


def _styled(style: str, text: str, *, number: int = 0) -> str:
    numbering = f"<w:numPr><w:ilvl w:val='0'/><w:numId w:val='{number}'/></w:numPr>" if number else ""
    return paragraph(text, properties=f"<w:pPr><w:pStyle w:val='{style}'/>{numbering}</w:pPr>")


def test_heading_with_a_number_is_a_heading() -> None:
    assert _body(_styled("Title", "Title") + _styled("Heading1", "Safety", number=2)) == "## Safety"


def test_numbers_of_paragraphs_make_a_list() -> None:
    assert _body(_styled("Normal", "a", number=2) + _styled("Normal", "b", number=1)) == "1. a\n\n- b"


def test_list_that_begins_at_the_second_level_is_a_list() -> None:
    inside = _styled("ListBullet2", "b") + _styled("ListBullet2", "c") + _styled("ListBullet", "a")
    assert _body(inside) == "- b\n- c\n- a"


def test_long_list_is_no_long_paragraph() -> None:
    document = new_document()
    for _ in range(100):
        document.add_paragraph("word " * 20, style="List Bullet")
    lesson = _only(read_lessons(saved(document)))
    assert _problems(lesson) == []
    assert _render(lesson.body_markdown).count("<ul>") == 1


def test_table_has_a_heading_row_and_escaped_bars() -> None:
    document = new_document()
    table = document.add_table(2, 2)
    for (row, column), text in {(0, 0): "Sign", (0, 1): "Meaning", (1, 0): "a|b", (1, 1): "# not a heading"}.items():
        table.cell(row, column).text = text
    lesson = _only(read_lessons(saved(document)))
    assert lesson.body_markdown == "| Sign | Meaning |\n| --- | --- |\n| a\\|b | \\# not a heading |"
    assert "<td>a|b</td>" in _render(lesson.body_markdown)


def test_merged_cells_are_divided_and_several_paragraphs_are_one_line() -> None:
    document = new_document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Head"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Side"
    table.cell(1, 1).text = "first"
    table.cell(1, 1).add_paragraph("second")
    imported = read_lessons(saved(document))
    assert _only(imported).body_markdown.split("\n") == [
        "| Head |  |  |",
        "| --- | --- | --- |",
        "| Side | first; second |  |",
        "|  |  |  |",
    ]
    assert _notes(imported)[-2:] == [
        "Tables with merged cells, which are divided now: 1.",
        "Table cells with several paragraphs, which are one line now: 1.",
    ]


def test_table_with_a_single_cell_is_ordinary_text() -> None:
    document = new_document()
    document.add_table(1, 1).cell(0, 0).text = "Framed"
    assert _only(read_lessons(saved(document))).body_markdown == "Framed"


def test_huge_spans_of_cells_are_cut() -> None:
    cell = f"<w:tc><w:tcPr><w:gridSpan w:val='99999999'/></w:tcPr>{paragraph('a')}</w:tc>"
    body = _body(f"<w:tbl><w:tr>{cell}</w:tr><w:tr>{cell}{cell}</w:tr></w:tbl>")
    assert len(body) < 2_000


def test_bold_italics_links_and_breaks_are_marked() -> None:
    document = new_document()
    line = document.add_paragraph("See ")
    line.add_run("this ").bold = True
    line.add_run("now").italic = True
    line.add_run().add_break()
    line.add_run("/// note")
    assert _only(read_lessons(saved(document))).body_markdown == "See **this** _now_  \n&#47;// note"


def test_plain_text_that_looks_like_markdown_stays_plain() -> None:
    document = new_document()
    texts = ["# a", "/// note", "- b", "1. c", "[@source]", "[[term]]", "<b>", "![x](y)", "> q", "Note: text", ": d"]
    for text in texts:
        document.add_paragraph(text)
    lesson = _only(read_lessons(saved(document)))
    assert _problems(lesson) == []
    rendered = _render(lesson.body_markdown)
    assert rendered.count("<p>") == len(texts)
    assert "block" not in rendered


def test_styles_of_the_template_become_blocks() -> None:
    document = new_document()
    for name in ("COLEP Note", "COLEP Warning", "COLEP Scenario"):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Note: Read this.", style="COLEP Note")
    document.add_paragraph("And this.", style="COLEP Note")
    document.add_paragraph("Beware.", style="COLEP Warning")
    document.add_paragraph("At night", style="COLEP Scenario")
    lesson = _only(read_lessons(saved(document)))
    assert lesson.body_markdown == (
        "/// note\nRead this.\n\nAnd this.\n///\n\n/// warning\nBeware.\n///\n\n/// scenario\nAt night\n///"
    )
    assert _problems(lesson) == []
    assert _render(lesson.body_markdown).count('class="block') == 3


def test_quotation_is_marked() -> None:
    document = new_document()
    document.add_paragraph("Words", style="Quote")
    assert _only(read_lessons(saved(document))).body_markdown == "> Words"


def test_picture_is_named_after_the_lesson_and_has_its_description() -> None:
    document = new_document()
    document.add_heading("A map", 0)
    document.add_picture(_picture())
    document.add_picture(_picture("JPEG", (40, 20)))
    properties = document.element.body.findall(".//" + qn("wp:docPr"))
    properties[0].set("descr", "A [map]\nof roads. Description automatically generated")
    imported = read_lessons(saved(document))
    lesson = _only(imported)
    assert lesson.body_markdown == "![A (map) of roads.](../media/a-map-1.png)\n\n![](../media/a-map-2.jpg)"
    assert [(picture.name, picture.kind) for picture in lesson.pictures] == [
        ("a-map-1.png", "png"),
        ("a-map-2.jpg", "jpg"),
    ]
    assert _notes(imported) == ["Pictures without a description: 1."]
    assert [problem.message for problem in _problems(lesson)] == ["The picture %(name)s has no description."]


def test_pictures_belong_to_the_lesson_that_shows_them() -> None:
    document = new_document()
    for size in (30, 40):
        document.add_heading("Part", 1)
        document.add_picture(_picture(size=(size, 20)))
    imported = read_lessons(saved(document), split=True)
    names = [[picture.name for picture in lesson.pictures] for lesson in imported.lessons]
    assert names == [["part-1.png"], ["part-2-1.png"]]


def test_picture_of_another_type_is_left_out_with_a_note() -> None:
    document = new_document()
    document.add_paragraph("Text")
    document.add_picture(_picture("BMP"))
    imported = read_lessons(saved(document))
    assert _only(imported).pictures == ()
    assert _only(imported).body_markdown == "Text"
    message = "Picture 1 of the document was left out: This type of picture is not accepted."
    assert message in _notes(imported)


def test_pictures_over_the_budget_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_pictures, "MOST_PIXELS", 500)
    document = new_document()
    for size in (30, 31, 32):
        document.add_picture(_picture(size=(size, 20)))
    imported = read_lessons(saved(document))
    assert len(_only(imported).pictures) == 1
    assert "The document has too many pictures; left out: 2." in _notes(imported)


def test_tracked_changes_are_accepted() -> None:
    inside = (
        "<w:p><w:r><w:t xml:space='preserve'>The </w:t></w:r>"
        "<w:ins w:id='1' w:author='A'><w:r><w:t xml:space='preserve'>new </w:t></w:r></w:ins>"
        "<w:del w:id='2' w:author='A'><w:r><w:delText xml:space='preserve'>old </w:delText></w:r></w:del>"
        "<w:r><w:t>text</w:t></w:r></w:p>"
        "<w:p><w:moveFrom w:id='3'><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:moveTo w:id='4'><w:r><w:t>moved</w:t></w:r></w:moveTo></w:p>"
    )
    imported = read_lessons(with_body(inside))
    assert _only(imported).body_markdown == "The new text\n\nmoved"
    assert "Tracked insertions that were accepted: 2." in _notes(imported)
    assert "Tracked deletions that were carried out: 1." in _notes(imported)


def _with_footnotes(inside: str, notes: str) -> bytes:
    content = with_body(inside)
    types = part_of(content, "[Content_Types].xml")
    relations = part_of(content, "word/_rels/document.xml.rels")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    return tampered(
        content,
        {
            "word/footnotes.xml": f"<w:footnotes {_W}>{notes}</w:footnotes>".encode(),
            "[Content_Types].xml": types.replace(
                "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{_FOOTNOTE_TYPE}"/></Types>'
            ).encode(),
            "word/_rels/document.xml.rels": relations.replace(
                "</Relationships>", f'<Relationship Id="rN" Type="{kind}" Target="footnotes.xml"/></Relationships>'
            ).encode(),
        },
    )


def test_footnotes_are_numbered_in_their_lesson() -> None:
    def heading(number: int) -> str:
        properties = "<w:pPr><w:pStyle w:val='Heading1'/></w:pPr>"
        reference = f"<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id='{number}'/></w:r></w:p>"
        return paragraph(f"Part {number}", properties=properties) + reference

    notes = "".join(f"<w:footnote w:id='{n}'>{paragraph(f'Note {n}')}{paragraph('more')}</w:footnote>" for n in (2, 3))
    imported = read_lessons(_with_footnotes(heading(2) + heading(3), notes), split=True)
    assert [lesson.body_markdown for lesson in imported.lessons] == [
        "Text[^1]\n\n[^1]: Note 2\n\n    more",
        "Text[^1]\n\n[^1]: Note 3\n\n    more",
    ]
    rendered = _render(imported.lessons[1].body_markdown)
    assert "Note 3" in rendered.split('class="footnotes"')[1]
    assert "more" in rendered.split('class="footnotes"')[1]


def test_links_of_words_are_links() -> None:
    inside = (
        "<w:p><w:hyperlink r:id='rL'><w:r><w:t>page</w:t></w:r></w:hyperlink>"
        "<w:r><w:t xml:space='preserve'> and </w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r>"
        "<w:r><w:instrText> HYPERLINK &quot;mailto:office@example.org&quot; </w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>mail</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
        "<w:hyperlink w:anchor='other'><w:r><w:t>, inside</w:t></w:r></w:hyperlink></w:p>"
    )
    relation = (
        '<Relationship Id="rL" TargetMode="External" Target="https://example.org/a?b=1&amp;c=2" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/>'
    )
    content = with_body(inside)
    relations = part_of(content, "word/_rels/document.xml.rels").replace("</Rel", f"{relation}</Rel")
    imported = read_lessons(tampered(content, {"word/_rels/document.xml.rels": relations.encode()}), name="a")
    expected = "[page](https://example.org/a?b=1&c=2) and [mail](mailto:office@example.org), inside"
    assert _only(imported).body_markdown == expected
    assert len(imported.notes) == 1


def test_footnote_and_picture_in_a_heading_are_left_out() -> None:
    properties = "<w:pPr><w:pStyle w:val='Heading1'/></w:pPr>"
    inside = f"<w:p>{properties}<w:r><w:t>Title</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    imported = read_lessons(_with_footnotes(inside, f"<w:footnote w:id='2'>{paragraph('Note')}</w:footnote>"))
    assert _only(imported).title == "Title"
    assert "Pictures and footnotes in headings were left out: 1." in _notes(imported)


def test_comments_are_notes_without_their_author() -> None:
    document = new_document()
    commented = document.add_paragraph("Text")
    document.add_comment(commented.runs, text="Is this still in force?", author="A. Author", initials="AA")
    imported = read_lessons(saved(document))
    assert _only(imported).body_markdown == "Text"
    assert _notes(imported)[-1] == 'Comment: "Is this still in force?"'
    assert "Author" not in str(imported.notes)


_BOX = (
    "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><a:graphic><a:graphicData>"
    "<wps:wsp><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline>"
    "</w:drawing></mc:Choice>{1}</mc:AlternateContent></w:r></w:p>"
)
_FALLBACK = (
    "<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></v:shape></w:pict>"
    "</mc:Fallback>"
)
_GRAPHIC = (
    "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData>{0}</a:graphicData></a:graphic></wp:inline>"
    "</w:drawing></w:r></w:p>"
)


@pytest.mark.parametrize(
    ("inside", "note"),
    [
        (
            _BOX.format(paragraph("Box"), _FALLBACK.format(paragraph("Box"))),
            "Text boxes: 1. Their text is below the paragraph beside them.",
        ),
        (_BOX.format(paragraph("Box"), ""), "Text boxes that were left out: 1."),
        (_GRAPHIC.format("<wps:wsp/>") * 2, "Drawn shapes that were left out: 2."),
        ("<w:p><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></w:p>" * 3, "Equations that were left out: 3."),
        (_GRAPHIC.format("<c:chart/>"), "Charts that were left out: 1."),
        (_GRAPHIC.format("<dgm:relIds/>"), "SmartArt graphics that were left out: 1."),
        ("<w:p><w:r><w:object><o:OLEObject/></w:object></w:r></w:p>", "Embedded files that were left out: 1."),
        (
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>",
            "Pieces of hidden text that are visible now: 1.",
        ),
        ("<w:altChunk r:id='rId1'/>", "Embedded files that were left out: 1."),
        (
            "<w:sectPr><w:cols w:num='2'/></w:sectPr>",
            "Sections with columns, which are ordinary text now: 1.",
        ),
        (
            "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>x</w:t></w:r></w:p>",
            "Text that was struck out is ordinary text: 1.",
        ),
    ],
)
def test_what_a_lesson_cannot_have_is_noted_with_how_many(inside: str, note: str) -> None:
    imported = read_lessons(with_body(paragraph("Text") + inside), name="a")
    assert note in _notes(imported)
    assert "Text" in _only(imported).body_markdown
    assert all(note.severity is NoteSeverity.WARNING and note.hint for note in imported.notes)


def test_headers_and_footers_with_text_are_noted() -> None:
    document = new_document()
    document.add_paragraph("Text")
    document.sections[0].header.paragraphs[0].text = "Confidential"
    imported = read_lessons(saved(document))
    assert "Headers and footers that were left out: 1." in _notes(imported)
    assert "Confidential" not in _only(imported).body_markdown


def test_table_of_contents_is_left_out() -> None:
    document = new_document()
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Safety 3", style="toc 1")
    document.add_paragraph("Text")
    imported = read_lessons(saved(document))
    assert _only(imported).body_markdown == "Text"
    assert "Lines of a table of contents were left out: 1." in _notes(imported)


def test_lesson_over_the_limit_of_a_page_is_noted() -> None:
    document = new_document()
    for _ in range(700):
        document.add_paragraph("word " * 20)
    imported = read_lessons(saved(document), name="long.docx")
    assert 'The lesson "long" is longer than 60 KB.' in _notes(imported)


def test_empty_document_is_refused() -> None:
    with pytest.raises(RefusedFileError, match="contains no text"):
        read_lessons(saved(new_document()))


def test_names_of_pictures_are_names_of_media() -> None:
    document = new_document()
    document.add_heading("Ä  title: " + "long " * 40, 0)
    document.add_picture(_picture("JPEG"))
    lesson = _only(read_lessons(saved(document)))
    assert re.fullmatch(MEDIA_NAME, lesson.pictures[0].name)
    assert len(lesson.slug) <= 60


@pytest.mark.parametrize("language", ["en", "fr", "ar", "xx"])
def test_template_is_a_valid_lesson(language: str) -> None:
    imported = read_lessons(write_lesson_template(language))
    lesson = _only(imported)
    assert imported.notes == ()
    assert _problems(lesson) == []
    blocks = re.findall(r"^/// (\w+)$", lesson.body_markdown, re.MULTILINE)
    assert blocks == ["note", "tip", "warning", "sensitive", "scenario", "details"]
