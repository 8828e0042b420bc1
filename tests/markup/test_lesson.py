import re

import msgspec
import pytest

from app.markup.errors import MarkupRefusedError, RefusalReason
from app.markup.lesson import compose
from app.markup.render_context import RenderContext
from app.markup.shapes import CitedDocument, PlainBlock, RenderedLesson, SourceLine
from tests.support.lesson_jobs import ARABIC, lesson


def _html(text: str) -> str:
    return "\n".join(part.html for part in compose(lesson(text)).parts)


def _ids(rendered: RenderedLesson) -> list[str]:
    return re.findall(r'(?<![\w-])id="([^"]+)"', "\n".join(part.html for part in rendered.parts))


def test_first_heading_is_the_title_and_is_cut_out():
    rendered = compose(lesson("# The *first* talk\n\nBegin.\n"))
    assert (rendered.title, [part.html for part in rendered.parts]) == ("The first talk", ['<p id="h-1">Begin.</p>'])


def test_lesson_without_title_has_an_empty_one():
    assert compose(lesson("## Signs\n\n# Late")).title == ""


def test_headings_begin_at_two():
    assert _html("# T\n\n## Two\n\n### Three\n\n# One again") == (
        '<h2 id="h-1">Two</h2>\n<h3 id="h-2">Three</h3>\n<h2 id="h-3">One again</h2>'
    )


def test_empty_lesson_has_no_parts():
    rendered = compose(lesson("\n \n"))
    assert (rendered.title, rendered.parts, rendered.words) == ("", (), 0)


@pytest.mark.parametrize(
    ("kind", "word"),
    [("note", "Note"), ("tip", "Tip"), ("warning", "Warning"), ("sensitive", "Sensitive"), ("scenario", "Case")],
)
def test_block_has_the_label_line_and_the_body(kind, word):
    assert _html(f"/// {kind} | Who *interprets*\nNever **let** a companion.\n\nSecond.\n///") == (
        f'<div class="block is-{kind}" id="h-1" role="note">\n<p class="label">{word}: Who *interprets*</p>\n'
        '<div class="flow-s">\n<p>Never <strong>let</strong> a companion.</p>\n<p>Second.</p>\n</div>\n</div>'
    )


def test_block_without_title_says_its_kind():
    assert '<p class="label">Warning</p>' in _html("/// warning\nText.\n///")


def test_details_open_without_script_and_show_their_title_alone():
    assert _html("/// details | How it is counted\nText.\n///") == (
        '<details class="block is-details" id="h-1">\n<summary class="label">How it is counted</summary>\n'
        '<div class="flow-s">\n<p>Text.</p>\n</div>\n</details>'
    )
    assert '<summary class="label">More</summary>' in _html("/// details\nText.\n///")


def test_country_note_is_a_part_with_its_code():
    rendered = compose(lesson("Before.\n\n/// country | IQ\nThe desk answers.\n///\n\nAfter."))
    assert [(part.kind, part.ref, part.title, part.anchor) for part in rendered.parts] == [
        ("html", "", "", "h-1"),
        ("country", "IQ", "Country note: Iraq", "h-2"),
        ("html", "", "", "h-3"),
    ]
    assert rendered.parts[1].html == (
        '<div class="block is-country" id="h-2" role="note">\n<p class="label">Country note: Iraq</p>\n'
        '<div class="flow-s">\n<p>The desk answers.</p>\n</div>\n</div>'
    )
    assert rendered.blocks[1] == PlainBlock("h-2", "Country note: Iraq The desk answers.", "IQ")


def test_check_is_a_part_with_the_item_and_the_words_before_it():
    rendered = compose(lesson("Before.\n\n/// check | M01-Q01\nThink first.\n///\n\n/// check | M01-Q02\n///"))
    assert [(p.kind, p.ref, p.title, p.anchor, p.html) for p in rendered.parts[1:]] == [
        ("check", "M01-Q01", "Check yourself", "h-2", "<p>Think first.</p>"),
        ("check", "M01-Q02", "Check yourself", "h-3", ""),
    ]


@pytest.mark.parametrize("fence", ["/// country | Iraq", "/// check | anything", "/// unknown | x", "/// check"])
def test_block_that_is_not_known_stays_text(fence):
    assert [part.kind for part in compose(lesson(f"{fence}\nText.\n///")).parts] == ["html"]


def test_check_inside_another_block_is_refused():
    with pytest.raises(MarkupRefusedError) as refusal:
        compose(lesson("//// note\n/// check | M01-Q01\n///\n////"))
    assert refusal.value.reason is RefusalReason.PLACE


def test_block_takes_no_attributes():
    html = _html('/// note\n    attrs: {id: main, onclick: "alert(1)", class: evil}\n\nText.\n///')
    assert "<div" not in html
    assert "onclick" not in re.sub(r">[^<]*<", "><", html)


