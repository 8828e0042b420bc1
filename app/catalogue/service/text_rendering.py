"""Render the texts of items and cases to HTML in batches, and translate the labels that the renderer adds.

`preparation` calls this before a draft is stored (`bank_item.texts`, `course_case.texts`), and renders lessons itself.
The labels are stored within the HTML: a changed label appears after the files of a course changed and are published.
"""

from collections.abc import Mapping, Sequence

from babel import Locale

from app.catalogue.domain.item_texts import answer_sources
from app.catalogue.domain.items import Item
from app.catalogue.domain.scenarios import Scenario
from app.catalogue.shapes import CaseTexts, ItemTexts, MoveTexts
from app.i18n.babel import catalogue
from app.markup.render import render_texts
from app.markup.shapes import Labels, Picture, fill


class RenderBatch:
    """Texts to be rendered together: starting the renderer costs more than most texts."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._made: list[str] = []

    def add(self, text: str) -> int:
        """Add a text and return its index."""
        self._texts.append(text)
        return len(self._texts) - 1

    def render(
        self,
        *,
        inline: bool,
        labels: Labels | None = None,
        media: Mapping[str, Picture] | None = None,
        documents: Mapping[str, str] | None = None,
    ) -> None:
        """Render the added texts; raise as markup.render does."""
        texts = [text for text in self._texts if text.strip()]
        rendered = iter(render_texts(texts, inline=inline, labels=labels, media=media, documents=documents))
        self._made = [next(rendered) if text.strip() else "" for text in self._texts]

    def __getitem__(self, index: int) -> str:
        return self._made[index]


def labels(language: str) -> Labels:
    """Return the labels that the renderer adds, in a language; in English if the interface does not have it."""
    texts = catalogue(language)
    return Labels(
        note=texts.gettext("Note"),
        tip=texts.gettext("Tip"),
        warning=texts.gettext("Warning"),
        sensitive=texts.gettext("Sensitive"),
        scenario=texts.gettext("Case"),
        details=texts.gettext("More"),
        transcript=texts.gettext("Transcript"),
        check=texts.gettext("Check yourself"),
        country=texts.gettext("Country note: %(country)s"),
        country_facts=texts.gettext("Facts on your country"),
        titled=texts.gettext("%(kind)s: %(title)s"),
        table=texts.gettext("Table %(number)s"),
        term=texts.gettext("Term: %(term)s"),
        source=texts.gettext("Source %(number)s"),
        footnote=texts.gettext("Footnote %(number)s"),
        back=texts.gettext("Back to the text"),
        outside=texts.gettext("(leaves this site)"),
        small_video=texts.gettext("Smaller video: %(facts)s"),
        sound_only=texts.gettext("Sound only: %(facts)s"),
    )


def line_link_labels(titles: Mapping[str, str], language: str) -> dict[str, str]:
    """Return the texts of links to a line of documents by id, with the placeholder `%(number)s`, from their titles."""
    label = catalogue(language).gettext("%(title)s, line %(number)s")
    return {name: fill(label, title=title) for name, title in titles.items()}


def country_names(codes: Sequence[str], language: str) -> dict[str, str]:
    """Return the names of countries in a language."""
    names = Locale.parse(language, sep="-").territories
    return {code: str(names.get(code, code)) for code in codes}


def item_texts(item: Item, inline: RenderBatch, block: RenderBatch) -> "PendingItem":
    """Add an item's texts to the batches; call `texts` of the result once they are rendered."""
    texts, feedback = answer_sources(item)
    return PendingItem(
        inline,
        block,
        answers=[inline.add(text) for text in texts],
        blocks=[block.add(text) for text in (item.stem, item.hint, item.general, item.good, item.weak, *feedback)],
    )


class PendingItem:
    """An item whose texts are in batches that are not rendered yet."""

    def __init__(self, inline: RenderBatch, block: RenderBatch, *, answers: list[int], blocks: list[int]) -> None:
        self._inline, self._block, self._answers, self._blocks = inline, block, answers, blocks

    def texts(self) -> ItemTexts:
        """Return the rendered texts."""
        stem, hint, general, good, weak, *feedback = (self._block[place] for place in self._blocks)
        answers = tuple(self._inline[place] for place in self._answers)
        return ItemTexts(stem, answers, tuple(feedback), hint, general, good, weak)


def rendered_texts(item: Item, language: str) -> ItemTexts:
    """Return the texts of one item as HTML. Raises MarkupError for a text over a limit."""
    inline, block = RenderBatch(), RenderBatch()
    pending = item_texts(item, inline, block)
    inline.render(inline=True)
    block.render(inline=False, labels=labels(language))
    return pending.texts()


def case_texts(scenario: Scenario, *, labels: Labels, media: Mapping[str, Picture] | None = None) -> CaseTexts:
    """Render the scene, nodes and moves of a case; raise as markup.render does."""
    inline, block = RenderBatch(), RenderBatch()
    scene = block.add(scenario.scene)
    nodes = {node.id: block.add(node.text) for node in scenario.nodes}
    moves = {
        node.id: [(inline.add(m.text), block.add(m.consequence), block.add(m.why)) for m in node.moves]
        for node in scenario.nodes
    }
    inline.render(inline=True, media=media)
    block.render(inline=False, labels=labels, media=media)
    return CaseTexts(
        scene=block[scene],
        nodes={name: block[place] for name, place in nodes.items()},
        moves={
            name: tuple(MoveTexts(inline[t], block[c], block[w]) for t, c, w in parts) for name, parts in moves.items()
        },
    )
