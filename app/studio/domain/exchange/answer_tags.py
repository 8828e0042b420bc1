"""Tags for what the answers of an item have and those of other systems have not."""

from app.catalogue.domain.items import Choices, Item, Match
from app.studio.domain.exchange.choice_fractions import shares_tag
from app.studio.domain.exchange.item_tags import write_tag


def answer_tags(item: Item) -> list[str]:
    """Return tags with the heads of a match table or the shares of options."""
    if isinstance(item.answers, Match):
        return [write_tag("head1", item.answers.heads[0]), write_tag("head2", item.answers.heads[1])]
    if isinstance(item.answers, Choices):
        return [shares_tag([option.share for option in item.answers.options])]
    return []
