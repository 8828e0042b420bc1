"""Pages of a list by number: which one an address asks for, and the links to its neighbours."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

NEAR = 2  # pages to each side that are linked


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list: its number from 1, how long a page is, how long the list."""

    number: int
    size: int
    count: int

    @property
    def last(self) -> int:
        """Return the number of the last page."""
        return max(1, -(-self.count // self.size))

    @property
    def offset(self) -> int:
        """Return how many rows stand before this page."""
        return (self.number - 1) * self.size

    def links(self, endpoint: str, **values: Any) -> dict[str, Any]:
        """Return what the pager shows: pages nearby, and the address of the next one."""
        near = range(max(1, self.number - NEAR), min(self.last, self.number + NEAR) + 1)
        onward = url_for(endpoint, page=self.number + 1, **values) if self.number < self.last else ""
        return {"pages": [(n, url_for(endpoint, page=n, **values), n == self.number) for n in near], "onward": onward}


def asked(count: int, size: int) -> ListPage:
    """Return the page that the address asks for: the last one for any beyond, the first for what is no number."""
    page = ListPage(1, size, count)
    wanted = request.args.get("page", 1, type=int)
    return ListPage(max(1, min(wanted, page.last)), size, count)
