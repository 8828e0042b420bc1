"""Full-text index of courses, workshops and treaties; the page /search is in `home`.

Other packages add blocks of text when they publish, and withdraw them later. A block has a URL and a
sensitivity; the index contains no personal data.
"""
