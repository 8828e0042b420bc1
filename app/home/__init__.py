"""Pages that look across rooms for one person: home, record, notices, search; the weekly digest.

It has no tables: it reads what other rooms offer.
"""
