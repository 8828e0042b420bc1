"""The capacity-building plan: what was promised, the rule that counts it, the records behind each figure.

A figure is never written down: it is the sum of contributions that hold on a day, so it opens down to them. Changing
the plan's file and what officers can do are other rooms' work.
"""
