"""What a browser would submit for a form of a page, without scripts."""

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

Attributes = dict[str, str | None]
WITHOUT_VALUE = {"submit", "button", "file"}


class _Parser(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self._form_id = form_id
        self._inside = False
        self._select = ""
        self._area: str | None = None
        self.fields: MultiDict[str, str] = MultiDict()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self._inside = attributes.get("id") == self._form_id
        if not self._inside:
            return
        name, value = attributes.get("name") or "", attributes.get("value") or ""
        if tag == "input" and attributes.get("type") not in WITHOUT_VALUE:
            if attributes.get("type") not in {"checkbox", "radio"} or "checked" in attributes:
                self.fields.add(name, value)
        elif tag == "textarea":
            self._area = name
            self.fields.add(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in attributes or self._select not in self.fields):
            self.fields.setlist(self._select, [value])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            text = self.fields[self._area] + data
            self.fields.setlist(self._area, [text])


def form_fields(html: str, form_id: str) -> MultiDict[str, str]:
    """Return the fields of a form with the values that the page gives them; line ends as browsers send them."""
    parser = _Parser(form_id)
    parser.feed(html)
    fields: MultiDict[str, str] = MultiDict()
    for name, values in parser.fields.lists():
        fields.setlist(name, [value.removeprefix("\n").replace("\n", "\r\n") for value in values])
    return fields
