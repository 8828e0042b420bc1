"""Import people from a sheet (`/people/sheet`): rows are read, checked, saved, and only then imported.

Lists of people are in `directory`, single invitations in `invitations`; both write what a sheet invites or changes.
Each import is saved as a batch, so that it can be undone as far as its values have not changed since.
"""
