"""Write the Word template for a lesson: a short lesson that explains its styles."""

from dataclasses import dataclass

from app.studio.domain.exchange.word_html import BLOCK_STYLES
from app.studio.domain.exchange.word_template import new_template, saved_template


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    """The texts of the template; `blocks` are in the order of `BLOCK_STYLES`."""

    title: str
    heading: str
    instructions: tuple[str, ...]
    blocks_heading: str
    blocks: tuple[str, ...]


_TEXTS = {
    "en": _Texts(
        title="Title of the lesson",
        heading="How to write",
        instructions=(
            "The title has the style Title. Give headings the styles Heading 1, Heading 2 and so on.",
            "Bold text, italics, links, footnotes, lists and simple tables are kept.",
            "Give each picture a description: right-click it, then choose alternative text.",
            "Text boxes, equations, charts, headers and footers are left out.",
        ),
        blocks_heading="Highlighted text",
        blocks=(
            "A note. It has the style COLEP Note.",
            "A tip for daily work.",
            "A warning about a risk.",
            "A word before content that may distress readers.",
            "A short case.",
            "Details that are shown on request.",
        ),
    ),
    "fr": _Texts(
        title="Titre de la leçon",
        heading="Comment écrire",
        instructions=(
            "Le titre a le style Titre. Donnez aux intertitres les styles Titre 1, Titre 2, etc.",
            "Le gras, l’italique, les liens, les notes, les listes et les tableaux simples sont conservés.",
            "Donnez à chaque image une description : clic droit, puis texte de remplacement.",
            "Les zones de texte, équations, graphiques, en-têtes et pieds de page ne sont pas repris.",
        ),
        blocks_heading="Texte mis en évidence",
        blocks=(
            "Une remarque. Elle a le style COLEP Note.",
            "Un conseil pour le travail quotidien.",
            "Un avertissement sur un risque.",
            "Un mot avant un contenu éprouvant.",
            "Un cas court.",
            "Des détails affichés sur demande.",
        ),
    ),
    "ar": _Texts(
        title="عنوان الدرس",
        heading="كيف تكتب",
        instructions=(
            "للعنوان النمط «العنوان». أعط العناوين الفرعية الأنماط «عنوان 1» و«عنوان 2» وهكذا.",
            "يُحتفظ بالنص الغامق والمائل والروابط والحواشي والقوائم والجداول البسيطة.",
            "أعط كل صورة وصفا: انقر عليها بالزر الأيمن ثم اختر النص البديل.",
            "لا تُنقل مربعات النص والمعادلات والمخططات والرؤوس والتذييلات.",
        ),
        blocks_heading="نص مميز",
        blocks=(
            "ملاحظة. لها النمط COLEP Note.",
            "نصيحة للعمل اليومي.",
            "تحذير من خطر.",
            "تنبيه قبل محتوى قد يزعج القارئ.",
            "حالة قصيرة.",
            "تفاصيل تظهر عند الطلب.",
        ),
    ),
}


def write_lesson_template(language: str = "en") -> bytes:
    """Return the .docx template for a lesson in a language; in English if there is none in that language."""
    language = language if language in _TEXTS else "en"
    texts = _TEXTS[language]
    document = new_template(language, texts.title)
    document.add_heading(texts.title, 0)
    document.add_heading(texts.heading, 1)
    for instruction in texts.instructions:
        document.add_paragraph(instruction, style="List Bullet")
    document.add_heading(texts.blocks_heading, 1)
    for style, text in zip(BLOCK_STYLES, texts.blocks, strict=True):
        document.add_paragraph(text, style=style)
    return saved_template(document, language)
