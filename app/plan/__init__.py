"""The capacity-building plan: targets, the rule that counts each indicator, the records behind each figure.

A figure is not stored as a number: it is the sum of contributions valid on a day, and a page leads to each of them.
The file of the plan is read by `catalogue`; competencies belong to `competence`.
"""
