"""Queries of home over the public interfaces of other packages."""
