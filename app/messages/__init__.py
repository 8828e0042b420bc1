"""Notices in the application, and mail through an outbox that a job sends.

Higher packages report events; the text is chosen when the person reads it. A mail does not name its subject.
The pages of notices are in `home`.
"""