def test_citations_are_numbered_in_the_order_of_the_document():
    rendered = compose(
        lesson(
            "- a [@handbook, ch. 4]\n\n    - b [@tip-protocol-2000, art. 3(a)]\n\n- c [@handbook]\n\n"
            "Again [@handbook, ch. 4; @tip-protocol-2000,  art.\n3(a)]."
        )
    )
    assert rendered.sources == (
        SourceLine(number=1, id="handbook", place="ch. 4", text="Handbook on referral", anchor="fn-1"),
        SourceLine(
            number=2,
            id="tip-protocol-2000",
            place="art. 3(a)",
            text="Trafficking Protocol, United Nations, 2000",
            anchor="fn-2",
        ),
        SourceLine(number=3, id="handbook", place="", text="Handbook on referral", anchor="fn-3"),
    )
    assert rendered.parts[0].html.endswith(
        '<p id="h-2">Again <sup><a aria-label="Source 1" class="cite" href="#fn-1">1</a> '
        '<a aria-label="Source 2" class="cite" href="#fn-2">2</a></sup>.</p>'
    )


def test_what_is_not_known_stays_text_and_is_named():
    rendered = compose(lesson("Claim [@nowhere, art. 1] and [[no-term]] and [[no-term|words]]."))
    assert (
        rendered.parts[0].html
        == '<p id="h-1">Claim [@nowhere, art. 1] and <span>no-term</span> and <span>words</span>.</p>'
    )
    assert sorted(rendered.unknown) == ["@nowhere", "[[no-term]]"]


def test_code_is_not_read_for_citations_and_terms():
    rendered = compose(
        lesson("Write `[@handbook]` and `[[presumed-victim]]`.\n\n```\n[[presumed-victim]]\n/// note\n```")
    )
    assert 'href="' not in rendered.parts[0].html
    assert (
        '<pre dir="ltr" id="h-2"><code dir="ltr">[[presumed-victim]]\n/// note\n</code></pre>' in rendered.parts[0].html
    )


def test_term_leads_to_its_line_right_after_the_element():
    assert _html(
        "The [[presumed-victim]] decides; a [[presumed-victim|*second* one]] too.\n\nNext [[presumed-victim]]."
    ) == (
        '<p id="h-1">The <a class="term" href="#h-term-presumed-victim">presumed victim</a> decides; '
        'a <a class="term" href="#h-term-presumed-victim"><em>second</em> one</a> too.</p>\n'
        '<details class="term-note"><summary>Term: presumed victim</summary>'
        '<p id="h-term-presumed-victim">A person who shows signs, before any body has decided.</p></details>\n'
        '<p id="h-2">Next <a class="term" href="#h-term-presumed-victim">presumed victim</a>.</p>'
    )


def test_country_note_explains_its_terms_by_itself():
    rendered = compose(lesson("/// country | IQ\n[[presumed-victim]]\n///\n\nThe [[presumed-victim]]."))
    assert 'id="h-term-presumed-victim-1"' in rendered.parts[0].html
    assert 'id="h-term-presumed-victim"' in rendered.parts[1].html


def test_term_with_own_text_works_in_a_table():
    assert '<td><a class="term" href="#h-term-non-punishment">shown</a></td>' in _html(
        "| a | b |\n|---|---|\n| [[non-punishment\\|shown]] | c |"
    )


def test_table_scrolls_in_a_region_with_a_name():
    assert _html("| Sign | Count |\n| --- | ---: |\n| Debt | 12 |") == (
        '<div aria-label="Table 1" class="scroll" id="h-1" role="region" tabindex="0"><table>\n'
        '<caption>Table 1</caption><thead>\n<tr>\n<th scope="col">Sign</th>\n<th class="num" scope="col">Count</th>\n'
        '</tr>\n</thead>\n<tbody>\n<tr>\n<td>Debt</td>\n<td class="num">12</td>\n</tr>\n</tbody>\n</table></div>'
    )


def test_empty_cell_of_a_head_row_is_no_head():
    html = _html("|  | Count |\n|---|---|\n| Debt | 12 |")
    assert '<tr>\n<td></td>\n<th scope="col">Count</th>\n</tr>' in html
    assert '<th scope="col"><strong>a</strong></th>' in _html("| **a** | b |\n|---|---|\n| 1 | 2 |")


def test_tables_are_counted_through_blocks():
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    html = _html(f"{table}\n\n/// note\n\n{table}\n\n///\n\n{table}")
    assert re.findall(r'aria-label="([^"]+)"', html) == ["Table 1", "Table 2", "Table 3"]
    assert html.count("<table>") == html.count('class="scroll"') == 3


