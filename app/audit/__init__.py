"""The append-only audit log: every change of state with its time, actor and request.

It writes one row for each event and never changes or deletes one. Its pages are in operations.
"""
