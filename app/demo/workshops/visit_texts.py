"""Texts of the study visits of the demonstration: commitments, their results, report and summary."""

COMMITMENTS = (
    "Propose a form in which interpreters declare a conflict of interest.",
    "Show the way from first sign to referral to my shift, in 20 minutes.",
    "Put the number of the referral service beside every interview room.",
    "Ask our prosecutor which notes of a first conversation a court accepts.",
    "Agree with the shelter on a fixed contact hour for our post.",
    "Write a one-page card on rest and food before a first conversation.",
    "Propose a private room for first conversations at our post.",
    "Tell the trainers of our academy what the visit showed.",
)
NOTES = (
    "The form is in use at two posts since the second week.",
    "Shown to three shifts; the card hangs in the office.",
    "Agreed by phone and confirmed in writing.",
)
DROPPED_NOTE = "I changed to another post, where this is not my task."
# a line break ends a paragraph, so each paragraph is one line
REPORT = "\n\n".join(
    (
        "Three days with the referral service, a unit that meets people first, and a prosecutor."
        " All places and people in this report are fictional.",
        "What we saw: the first officer asks few questions and calls the service within the hour."
        " The service decides alone where a person sleeps. The unit learns later whether the person agrees to talk.",
        "What others can use: one page with three questions, a number that is answered day and night,"
        " and a fixed person at each post who keeps both up to date.",
        "What we would ask next time: more time with interpreters, and a talk with a judge.",
    )
)
SUMMARY = (
    "The first officer asks little and calls the referral service within the hour."
    " A fixed contact person at each post keeps the one-page card and the number up to date."
    " Interpreters declare conflicts of interest before they begin."
)
