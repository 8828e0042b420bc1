"""Operation of a site: job runs, state of the machine, keys, incidents, setup, and the pages of the audit log.

The list of jobs and their work are not here but in `app.schedule`.
"""
