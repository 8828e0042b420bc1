"""Read and write questions and lessons in formats of other systems: GIFT, Aiken, Moodle XML, Word."""
