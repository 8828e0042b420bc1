from collections.abc import Mapping, Sequence


def on_page(order: Sequence[int], places: Sequence[int]) -> tuple[int, ...]:
    """Return where places of the source stand on the page of this order."""
    return tuple(order.index(place) for place in places)


def body_on_page(order: Sequence[int], body: Mapping[str, object]) -> dict[str, object]:
    """Return an answer in places of the source as the page of this order sends it."""
    if "place" in body:
        return {"place": on_page(order, [body["place"]])[0]}  # type: ignore[list-item]
    return {"places": list(on_page(order, body["places"]))} if "places" in body else dict(body)  # type: ignore[arg-type]
