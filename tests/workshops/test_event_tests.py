"""The tests before and after an event, and the gain of the people who took both."""

from uuid import UUID, uuid4

from hypothesis import given as each, strategies as st

from app.workshops.domain import event_tests as rules

PEOPLE = [uuid4() for _ in range(8)]
SCORES = st.dictionaries(st.sampled_from(PEOPLE), st.floats(0, 1))


@each(SCORES, SCORES)
def test_gain_is_hidden_below_five_people_who_took_both(before: dict[UUID, float], after: dict[UUID, float]) -> None:
    both = before.keys() & after.keys()
    gain = rules.gain(before, after)
    assert (gain is None) == (len(both) < 5)
    assert gain is None or gain.pairs == len(both)


def test_gain_compares_the_same_people_only() -> None:
    before = dict.fromkeys(PEOPLE[:5], 0.5) | {PEOPLE[6]: 0.0}
    after = dict.fromkeys(PEOPLE[:5], 0.75) | {PEOPLE[7]: 0.0}
    gain = rules.gain(before, after)
    assert gain is not None
    assert (gain.before, gain.after, gain.gain) == (0.5, 0.75, 0.25)