def test_nested_lists_keep_their_levels():
    html = _html("1. one\n\n    - a\n    - b\n\n        - deep\n\n2. two")
    assert re.sub(r"\s+", "", html) == (
        '<olid="h-1"><li><p>one</p><ul><li>a</li><li><p>b</p><ul><li>deep</li></ul></li></ul></li><li><p>two</p></li></ol>'
    )


def test_list_may_begin_right_under_its_sentence():
    assert (
        _html("You may:\n- stop\n- ask")
        == '<p id="h-1">You may:</p>\n<ul id="h-2">\n<li>stop</li>\n<li>ask</li>\n</ul>'
    )


def test_number_at_the_start_of_a_wrapped_line_begins_no_list():
    assert _html("It began in\n2020. The law came later.") == '<p id="h-1">It began in\n2020. The law came later.</p>'


def test_definition_list_and_footnote():
    html = _html("Act\n:   What is done.\n\nText.[^1]\n\n[^1]: Small print.")
    assert '<dl id="h-1">\n<dt>Act</dt>\n<dd>What is done.</dd>\n</dl>' in html
    assert '<sup id="fnref:1"><a aria-label="Footnote 1" class="footnote-ref" href="#fn:1">1</a></sup>' in html
    assert '<div class="footnotes" id="h-3">\n<ol>\n<li id="fn:1">' in html
    assert '<a aria-label="Back to the text" class="footnote-back" href="#fnref:1">' in html


def test_outside_link_says_so_and_sends_no_referrer():
    assert _html("[Law](https://example.org/a?b=1&c=2) [own](/courses/x) [mail](mailto:desk@example.org)") == (
        '<p id="h-1"><a class="outside" href="https://example.org/a?b=1&amp;c=2" rel="noreferrer noopener">Law'
        '<span class="vh"> (leaves this site)</span></a> <a href="/courses/x">own</a> '
        '<a href="mailto:desk@example.org">mail</a></p>'
    )


def test_picture_of_the_course_is_shown_and_a_foreign_one_is_its_description():
    assert _html('![A map](media/map.png "Routes")\n\n![A face](https://example.org/x.png) seen') == (
        '<figure id="h-1"><img alt="A map" height="480" loading="lazy" src="/media/3f2a" width="640">'
        '<figcaption>Routes</figcaption></figure>\n<p id="h-2"><span>A face</span> seen</p>'
    )


def test_recording_loads_nothing_and_shows_its_length_and_size():
    assert _html("![A talk](media/talk.mp3)") == (
        '<figure id="h-1"><audio aria-label="A talk" controls="" preload="none" src="/media/4a1b"></audio>'
        "<figcaption>A talk (1:05, 0.7 MB)</figcaption></figure>"
    )


def test_video_has_its_captions():
    html = _html('![A film](media/film.mp4 "At the quay")')
    assert '<track default="" kind="captions" src="/media/6e3f" srclang="en">' in html
    assert "<figcaption>At the quay (0:30, 3.0 MB)</figcaption>" in html


def test_recording_within_a_sentence_is_its_title():
    assert _html("Hear ![a talk](media/talk.mp3) now.") == '<p id="h-1">Hear <span>a talk</span> now.</p>'


def test_transcript_is_closed_at_first():
    html = _html("/// transcript | The call\nWho is there?\n///")
    assert html.startswith(
        '<details class="block is-transcript" id="h-1">\n<summary class="label">Transcript: The call'
    )


def test_quote_finds_its_own_direction():
    assert _html("> كلام") == '<blockquote dir="auto" id="h-1">\n<p>كلام</p>\n</blockquote>'


def test_plain_blocks_contain_the_visible_text():
    rendered = compose(
        lesson("# T\n\nA & B[@handbook] [out](https://example.org)[^1] [[presumed-victim]].\n\n- x\n- y\n\n[^1]: Foot.")
    )
    assert rendered.blocks == (
        PlainBlock("h-1", "A & B out presumed victim."),
        PlainBlock("h-2", "x y"),
        PlainBlock("h-3", "Foot."),
    )
    assert rendered.words == 9


def test_ids_are_unique_and_run_over_the_whole_lesson():
    text = (
        "# T\n\nA [[presumed-victim]].\n\n/// country | IQ\nB [[presumed-victim]].\n///\n\n"
        "/// check | M01-Q01\nC [[presumed-victim]].\n///\n\n## D [[non-punishment]]\n\nE"
    )
    ids = _ids(compose(lesson(text)))
    assert len(ids) == len(set(ids))
    assert [name for name in ids if re.fullmatch(r"h-\d+", name)] == ["h-1", "h-2", "h-4", "h-5"]


