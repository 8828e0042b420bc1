import jinja2
import pytest
from flask import Flask

from app.web.html.whitespace import Indentation


def rendered(template: str, **values: object) -> str:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=[Indentation, "jinja2.ext.i18n"]
    )
    return environment.from_string(template).render(values)


def test_indentation_is_removed_beside_block_elements() -> None:
    template = "<ul>\n  {% for n in numbers %}\n    <li>\n      {{ n }}\n    </li>\n  {% endfor %}\n</ul>\n"
    assert rendered(template, numbers=[1, 2]) == "<ul><li>1</li><li>2</li></ul>"


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("<p>\n  <b>a</b>\n  <i>b</i>\n</p>", "<p><b>a</b>\n<i>b</i></p>"),
        ("<p>a   <b>b</b></p>", "<p>a <b>b</b></p>"),
        ("<p>{{ a }}\n  {{ a }}</p>", "<p>1\n1</p>"),
        ("<p>{{ a }}{% if a %} {{ a }}{% endif %}</p>", "<p>1 1</p>"),
        ("<p>{{ a }}{% if a %}\n    {{ a }}{% endif %}</p>", "<p>1 1</p>"),
    ],
)
def test_whitespace_between_words_remains(template: str, page: str) -> None:
    assert rendered(template, a=1) == page


def test_whitespace_beside_a_button_remains_outside_of_it() -> None:
    assert rendered("<p>a\n  <button>\n    b\n  </button>\n  c</p>") == "<p>a\n<button>b</button>\nc</p>"


@pytest.mark.parametrize("on", [True, False])
def test_tags_hold_one_space_between_attributes(on: bool) -> None:
    template = '<input\n  name="a"\n  {% if on %}checked{% else %}value="b"{% endif %}\n  {{ more | xmlattr }}\n>'
    attribute = "checked" if on else 'value="b"'
    assert rendered(template, on=on, more={"id": "c"}) == f'<input name="a" {attribute} id="c">'
    assert rendered(template, on=on, more={}) == f'<input name="a" {attribute}>'


def test_values_of_attributes_remain() -> None:
    template = '<p title="a  b >  c" class="d {% if e %}f {% endif %}g">h</p>'
    assert rendered(template, e=True) == '<p title="a  b >  c" class="d f g">h</p>'


@pytest.mark.parametrize("name", ["pre", "textarea"])
def test_content_remains_in_preformatted_elements(name: str) -> None:
    template = f"<div>\n  <{name}>\n  a\n    <b>  {{{{ b }}}}\n  </b> c</{name}>\n  </div>"
    assert rendered(template, b="B") == f"<div><{name}>\n  a\n    <b>  B\n  </b> c</{name}></div>"


def test_pages_of_the_application_carry_no_indentation(app: Flask) -> None:
    assert Indentation.identifier in app.jinja_env.extensions
