"""The directory: list and search of people, the page of a person, postings, settings of a country."""
