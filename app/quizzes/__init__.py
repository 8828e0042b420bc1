"""Item banks and attempts: questions are drawn, answers saved, marked and counted.

Only the server decides which questions were drawn, which answer is right, when the time ended, and who passed.
The texts of items belong to `catalogue`; what a result means for competencies is decided in higher packages.
"""
