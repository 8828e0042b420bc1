"""The rights of a person to the stored data: access log, archive, departure, erasure.

Its only tables are requests for erasure. Each package declares its own personal data.
"""
