"""What every page needs of the web: forms, tokens, headers, errors, limits, styles and scripts, the frame."""
