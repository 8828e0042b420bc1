"""The append-only audit log: each change of state with its time, actor and request.

One row for each event is added and never changed or deleted. The pages of the log are in `operations`.
"""
