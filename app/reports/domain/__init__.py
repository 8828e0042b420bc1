"""Rules of reports: the frozen document, periods, states of a run."""
