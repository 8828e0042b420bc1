"""Markdown of lessons, stems, options and feedback made into safe HTML, in a child process with limits.

`render` is the door; `clean` is the last gate, and cleans stored fragments anew when its list changes.
Stored fragments hold no script, no style, no drawing: classes only.
"""
