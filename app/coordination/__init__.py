"""Coordination of the plan: what is late, reminders, agreed actions with an owner and a date, completion of courses.

It shows counts and offices, never the name or alias of an officer of another country.
It owns reminders and actions; progress in courses belongs to `learning`, figures of the plan to `plan`.
"""
