"""Trusted HTML, and removal of indentation from the HTML of templates."""
