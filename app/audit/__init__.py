"""The trail that only grows: every change of state with its time, actor and request.

It hears every event and writes one row; nothing here changes or removes one. Its page is in operations.
"""
