"""The append-only audit log: every change of state with its time, actor and request.

One row is written for each event and never changed or deleted. The pages `/audit` are in `operations`.
"""
