"""Rules of competence: the capacity measure, kinds of evidence, periods, statuses, needs, claims."""
