"""Requests and responses: cookies, protection against forged requests, headers, limits, redirects, and the log."""
