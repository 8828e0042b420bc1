"""Render Markdown of course texts to safe HTML in a child process with limits; `render` is the interface."""
