"""The search index: blocks of text that packages add when they publish and remove when they withdraw.

It stores the text, path and sensitivity of each block, and no data about a person.
The search page is in `home`.
"""
