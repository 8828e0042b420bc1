"""The competencies of officers: evidence, the status derived from it, and the last valid day.

Evidence is only added; everything else is derived from it and can be derived again. This package counts officers with a
competency; what these numbers mean for the capacity-building plan is decided in `plan`.
"""
