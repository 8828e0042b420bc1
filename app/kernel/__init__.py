"""Code for all packages, with the standard library and msgspec only: events, errors, the clock, the current actor."""
