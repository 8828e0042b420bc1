"""The rules of tests and practice in plain Python: answers, marks, papers, saves, attempts, figures."""
