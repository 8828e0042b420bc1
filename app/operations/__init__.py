"""Operation of the academy: runs and leases of jobs, health of the system, setup, incident, pages of the audit log.

It does not know what a job does; the list of jobs is in `app.schedule`.
"""
