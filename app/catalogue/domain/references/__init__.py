"""What courses refer to and share: sources, glossary, competencies, the plan, and their texts in each language."""
