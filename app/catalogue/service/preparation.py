"""Render a course folder into a `ReadyCourse` before the transaction, because rendering is slow."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from app.catalogue.domain.courses import CourseText
from app.catalogue.domain.documents import CourseDocument, Document, DocumentFacts
from app.catalogue.domain.drawings import STYLE_HASH, WIDTH, read_drawing
from app.catalogue.domain.item_texts import with_lines
from app.catalogue.domain.items import Item
from app.catalogue.domain.lessons import COUNTRIES
from app.catalogue.domain.library import SHARED_LANGUAGE, CourseFolder, References
from app.catalogue.domain.media import SMALL, SOUND, captions_of, hash_of, original_of, variant_of
from app.catalogue.domain.recordings import TYPES, DamagedRecordingError, length_text, read_recording
from app.catalogue.domain.scenarios import Scenario
from app.catalogue.domain.translations import TranslationState
from app.catalogue.service.document_rendering import document_texts
from app.catalogue.service.text_rendering import (
    RenderBatch,
    case_texts,
    country_names,
    item_texts,
    labels,
    line_link_labels,
)
from app.catalogue.shapes import CaseTexts, DocumentText, ItemTexts
from app.i18n.languages import direction
from app.markup.clean import CLEANING_VERSION
from app.markup.render import render_lessons, shared_child
from app.markup.shapes import CitedDocument, LessonJob, Picture, RenderedLesson, Term

SOURCE = "source"
DRAWN = "image/svg+xml"
SHOWN_AT = 1.5  # how much larger than its 320 units a drawing is shown where there is room
KINDS = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "svg": DRAWN,
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "vtt": "text/vtt",
}


@dataclass(frozen=True, slots=True)
class ReadyLesson:
    slug: str
    language: str
    position: int
    translation: str
    rendered: RenderedLesson


@dataclass(frozen=True, slots=True)
class ReadyItem:
    item: Item
    language: str
    position: int
    translation: str
    texts: ItemTexts


@dataclass(frozen=True, slots=True)
class ReadyCase:
    name: str
    language: str
    translation: str
    scenario: Scenario
    texts: CaseTexts


@dataclass(frozen=True, slots=True)
class ReadyDocument:
    facts: DocumentFacts
    language: str
    translation: str
    text: DocumentText


@dataclass(frozen=True, slots=True)
class ReadyMedium:
    name: str
    digest: str
    kind: str
    content: bytes
    height: int = 0

    @property
    def picture(self) -> Picture:
        """Return the address and the largest size on a page in pixels; the size is 0 if only the file has it."""
        ending = file_extension(self.name)
        if ending in TYPES:
            return Picture(f"/media/{self.digest}", kind=TYPES[ending], facts=recording_facts(self.content))
        width = WIDTH if self.height else 0
        return Picture(f"/media/{self.digest}", round(width * SHOWN_AT), round(self.height * SHOWN_AT))


@dataclass(slots=True)
class ReadyCourse:
    """A rendered course; `files` as they were read, by path within the folder."""

    folder: CourseFolder
    fingerprint: str
    files: Mapping[str, bytes]
    texts: dict[str, tuple[str, CourseText]] = field(default_factory=dict)  # language: translation, text
    lessons: list[ReadyLesson] = field(default_factory=list)
    items: list[ReadyItem] = field(default_factory=list)
    cases: list[ReadyCase] = field(default_factory=list)
    media: list[ReadyMedium] = field(default_factory=list)
    documents: list[ReadyDocument] = field(default_factory=list)


def fingerprint(slug: str, files: Mapping[str, bytes], documents: Mapping[str, CourseDocument] | None = None) -> str:
    """Return the SHA-256 over all inputs of the pages of a course, as 64 hexadecimal digits.

    `documents` are those of the course; the shared ones are not among the files of its folder.
    """
    digest = hashlib.sha256(f"{CLEANING_VERSION} {STYLE_HASH}".encode())
    inputs = {path: raw for path, raw in files.items() if path.startswith((f"{slug}/", "glossary", "sources"))}
    inputs |= {
        f"documents/{name}": msgspec.json.encode(document, order="sorted")
        for name, document in (documents or {}).items()
        if document.shared
    }
    for path in sorted(inputs):
        digest.update(f"{path}\0{len(inputs[path])}\0".encode() + inputs[path])
    return digest.hexdigest()


def prepare(folder: CourseFolder, references: References, files: Mapping[str, bytes]) -> ReadyCourse:
    """Render a course; raise markup.errors.MarkupError where a text is over a limit."""
    own = {
        path.removeprefix(f"{folder.slug}/"): raw for path, raw in files.items() if path.startswith(f"{folder.slug}/")
    }
    ready = ReadyCourse(folder, fingerprint(folder.slug, files, folder.documents), own)
    for language, text in folder.texts.items():
        ready.texts[language] = (_state(folder, f"course.{language}.md", language), text)
    ready.media = [_medium(name, raw) for name, raw in sorted(folder.contents.items()) if file_extension(name) in KINDS]
    with shared_child():
        ready.documents = _documents(folder)
        ready.lessons = _lessons(folder, references, ready.media)
        ready.items = _items(folder, ready.media)
        ready.cases = _cases(folder, ready.media)
    return ready


def file_extension(name: str) -> str:
    """Return the extension of a file name in lower case, without the dot."""
    return name.rpartition(".")[2].lower()


def recording_facts(content: bytes) -> str:
    """Return length and size of a recording, such as "1:05, 0.7 MB"; only the size of a damaged one."""
    size = f"{max(0.1, len(content) / 1_000_000):.1f} MB"
    try:
        recording = read_recording(content)
    except DamagedRecordingError:
        recording = None
    return f"{length_text(recording.seconds)}, {size}" if recording else size


def _medium(name: str, raw: bytes) -> ReadyMedium:
    kind, height = KINDS[file_extension(name)], 0
    if kind == DRAWN:
        drawing = read_drawing(name, raw)
        raw, height = drawing.content, drawing.height
    return ReadyMedium(name, hash_of(raw), kind, raw, height)


def _pictures(media: list[ReadyMedium], language: str) -> dict[str, Picture]:
    """Return the pictures of a text by address; `steps.ar.svg` replaces `steps.svg` in an Arabic text."""
    by_name = {medium.name: medium.picture for medium in media}
    pictures: dict[str, Picture] = {}
    for name, picture in by_name.items():
        stem, _, end = name.rpartition(".")
        own = _captioned(by_name.get(f"{stem}.{language}.{end}", picture), name, language, by_name)
        own = msgspec.structs.replace(own, variants=_variants(own, name, by_name))
        pictures |= {f"media/{name}": own, f"../media/{name}": own}
    return pictures


def _captioned(recording: Picture, name: str, language: str, by_name: Mapping[str, Picture]) -> Picture:
    """Return a video with its captions, if there are any: in the language of the lesson, or in the source language."""
    if recording.kind != "video":
        return recording
    for captions in (captions_of(name, language), captions_of(name)):
        if captions in by_name:
            return msgspec.structs.replace(recording, captions=by_name[captions].address, language=language)
    return recording


def _variants(video: Picture, name: str, by_name: Mapping[str, Picture]) -> tuple[Picture, ...]:
    """Return the smaller variants of a video that exist; they have its captions."""
    if video.kind != "video" or original_of(name, by_name):
        return ()
    existing = [by_name[other] for other in (variant_of(name, SMALL), variant_of(name, SOUND)) if other in by_name]
    return tuple(
        msgspec.structs.replace(variant, captions=video.captions, language=video.language)
        if variant.kind == "video"
        else variant
        for variant in existing
    )


def _state(folder: CourseFolder, path: str, language: str) -> str:
    return SOURCE if language == folder.course.source_language else str(folder.status(path).state)


def _lessons(folder: CourseFolder, references: References, media: list[ReadyMedium]) -> list[ReadyLesson]:
    keys = [
        (entry.slug, language, position)
        for position, entry in enumerate(folder.course.lessons, 1)
        for language in sorted(folder.lessons.get(entry.slug, {}))
    ]
    jobs = [_job(folder, references, slug, language, _pictures(media, language)) for slug, language, _ in keys]
    rendered_lessons = render_lessons(jobs)
    return [
        ReadyLesson(slug, language, position, _state(folder, f"lessons/{slug}.{language}.md", language), rendered)
        for (slug, language, position), rendered in zip(keys, rendered_lessons, strict=True)
    ]


def _job(
    folder: CourseFolder, references: References, slug: str, language: str, pictures: dict[str, Picture]
) -> LessonJob:
    lesson = folder.lessons[slug][language]
    return preview_job(folder, references, language, f"# {lesson.title}\n\n{lesson.body}", pictures)


def preview_job(
    folder: CourseFolder, references: References, language: str, text: str, pictures: Mapping[str, Picture]
) -> LessonJob:
    """Return the job that renders the unsaved text of a lesson as it would be published.

    `pictures` are those of the draft by the address written in the text.
    """
    return LessonJob(
        text=text,
        language=language,
        direction="rtl" if direction(language) == "rtl" else "ltr",
        labels=labels(language),
        sources=_sources(references),
        terms=_terms(references, language, folder.course.source_language),
        countries=country_names(sorted(COUNTRIES), language),
        media=dict(pictures),
        documents=_line_links(folder, language),
    )


def _document_sources(folder: CourseFolder, language: str) -> dict[str, Document]:
    """Return the documents of a course by id, in this language or, if missing, in the first one."""
    return {
        name: document.texts.get(language) or next(iter(document.texts.values()))
        for name, document in folder.documents.items()
        if document.texts
    }


def _line_links(folder: CourseFolder, language: str) -> dict[str, str]:
    titles = {name: document.title for name, document in _document_sources(folder, language).items()}
    return line_link_labels(titles, language)


def _sources(references: References) -> dict[str, CitedDocument]:
    return {
        source.id: CitedDocument(source.title, source.publisher, str(source.year or ""))
        for source in references.sources.sources
    }


def _terms(references: References, language: str, otherwise: str) -> dict[str, Term]:
    glossary = references.glossary
    terms: dict[str, Term] = {}
    for term in glossary.terms:
        for code in (language, otherwise):
            text = glossary.texts[code].get(term.id) if code in glossary.texts else None
            if text is not None and text.title:
                terms |= dict.fromkeys((term.id, *term.aliases), Term(text.title, text.body))
                break
    return terms


def _documents(folder: CourseFolder) -> list[ReadyDocument]:
    texts = [
        (document, language, text)
        for _, document in sorted(folder.documents.items())
        for language, text in sorted(document.texts.items())
    ]
    rendered_texts = document_texts([(text, language) for _, language, text in texts])
    return [
        ReadyDocument(document.facts, language, _document_state(folder, document, language), rendered)
        for (document, language, _), rendered in zip(texts, rendered_texts, strict=True)
    ]


def _document_state(folder: CourseFolder, document: CourseDocument, language: str) -> str:
    """Return the state of the translation; that of a shared document is checked where it is, not in each course."""
    if document.shared:
        return SOURCE if language == SHARED_LANGUAGE else str(TranslationState.CURRENT)
    return _state(folder, f"documents/{document.facts.slug}.{language}.md", language)


def _items(folder: CourseFolder, media: list[ReadyMedium]) -> list[ReadyItem]:
    items: list[ReadyItem] = []
    source = {item.id: item for item in items_with_lines(folder, folder.course.source_language)}
    for language in folder.banks:
        inline, block = RenderBatch(), RenderBatch()
        links = _line_links(folder, language)
        bank_items = items_with_lines(folder, language, source)
        pending = [item_texts(item, inline, block) for item in bank_items]
        pictures = _pictures(media, language)
        inline.render(inline=True, media=pictures, documents=links)
        block.render(inline=False, labels=labels(language), media=pictures, documents=links)
        state = _state(folder, f"test.{language}.md", language)
        items += [
            ReadyItem(item, language, position, state, wait.texts())
            for position, (item, wait) in enumerate(zip(bank_items, pending, strict=True), 1)
        ]
    return items


def items_with_lines(folder: CourseFolder, language: str, source: Mapping[str, Item] | None = None) -> list[Item]:
    """Return the items of a bank with the lines of documents that they name; `source`: those of the source language."""
    bank, source = folder.banks.get(language), source or {}
    named = _document_sources(folder, folder.course.source_language)
    documents = _document_sources(folder, language)
    return [with_lines(item, named, documents, source.get(item.id)) for item in (bank.items if bank else ())]


def item_with_documents(folder: CourseFolder, item: Item, language: str) -> tuple[Item, tuple[DocumentText, ...]]:
    """Return an item of a draft with the lines that it names, and the documents beside it. Raises MarkupError."""
    documents = _document_sources(folder, language)
    prepared = with_lines(item, _document_sources(folder, folder.course.source_language), documents)
    papers = [(name, documents[name]) for name in item.document if name in documents]
    languages = [language if language in folder.documents[name].texts else "" for name, _ in papers]
    source = folder.course.source_language
    texts = [(paper, code or source) for (_, paper), code in zip(papers, languages, strict=True)]
    return prepared, tuple(document_texts(texts)) if texts else ()


def _cases(folder: CourseFolder, media: list[ReadyMedium]) -> list[ReadyCase]:
    cases = []
    for name, by_language in folder.scenarios.items():
        for language, scenario in by_language.items():
            stem = f"scenario-{name}" if name else "scenario"
            state = _state(folder, f"{stem}.{language}.md", language)
            texts = case_texts(scenario, labels=labels(language), media=_pictures(media, language))
            cases.append(ReadyCase(name or "scenario", language, state, scenario, texts))
    return cases


def as_json(value: object) -> str:
    """Return a struct as the JSON text of a column."""
    return msgspec.json.encode(value).decode()
