"""View models of the pages of a SCORM package, and its files: manifest, pages, style, script and media."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec
from flask_babel import force_locale, gettext as _
from markupsafe import Markup

from app.catalogue.domain.items import Choices, Item, Number, Order
from app.catalogue.queries import version_media
from app.catalogue.service.preparation import KINDS
from app.catalogue.shapes import ItemTexts, Question
from app.i18n.languages import INTERFACE, direction
from app.markup.clean import clean_for_package
from app.markup.shapes import SourceLine
from app.studio.domain.exchange.scorm_items import shown_order
from app.studio.domain.exchange.scorm_manifest import MANIFEST, ManifestFacts, Sco, write_manifest
from app.studio.queries.scorm_packages import PACKAGED, PackagedCourse, PackagedLesson
from app.web.html.trusted_html import trusted
from app.web.pages import Page, render

TEST = "test"
_STATIC = Path(__file__).resolve().parents[2] / "static" / "package"
_SHARED = ("package.css", "scorm.js")
_EXTENSIONS = {kind: extension for extension, kind in KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePage(Page):
    """The language of the labels of a page, the language of its texts, and the title of the course."""

    lang: str
    dir: str
    text_lang: str
    text_dir: str
    course: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedLessonPage(PackagePage):
    """A lesson of a package, without the questions that it asks in the academy."""

    template: ClassVar[str] = "studio/package_lesson.html"
    sections: Sequence[Markup]
    sources: Sequence[SourceLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedOption:
    """An option or an entry with its position in the source."""

    value: int
    text: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedQuestion:
    """A question of a package; `key` is the JSON that the script of the package scores with."""

    id: str
    kind: str
    stem: Markup
    options: Sequence[PackagedOption]
    unit: str
    key: str
    general: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedTestPage(PackagePage):
    """The practice test of a package; `mastery` is the score in per cent that passes."""

    template: ClassVar[str] = "studio/package_test.html"
    questions: Sequence[PackagedQuestion]
    mastery: str


def files(course: PackagedCourse) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a package by path, each read or rendered when it is needed."""
    paths = {digest: f"media/{digest}.{_EXTENSIONS[facts.kind]}" for digest, facts in course.media.items()}
    yield MANIFEST, write_manifest(_manifest(course, paths))
    for name in _SHARED:
        yield name, (_STATIC / name).read_bytes()
    for number, lesson in enumerate(course.lessons, 1):
        yield f"{_lesson_name(number)}.html", _rendered(_lesson_page(course, lesson, paths))
    if course.questions:
        yield f"{TEST}.html", _rendered(_test_page(course))
    for digest, path in paths.items():
        yield path, version_media.content(course.outline.version_id, digest)


def _label_language(language: str) -> str:
    return language if language in INTERFACE else "en"


def _rendered(page: PackagePage) -> bytes:
    with force_locale(page.lang):
        return render(page).encode()


def _manifest(course: PackagedCourse, paths: Mapping[str, str]) -> ManifestFacts:
    outline = course.outline
    scos = [
        Sco(_lesson_name(number), lesson.text.rendered.title, tuple(paths[name] for name in lesson.media))
        for number, lesson in enumerate(course.lessons, 1)
    ]
    if course.questions:
        scos.append(Sco(TEST, _test_title(course.language), mastery=_mastery(course)))
    identifier = f"colep-{outline.code}-v{outline.number}-{course.language}"
    return ManifestFacts(identifier, outline.title(course.language), scos, _SHARED)


def _lesson_name(number: int) -> str:
    return f"lesson-{number:02}"


def _test_title(language: str) -> str:
    with force_locale(_label_language(language)):
        return _("Practice test")


def _mastery(course: PackagedCourse) -> float:
    """Return the pass mark of the course in per cent; 80 is that of a course without a test of its own."""
    test = course.outline.facts.test
    return round((test.pass_mark if test else 0.8) * 100, 2)


def _lesson_page(course: PackagedCourse, lesson: PackagedLesson, paths: Mapping[str, str]) -> PackagedLessonPage:
    labels, text = _label_language(course.language), lesson.text
    addresses = {f"/media/{digest}": path for digest, path in paths.items()}
    return PackagedLessonPage(
        lang=labels,
        dir=direction(labels),
        text_lang=text.language,
        text_dir=direction(text.language),
        course=course.outline.title(course.language),
        title=text.rendered.title,
        sections=[_clean(part.html, addresses) for part in text.rendered.parts if part.kind in PACKAGED],
        sources=text.rendered.sources,
    )


def _clean(html: str, addresses: Mapping[str, str]) -> Markup:
    return trusted(clean_for_package(html, addresses))


def _test_page(course: PackagedCourse) -> PackagedTestPage:
    labels, language = _label_language(course.language), course.language
    return PackagedTestPage(
        lang=labels,
        dir=direction(labels),
        text_lang=language,
        text_dir=direction(language),
        course=course.outline.title(language),
        title=_test_title(language),
        questions=[_question(question) for question in course.questions],
        mastery=f"{_mastery(course):g}",
    )


def _question(question: Question) -> PackagedQuestion:
    item, texts = question.item, question.texts
    return PackagedQuestion(
        id=item.id,
        kind=str(item.kind),
        stem=_clean(texts.stem, {}),
        options=_options(item, texts),
        unit=item.unit,
        key=msgspec.json.encode(_key(item)).decode(),
        general=_clean(texts.general, {}),
    )


def _options(item: Item, texts: ItemTexts) -> list[PackagedOption]:
    return [PackagedOption(value=index, text=_clean(texts.answers[index], {})) for index in shown_order(item)]


def _key(item: Item) -> object:
    """Return the scores of the options, the accepted numbers, or the number of entries in the right order."""
    if isinstance(item.answers, Choices):
        return [option.share for option in item.answers.options]
    if isinstance(item.answers, Number):
        return [[answer.value, answer.tolerance or "0", answer.share] for answer in item.answers.answers]
    if isinstance(item.answers, Order):
        return len(item.answers.entries)
    raise TypeError(f"{item.kind} cannot be played outside the academy")
