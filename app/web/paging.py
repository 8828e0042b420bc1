"""Pages of a list by number: the requested page, and the links to its neighbours."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

NEAR = 2  # pages to each side that are linked


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list: its number from 1, rows for each page, rows in all."""

    number: int
    size: int
    count: int

    @property
    def last(self) -> int:
        """Return the number of the last page."""
        return max(1, -(-self.count // self.size))

    @property
    def offset(self) -> int:
        """Return how many rows precede this page."""
        return (self.number - 1) * self.size

    def links(self, endpoint: str, **values: Any) -> dict[str, Any]:
        """Return the values of the pager: neighbouring pages, and the address of the next one."""
        near = range(max(1, self.number - NEAR), min(self.last, self.number + NEAR) + 1)
        onward = url_for(endpoint, page=self.number + 1, **values) if self.number < self.last else ""
        return {"pages": [(n, url_for(endpoint, page=n, **values), n == self.number) for n in near], "onward": onward}


def requested_page(count: int, size: int) -> ListPage:
    """Return the requested page: the last one if the number is too high, the first one if it is not a number."""
    page = ListPage(1, size, count)
    wanted = request.args.get("page", 1, type=int)
    return ListPage(max(1, min(wanted, page.last)), size, count)
