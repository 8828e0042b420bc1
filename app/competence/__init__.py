"""Competence of officers: evidence, the skill estimated from it, validity dates, claims, needs, capacity.

Evidence is only added; states, periods and rollups are recalculated from it. This package counts officers with a
valid competency; indicators and targets of the capacity-building plan are in `plan`.
"""
