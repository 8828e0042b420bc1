"""Reading sheets as cells, before anybody knows what their columns mean: CSV, pasted text, XLSX."""
