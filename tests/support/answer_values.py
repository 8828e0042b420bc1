"""Hypothesis strategy for JSON values that a client may send as an answer."""

from hypothesis import strategies as st

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["place", "places", "text", "gaps", "rows", "groups", "values", "lines", "pairs", "proof", "1"]
            ),
            inner,
        )
    ),
    max_leaves=6,
)
