"""The demonstration of `flask demo`: an invented half year, and a bar that switches role, date and connection.

Its pages exist in demo mode only and answer this machine only; its people are invented and say so.
Written as rows, the same people fill the databases of load and fault tests.
"""
