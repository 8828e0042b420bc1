"""Markdown of lessons, stems, options and feedback rendered to safe HTML, in a child process with limits.

`render` is the interface; `clean` is the last step, and cleans stored fragments again when its list of tags changes.
Stored fragments contain no script, style or drawing, only classes.
"""
