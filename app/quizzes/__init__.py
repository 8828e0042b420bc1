"""Item banks and attempts: papers are drawn, answers saved, marked and counted here.

The server alone decides: what was drawn, what is right, when time ended, who passed.
What an item says belongs to the catalogue; what a mark means for a person's competence is for rooms above.
"""
