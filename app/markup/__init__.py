"""Markdown of lessons, stems, options and feedback made into safe HTML, in a child process with limits.

`render` is the interface; `clean` is the last step, and cleans stored fragments again when its list changes.
Stored fragments hold no script, no style, no drawing: classes only.
"""
