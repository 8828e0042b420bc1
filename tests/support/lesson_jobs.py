from app.markup.shapes import CitedDocument, Labels, LessonJob, Picture, Term

ENGLISH = Labels(
    note="Note",
    tip="Tip",
    warning="Warning",
    sensitive="Sensitive",
    scenario="Case",
    details="More",
    transcript="Transcript",
    check="Check yourself",
    country="Country note: %(country)s",
    country_facts="Facts on your country",
    titled="%(kind)s: %(title)s",
    table="Table %(number)s",
    term="Term: %(term)s",
    source="Source %(number)s",
    footnote="Footnote %(number)s",
    back="Back to the text",
    outside="(leaves this site)",
    small_video="Smaller video: %(facts)s",
    sound_only="Sound only: %(facts)s",
)
ARABIC = Labels(
    note="ملاحظة",
    tip="نصيحة",
    warning="تحذير",
    sensitive="محتوى حساس",
    scenario="حالة",
    details="المزيد",
    transcript="النص",
    check="اختبر نفسك",
    country="ملاحظة عن البلد: %(country)s",
    country_facts="حقائق عن بلدك",
    titled="%(kind)s: %(title)s",
    table="جدول %(number)s",
    term="مصطلح: %(term)s",
    source="مصدر %(number)s",
    footnote="حاشية %(number)s",
    back="العودة إلى النص",
    outside="(خارج هذا الموقع)",
    small_video="فيديو أصغر: %(facts)s",
    sound_only="الصوت فقط: %(facts)s",
)
SOURCES = {
    "tip-protocol-2000": CitedDocument("Trafficking Protocol", "United Nations", "2000"),
    "handbook": CitedDocument("Handbook on referral"),
}
TERMS = {
    "presumed-victim": Term("presumed victim", "A person who shows signs, before any body has decided."),
    "non-punishment": Term("non-punishment", "Victims are not punished for what they were made to do."),
}
MEDIA = {
    "media/map.png": Picture("/media/3f2a", 640, 480),
    "media/talk.mp3": Picture("/media/4a1b", kind="audio", facts="1:05, 0.7 MB"),
    "media/film.mp4": Picture("/media/5c2d", kind="video", facts="0:30, 3.0 MB", captions="/media/6e3f", language="en"),
}


def lesson(text: str, *, labels: Labels = ENGLISH, language: str = "en") -> LessonJob:
    return LessonJob(
        text=text,
        language=language,
        direction="ltr" if language == "en" else "rtl",
        labels=labels,
        sources=SOURCES,
        terms=TERMS,
        countries={"IQ": "Iraq" if language == "en" else "العراق"},
        media=MEDIA,
    )
