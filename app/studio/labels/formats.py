"""What each part of the course format is for, in the user's language: for the format reference."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.catalogue.domain.documents import DocumentKind
from app.catalogue.domain.items import ItemKind
from app.catalogue.domain.lessons import BlockType
from app.studio.domain.format_examples import MarkdownPart

_MARKDOWN: Mapping[MarkdownPart, LazyString] = {
    MarkdownPart.HEADING: _("A heading within the lesson. The first line of the lesson is its title."),
    MarkdownPart.EMPHASIS: _("Emphasis, and strong emphasis."),
    MarkdownPart.LIST: _("A list. Indent an inner list by four spaces."),
    MarkdownPart.NUMBERS: _("A numbered list, for steps."),
    MarkdownPart.LINK: _("A link to another site. Use it rarely: readers may have no connection."),
    MarkdownPart.CITATION: _("A source of the list of sources, with the article or page. Each claim of law has one."),
    MarkdownPart.TERM: _("A term of the glossary. It opens its explanation in place."),
    MarkdownPart.PICTURE: _("A picture of the course: description in the brackets, caption in quotation marks."),
    MarkdownPart.TABLE: _("A table with a heading row. At most four columns are readable on a phone."),
    MarkdownPart.DEFINITIONS: _("A list of words with their meaning."),
    MarkdownPart.FOOTNOTE: _("A footnote. Its text can follow anywhere in the lesson."),
    MarkdownPart.QUOTATION: _("A quotation, such as a sentence that an invented person says."),
    MarkdownPart.CODE: _("Text that is shown exactly as written."),
}
_BLOCKS: Mapping[BlockType, LazyString] = {
    BlockType.NOTE: _("A fact beside the text."),
    BlockType.TIP: _("Advice that saves work."),
    BlockType.WARNING: _("What must not be done."),
    BlockType.SENSITIVE: _("It says what a difficult lesson describes. It comes before the first heading."),
    BlockType.SCENARIO: _("A short case that the text then explains."),
    BlockType.DETAILS: _("More for those who want it, closed at first."),
    BlockType.TRANSCRIPT: _("The spoken text, required below a sound recording. A recording is written as a picture."),
    BlockType.COUNTRY: _("What differs in a member country. Readers of this country see it open."),
    BlockType.COUNTRY_FACTS: _("Facts on the reader's own country, from the cards of countries, closed at first."),
    BlockType.CHECK: _("A question of the course in the text, as practice."),
    BlockType.DESK: _("Documents and two to four questions about them. A lesson has one at most."),
    BlockType.WORKED: _("An example in steps. A step with a question mark is asked before it opens."),
    BlockType.CARD: _("A card of at most 80 words, to be printed."),
    BlockType.AUDIO: _("A recording of a document. The text of the document is beside it."),
}
_QUESTIONS: Mapping[ItemKind, LazyString] = {
    ItemKind.SINGLE: _("Several options, exactly one is right."),
    ItemKind.SEVERAL: _("Several options, at least one is right. An option can earn or lose a part of the points."),
    ItemKind.TRUEFALSE: _("Two options: the first is true, the second false."),
    ItemKind.ORDER: _("Steps to put in order. They are written in the right order and shown shuffled."),
    ItemKind.MATCH: _("Pairs to match. A right side without a left side is an extra wrong choice."),
    ItemKind.SORT: _("Entries to sort into groups."),
    ItemKind.NUMBER: _("A number, with a tolerance."),
    ItemKind.SHORT: _("A word or a short text. A star matches any text."),
    ItemKind.GAPS: _("A text with gaps to fill by typing or choosing."),
    ItemKind.PASSAGES: _("A text in which passages are to be marked. A plus is right, a minus is wrong."),
    ItemKind.OPEN: _("A text that an assessor marks by criteria."),
    ItemKind.RATING: _("Statements to rate on a scale, with the range that experts accept."),
    ItemKind.MARK: _("Lines of a document to mark. A plus counts, a minus is tempting, a tilde is neither."),
    ItemKind.PAIR: _("Two lines of documents that contradict each other."),
    ItemKind.FIELDS: _("A form to fill in from another document. Some fields must stay empty."),
}
_DOCUMENTS: Mapping[DocumentKind, LazyString] = {
    DocumentKind.ADVERT: _("An advertisement or a poster."),
    DocumentKind.CHAT: _("Messages of two or more people, each with its time and speaker."),
    DocumentKind.PAYSLIP: _("A payslip, or several in one table."),
    DocumentKind.CONTRACT: _("A contract. Two versions are in two columns, each in its language."),
    DocumentKind.LETTER: _("A letter or an official note, in paragraphs."),
    DocumentKind.TABLE: _("Any other table, such as a rota."),
    DocumentKind.STATEMENT: _("A statement of an account."),
    DocumentKind.FORM: _("A form of two columns. A field without an entry can be filled in."),
    DocumentKind.WEBPAGE: _("A page of a site, as it was saved."),
    DocumentKind.POST: _("A post with its comments."),
    DocumentKind.LOG: _("A log with a time in each row."),
    DocumentKind.TRANSCRIPT: _("What people said, turn by turn."),
    DocumentKind.NOTE: _("A short note, such as one of a first talk."),
    DocumentKind.LIST: _("A list of things or names."),
}
_DOCUMENT_KEYS: Mapping[str, LazyString] = {
    "id": _("The id of the document. Required."),
    "kind": _("The kind of document. Required."),
    "date": _("The day of the document."),
    "from": _("Who wrote it."),
    "to": _("Who it was for."),
    "place": _("Where it was written or found."),
    "status": _("Whether it is as found, a translation, a copy or an extract."),
    "dir": _("The direction of the text. Left out: that of the language."),
    "columns": _("The languages of the two columns of a contract."),
    "note": _("What a reader must know about the document."),
}
_KEYS: Mapping[str, LazyString] = {
    "kind": _("The kind of question. Required."),
    "competency": _("The competency that the question measures. Required."),
    "level": _("The level of the competency."),
    "form": _("A: lessons and pre-test. B: the test. Practice: practice only. Reserve: watched checks only."),
    "cite": _("The sources of the answer."),
    "shuffle": _("Whether options are shown in another order."),
    "pass_value": _("The score that a just competent officer reaches, from 0 to 1."),
    "scale": _("The lowest and the highest rating."),
    "unit": _("The unit of a number."),
    "skip": _("Write why a check of the text does not apply."),
    "document": _("The documents that are open beside the question, up to three."),
    "prove": _("The lines of which the learner must show one."),
    "idea": _("What the right answer teaches."),
    "needs": _("What a reader needs: a rule that was taught, a rule in the text, or careful reading."),
    "stance": _("Whether the right answer is a firm act, a careful one, or neither."),
    "words": _("How long an open answer is to be, in words."),
    "tags": _("Words for the authors, with a comma between them; learners do not see them."),
}
_SHORTCUTS: Mapping[str, LazyString] = {
    "B": _("Bold"),
    "I": _("Italic"),
    "K": _("Link"),
    "S": _("Save"),
}


def markdown(part: MarkdownPart) -> str:
    """Return what a piece of Markdown is for."""
    return str(_MARKDOWN[part])


def block(kind: BlockType) -> str:
    """Return what a block is for."""
    return str(_BLOCKS[kind])


def question(kind: ItemKind) -> str:
    """Return what a kind of question asks."""
    return str(_QUESTIONS[kind])


def document(kind: DocumentKind) -> str:
    """Return what a kind of document is."""
    return str(_DOCUMENTS[kind])


def document_key(name: str) -> str:
    """Return what a key of a document is for."""
    return str(_DOCUMENT_KEYS[name])


def key(name: str) -> str:
    """Return what a key of a question is for."""
    return str(_KEYS[name])


def shortcut(letter: str) -> str:
    """Return what a key of the lesson editor does together with Ctrl or Cmd."""
    return str(_SHORTCUTS[letter])
