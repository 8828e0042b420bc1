"""What is told to people: notices in the app, and mail through an outbox that a job empties.

Upper rooms say what happened; the words are chosen when somebody reads them. A mail never says what it is about.
Pages of notices are in home.
"""
