"""Workshops and study visits: dates, seats, queue, attendance, and what assessors saw.

What an assessor scores goes to the competence room as evidence. Meetings and nominations are not here yet.
"""
