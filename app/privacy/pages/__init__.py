"""View models of the access log, the export of own data and the erasure of an account."""
