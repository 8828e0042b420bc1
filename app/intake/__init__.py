"""Bringing in people from a sheet: what was sent is read and checked row by row, kept, and only then imported.

It is not the list of people, nor the single invitation: those are in accounts, which makes every invitation and change.
Each import is kept as a batch, so that it can be undone as far as nobody has gone on from it.
"""
