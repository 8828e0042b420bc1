import pytest

from tests.architecture import figures


@pytest.mark.parametrize("name", sorted(figures.DENSITY.keys() - {"modules_over_400_lines"}))
def test_figure_is_at_most_the_recorded_number(name: str) -> None:
    message = figures.excess(name, figures.repository(), figures.recorded()[name])
    assert not message, message


def test_modules_over_400_lines_have_a_reason() -> None:
    long = {place.path for place in figures.offences("modules_over_400_lines", figures.repository())}
    assert long == set(figures.reasons())


def test_each_figure_has_a_recorded_number() -> None:
    assert figures.recorded().keys() == figures.FIGURES.keys() - {"modules_over_400_lines"}
