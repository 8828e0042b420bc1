"""Notices in the app, and mails through an outbox that a job empties; the pages of notices are in home."""
