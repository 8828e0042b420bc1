"""Run Markdown in a child process within limits of time, memory and size."""
