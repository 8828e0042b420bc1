"""Backups of a site: make, prove, encrypt, keep, check and restore them.

It is not the export of data for users (`privacy`, `intake`), and it never sees the private keys of the holders except
in the commands that a holder runs. Table: `backup_run`.
"""
