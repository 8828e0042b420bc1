"""Tags of an item in another system: its own ones, and its keys, such as `colep:competency=LRE-01`."""

from collections.abc import Collection, Sequence
from urllib.parse import unquote

import msgspec

from app.catalogue.domain.item_keys import KNOWN, MOST_TAGS, convert_keys, field_of, tag_of, write_keys
from app.catalogue.domain.items import Item, ItemKind
from app.catalogue.domain.source_lines import KeyLine, Report
from app.studio.domain.exchange.shapes import NoteList

PREFIX = "colep:"
MAX_TAG_LENGTH = 50
"""The length to which Moodle shortens a tag, in characters."""

# GIFT writes tags in brackets in one line; a percent sign begins an encoded character.
_ENCODED = {"%": "%25", "[": "%5B", "]": "%5D", "\\": "%5C", "\n": "%0A"}


def write_tag(name: str, value: str) -> str:
    """Return a tag with a value, encoded so that it has neither brackets nor line ends."""
    return f"{PREFIX}{name}=" + "".join(_ENCODED.get(sign, sign) for sign in value)


def note_long_tags(tags: Sequence[str], notes: NoteList) -> None:
    """Note the tags that Moodle would shorten."""
    names = sorted({_name(tag) for tag in tags if len(tag) > MAX_TAG_LENGTH})
    if names:
        message = "Moodle cuts off the end of these values: %(names)s."
        notes.warn(message, "Check them when you import the question again.", names=", ".join(names))


def tags_of_item(item: Item) -> tuple[str, ...]:
    """Return the id, all keys and the tags of an item as tags, without empty values and defaults.

    Each source and each tag of the item is a tag of its own.
    """
    pairs = [line.split(": ", 1) for line in write_keys(item) if not line.startswith(("cite: ", "tags: "))]
    pairs += [["cite", source] for source in item.cite]
    return (write_tag("id", item.id), *(write_tag(name, value) for name, value in pairs), *item.tags)


class ItemTags:
    """The tags of a question: values that an export wrote, tags for the item, and others that it cannot have."""

    def __init__(self, tags: Sequence[str]) -> None:
        self.for_item, self.other = _foreign([tag for tag in tags if not _is_own(tag)])
        self._values: dict[str, str] = {}
        self._may_be_cut = sorted({_name(tag) for tag in tags if _is_own(tag) and len(tag) == MAX_TAG_LENGTH})
        for tag in filter(_is_own, tags):
            value = unquote(tag.partition("=")[2])
            sources = self._values.get("cite")
            is_further_source = _name(tag) == "cite" and sources is not None
            self._values[_name(tag)] = f"{sources}; {value}" if is_further_source else value

    @property
    def is_own_export(self) -> bool:
        """Return whether an academy wrote the question, so that its texts are Markdown."""
        return "id" in self._values

    def value(self, name: str) -> str:
        """Return the value of a tag, or an empty text."""
        return self._values.get(name, "")

    def apply(self, item: Item, kinds: Collection[ItemKind], notes: NoteList) -> Item:
        """Return the item with the keys from the tags; `kinds` are those that its answers allow."""
        if self._may_be_cut:
            message = "Moodle may have cut off the end of these values: %(names)s."
            notes.warn(message, "Check them.", names=", ".join(self._may_be_cut))
        report = Report("")
        lines = [KeyLine(name, self._values[name], 0) for name in sorted(KNOWN & self._values.keys())]
        keys = convert_keys(lines, 0, report)
        for problem in report.problems:
            if "value" in problem.values:
                notes.warn(problem.message, problem.hint, **problem.values)
        changes = {field_of(line.name): getattr(keys, field_of(line.name)) for line in lines}
        if changes.get("kind") not in kinds:
            changes.pop("kind", None)
        return msgspec.structs.replace(item, **changes | {"tags": self.for_item})


def _foreign(tags: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tags of another system that an item can have, and those that it cannot."""
    fitting = {tag: tag_of(tag) for tag in tags}
    for_item = tuple(filter(None, dict.fromkeys(fitting.values())))[:MOST_TAGS]
    return for_item, tuple(tag for tag in tags if fitting[tag] not in for_item)


def _name(tag: str) -> str:
    return tag.removeprefix(PREFIX).partition("=")[0]


def _is_own(tag: str) -> bool:
    return tag.startswith(PREFIX) and "=" in tag
