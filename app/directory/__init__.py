"""The directory: list, search and page of people, postings and departures; settings of a country."""
