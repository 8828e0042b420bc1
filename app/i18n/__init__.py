"""Languages: message catalogues, translations in the database, text direction, dates and numbers in words."""
