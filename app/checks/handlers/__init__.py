"""Handlers of events of other packages."""
