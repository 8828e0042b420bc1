"""The operation of the academy: runs and leases of jobs, and the state of the machine.

Nothing here knows what a job does; the list of jobs is in `app.schedule`.
"""
