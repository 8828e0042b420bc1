"""The demonstration: a fictional half-done year, and a bar that switches role, language, date and line.

Its pages exist in demo mode alone and answer this machine alone; its people are invented and say so.
The same invented lives, written as rows, fill the databases of load and fault tests.
"""
