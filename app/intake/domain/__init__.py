"""The rules of sheets: how a file is read, which columns there are, what a row must hold, what it comes to."""
