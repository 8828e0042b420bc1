"""Write courses in the browser: drafts with revisions, editors, review and publication, import and export.

The course format, its checker and the published versions are in `catalogue`; what learners do is in `learning` and
`quizzes`. A draft is a tree of files of the course format; publishing passes it to `catalogue.service`.
"""
