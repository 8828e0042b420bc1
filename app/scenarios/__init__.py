"""Branching cases: a person decides step by step, and at the end sees what every choice would have led to.

The path of each person is kept, with both kinds of error counted apart: victims missed, and false alarms.
How a case is written belongs to the catalogue; what a share means as evidence is for rooms above.
"""
