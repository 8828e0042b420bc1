"""Rights of people over their data: the access log, the archive of own data, and erasure on request."""