def test_arabic_has_no_english_word_and_keeps_direction_marks():
    text = (
        "# المحادثة الأولى\n\nابدأ بالحاجات\u200f (2024)\u200e فورًا [@handbook, المادة 3] [رابط](https://example.org)"
        " [[presumed-victim|الضحية]][^1].\n\n/// warning | من يترجم\nلا.\n///\n\n/// details\nنص\n///\n\n"
        "/// country | IQ\nنص\n///\n\n/// check | M01-Q01\n///\n\n| أ | ب |\n|---|---|\n| ج | د |\n\n[^1]: حاشية"
    )
    rendered = compose(lesson(text, labels=ARABIC, language="ar"))
    html = "\n".join(part.html for part in rendered.parts)
    shown = re.sub(r'<details class="term-note">.*?</details>', "", html)
    read = re.sub(r"<[^>]*>", " ", shown) + " ".join(re.findall(r'aria-label="([^"]*)"', shown))
    assert not re.search(r"[A-Za-z]", read.replace("&nbsp;", ""))
    assert "\u200f (2024)\u200e" in html
    assert rendered.title == "المحادثة الأولى"
    assert '<p class="label">تحذير: من يترجم</p>' in html
    assert [part.title for part in rendered.parts if part.kind != "html"] == ["ملاحظة عن البلد: العراق", "اختبر نفسك"]


def test_latin_reference_has_latin_commas_in_an_urdu_lesson():
    rendered = compose(lesson("متن [@tip-protocol-2000]۔", labels=ARABIC, language="ur"))
    assert rendered.sources[0].text == "Trafficking Protocol, United Nations, 2000"


def test_arabic_reference_has_arabic_commas():
    desk = RenderContext(sources={"law-28-2012": CitedDocument("قانون مكافحة الاتجار بالبشر", "مجلس النواب", "2012")})
    desk.number("law-28-2012", "")
    assert desk.source_lines()[0].text == "قانون مكافحة الاتجار بالبشر، مجلس النواب، 2012"


def test_facts_on_the_own_country_are_a_section_with_their_names():
    rendered = compose(lesson("# Title\n\nText.\n\n/// country-facts | offence, child\n///\n\nMore."))
    assert [part.kind for part in rendered.parts] == ["html", "country-facts", "html"]
    assert rendered.parts[1].ref == "offence, child"
    assert "Facts on your country" in rendered.parts[1].html


OWN_SECTIONS = """# Title

/// desk | Ten minutes
document: SF-D10, SF-D13
items: M02-Q101 M02-Q104
minutes: 10

What do you ask *first*?
///

/// worked | A chat
document: SF-D02
1. Line 2 is the act.
   > An offer of work.
2. ? Line 9: which element?
   > Means.
///

/// card | Three questions
- Who has your papers?
///

/// audio | An opening
media: talk.mp3
document: SF-D33
///
"""


def test_desk_has_its_documents_and_items():
    rendered = compose(lesson(OWN_SECTIONS))
    desk = rendered.parts[0]
    assert (desk.kind, desk.title, desk.minutes) == ("desk", "Ten minutes", 10)
    assert (desk.documents, desk.items) == (("SF-D10", "SF-D13"), ("M02-Q101", "M02-Q104"))
    assert desk.html == "<p>What do you ask <em>first</em>?</p>"
    assert rendered.items == ("M02-Q101", "M02-Q104")
    assert rendered.documents == ("SF-D10", "SF-D13", "SF-D02", "SF-D33")


def test_worked_example_has_steps_with_reasons():
    worked = compose(lesson(OWN_SECTIONS)).parts[1]
    assert [(step.task, step.asked) for step in worked.steps] == [
        ("<div>Line 2 is the act.</div>", False),
        ("<div>Line 9: which element?</div>", True),
    ]
    assert "An offer of work." in worked.steps[0].reason
    assert "Means." in worked.whole


def test_card_and_recording_are_sections():
    _desk, _worked, card, audio = compose(lesson(OWN_SECTIONS)).parts
    assert (card.kind, card.title, "Who has your papers?" in card.html) == ("card", "Three questions", True)
    assert (audio.media.address, audio.documents, audio.html) == ("/media/4a1b", ("SF-D33",), "")


def test_keys_of_sections_are_no_text():
    blocks = "\n".join(block.text for block in compose(lesson(OWN_SECTIONS)).blocks)
    assert "document:" not in blocks
    assert "items:" not in blocks


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[[@SF-D10:3]]", '<a href="#doc-SF-D10-3">Payslips, line 3</a>'),
        ("[[@SF-D11:3]]", "<span>SF-D11, 3</span>"),
        ("`[[@SF-D10:3]]`", '<code dir="ltr">[[@SF-D10:3]]</code>'),
    ],
)
def test_line_of_a_document_is_linked(text: str, html: str):
    job = msgspec.structs.replace(lesson(text), documents={"SF-D10": "Payslips, line %(number)s"})
    assert compose(job).parts[0].html == f'<p id="h-1">{html}</p>'
