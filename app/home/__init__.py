"""Pages of one user across packages: start, record, notices, search; mails of the week and of near dates.

It has no tables: it reads the public interfaces of other packages.
"""
