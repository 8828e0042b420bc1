"""Rows of invented people and their history, written without services, for `flask populate`."""
