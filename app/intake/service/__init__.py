"""Use cases of intake: check, import and undo a sheet, export people."""
