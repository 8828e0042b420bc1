"""The rules of sheets: reading files, recognising columns, validating rows and comparing them with accounts."""
