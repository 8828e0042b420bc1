"""What is told to people: notices in the app, and mail through an outbox that a job empties.

Higher packages report what happened; the text is chosen when a person reads it. A mail never says what it is about.
Pages of notices are in home.
"""
