import pytest, msgspec
from hypothesis import given, settings, strategies as st
from app.catalogue.domain.items import ItemKind, Gaps
from app.studio.domain.exchange.gift import read_gift
from app.studio.domain.exchange.gift_writer import write_gift
from app.studio.domain.exchange.shapes import ExchangeTexts
from tests.support import item_strategies
from tests.support.question_exchange import import_options, only_item, with_former_id

K=[ItemKind.SINGLE,ItemKind.SEVERAL,ItemKind.TRUEFALSE,ItemKind.MATCH,ItemKind.NUMBER,ItemKind.SHORT,ItemKind.GAPS]
@pytest.mark.parametrize("kind", K)
@settings(max_examples=300, deadline=None)
@given(drawn=st.data())
def test_gift(kind, drawn):
    item = drawn.draw(item_strategies.item(kind))
    if isinstance(item.answers, Gaps):
        item = msgspec.structs.replace(item, answers=Gaps(item.answers.parts[:1]+item.answers.parts[-1:], item.answers.gaps[:1]))
    result = write_gift([item], ExchangeTexts())
    if result.not_exported: return
    again = with_former_id(only_item(read_gift(result.text.encode(), import_options())))
    assert again == msgspec.structs.replace(item, hint="")
