"""Certificates that a third party can check: attendance, completed course, competence; also as Open Badges 3.0.

This package issues, replaces and revokes certificates and answers the public check at /verify. It never decides whether
a course is complete or a competency verified: `learning`, `workshops` and `competence` do.
Tables: certificate, credential_status.
"""
