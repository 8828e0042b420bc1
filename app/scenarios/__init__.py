"""Branching cases: a person decides step by step, and at the end sees where each choice would have led.

The path of each person is stored, with both kinds of error counted separately: missed victims and false alarms.
The format of a case belongs to `catalogue`; what a result means as evidence is decided in higher packages.
"""
