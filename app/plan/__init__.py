"""The capacity-building plan (`/plan`): indicators, the rules that count them, and the records behind each figure.

A figure is the sum of the contributions that are valid on its day, and links to their records. Not here: `catalogue`
loads the plan file, and `competence` decides which officers are verified.
"""
