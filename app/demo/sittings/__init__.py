"""Watched sittings of the demonstration: desk tasks and their marking, role models, surprise draws, requests."""
