"""Playing branching cases below `/cases`: choices, score and debrief; catalogue has the cases themselves."""
