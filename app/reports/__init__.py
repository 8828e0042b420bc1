"""Reports to hand over, frozen once and drawn as page, PDF, DOCX and XLSX; schedules of reports.

Kinds: quarterly, by country, of a workshop, for donors. It reads other packages through their queries and labels.
It owns its runs, files, texts, schedules and lines of donors; it changes nothing of other packages.
"""
