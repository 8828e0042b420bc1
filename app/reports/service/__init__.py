"""Use cases of reports: request, freeze, draw, verify, texts, schedules, lines of donors."""
