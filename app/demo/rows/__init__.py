"""The invented lives as database rows, without services."""
