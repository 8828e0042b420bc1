"""Attempts at tests and practice: draw questions, save and grade answers, record results.

Only the server decides which questions are drawn, what is right, when time ends and who passes.
Items come from `catalogue`; `competence` decides what a result means for a person's skills.
"""
