"""Rules of competence: the measure, what evidence is worth, statuses, needs."""
