"""What keeps the academy running: which job ran when and under which lease, and how the machine is.

Nothing here knows what a job does; the list of jobs is in `app.schedule`.
"""
