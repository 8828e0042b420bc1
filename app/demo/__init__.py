"""The demonstration: a fictional half-finished year, and a bar that switches role, language, date and connection.

Its pages exist in demo mode only and are served to this machine only; its people are invented and marked as such.
The same invented data, written as rows, fills the databases of load and fault tests.
"""
