"""Forms of the studio: new course, lesson, questions, review, import."""
