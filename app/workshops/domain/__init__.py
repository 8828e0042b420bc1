"""Rules of workshops: seats and queue, attendance, rubrics."""
