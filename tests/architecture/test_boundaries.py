import pytest

from tests.architecture import figures


@pytest.mark.parametrize("name", figures.BOUNDARIES)
def test_figure_is_at_most_the_recorded_number(name: str) -> None:
    message = figures.excess(name, figures.repository(), figures.recorded()[name])
    assert not message, message
