"""Instructions and examples of the Word template for questions, in each language."""

from dataclasses import dataclass

from app.catalogue.domain.items import ItemKind
from app.studio.domain.exchange.word_labels import RowType

ExampleRow = tuple[RowType, str, str]


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """An example: its kind, and rows with label, text and feedback (in a matching question: the other side)."""

    kind: ItemKind
    rows: tuple[ExampleRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateTexts:
    """The texts of a template; `example` is beside the label of the row Example."""

    title: str
    instructions: tuple[str, ...]
    kinds: str
    examples_heading: str
    example: str
    examples: tuple[ExampleQuestion, ...]
    questions_heading: str


_EN = TemplateTexts(
    title="Questions for a course",
    instructions=(
        "Write each question in a table of its own. Copy an empty table for a further question.",
        "Do not change the labels in the first column. You can add and delete rows, and leave rows empty.",
        'In rows "Right" and "Wrong", write the answer in the second column and your feedback on it in the third.',
        'Matching: write both sides of a pair in a row "Right"; a row "Wrong" has a side to which nothing belongs.',
        'Order: write the steps in rows "Right" in the right order.',
        'Number: write the number, with its tolerance if there is one: 2.5 ± 0.1. The unit has a row "Unit".',
        "Short answer: write each accepted wording in a row of its own; * means any text.",
        "Competency is an id such as LRE-01. Source is an id of the list of sources, such as source-id, art. 3.",
        "Text outside the tables is not read. Pictures in a table need a description (alternative text).",
    ),
    kinds="Kinds of questions: %s.",
    examples_heading="Examples",
    example="This table is not imported. Delete this row to import it.",
    examples=(
        ExampleQuestion(
            ItemKind.SINGLE,
            (
                (RowType.QUESTION, "You meet a person who may be a victim. What do you do first?", ""),
                (RowType.COMPETENCY, "LRE-01", ""),
                (RowType.RIGHT, "See that the person is safe and apart from others.", "Safety comes first."),
                (RowType.WRONG, "Take a full statement.", "A statement can wait until the person is safe."),
                (RowType.WRONG, "Call the employer.", "The employer may be involved."),
                (RowType.HINT, "Think of what cannot wait.", ""),
                (RowType.GENERAL, "First contact is about safety and needs.", ""),
                (RowType.SOURCE, "source-id, art. 3", ""),
            ),
        ),
        ExampleQuestion(
            ItemKind.MATCH,
            (
                (RowType.QUESTION, "Which question belongs to which element?", ""),
                (RowType.COMPETENCY, "LRE-01", ""),
                (RowType.RIGHT, "What was done?", "The act"),
                (RowType.RIGHT, "How was it done?", "The means"),
                (RowType.RIGHT, "Why was it done?", "The purpose"),
                (RowType.WRONG, "The place", ""),
            ),
        ),
        ExampleQuestion(
            ItemKind.NUMBER,
            (
                (RowType.QUESTION, "From which age is a person an adult?", ""),
                (RowType.COMPETENCY, "LRE-01", ""),
                (RowType.RIGHT, "18", "Right: a child is any person under 18."),
                (RowType.UNIT, "years", ""),
            ),
        ),
    ),
    questions_heading="Your questions",
)

_FR = TemplateTexts(
    title="Questions d’un cours",
    instructions=(
        "Écrivez chaque question dans un tableau. Copiez un tableau vide pour une nouvelle question.",
        "Ne changez pas les intitulés de la première colonne. Vous pouvez ajouter ou supprimer des lignes.",
        "Lignes « Juste » et « Faux » : la réponse dans la deuxième colonne, votre commentaire dans la troisième.",
        "Association : les deux côtés d’une paire dans une ligne « Juste » ; « Faux » pour un côté sans partenaire.",
        "Ordre : écrivez les étapes dans des lignes « Juste », dans le bon ordre.",
        "Nombre : écrivez le nombre, avec sa tolérance s’il y en a une : 2.5 ± 0.1. L’unité a une ligne « Unité ».",
        "Réponse courte : une ligne pour chaque formulation acceptée ; * remplace n’importe quel texte.",
        "La compétence est un identifiant comme LRE-01. La source est un identifiant de la liste, avec l’endroit.",
        "Le texte hors des tableaux n’est pas lu. Les images d’un tableau ont besoin d’un texte de remplacement.",
    ),
    kinds="Types de questions : %s.",
    examples_heading="Exemples",
    example="Ce tableau n’est pas importé. Supprimez cette ligne pour l’importer.",
    examples=(
        ExampleQuestion(
            ItemKind.SINGLE,
            (
                (RowType.QUESTION, "Vous rencontrez une victime possible. Que faites-vous d’abord ?", ""),
                (RowType.COMPETENCY, "LRE-01", ""),
                (RowType.RIGHT, "Veiller à ce que la personne soit en sécurité et à l’écart.", "La sécurité d’abord."),
                (RowType.WRONG, "Prendre une déposition complète.", "Elle peut attendre."),
                (RowType.WRONG, "Appeler l’employeur.", "Il est peut-être impliqué."),
                (RowType.HINT, "Qu’est-ce qui ne peut pas attendre ?", ""),
                (RowType.GENERAL, "Le premier contact concerne la sécurité et les besoins.", ""),
                (RowType.SOURCE, "source-id, art. 3", ""),
            ),
        ),
        ExampleQuestion(
            ItemKind.MATCH,
            (
                (RowType.QUESTION, "Quelle question correspond à quel élément ?", ""),
                (RowType.COMPETENCY, "LRE-01", ""),
                (RowType.RIGHT, "Qu’a-t-on fait ?", "L’acte"),
                (RowType.RIGHT, "Comment l’a-t-on fait ?", "Le moyen"),
                (RowType.RIGHT, "Pourquoi l’a-t-on fait ?", "Le but"),
                (RowType.WRONG, "Le lieu", ""),
            ),
        ),
        ExampleQuestion(
            ItemKind.NUMBER,
            (
                (RowType.QUESTION, "À partir de quel âge est-on adulte ?", ""),
                (RowType.COMPETENCY, "LRE-01", ""),
                (RowType.RIGHT, "18", "Juste : un enfant a moins de 18 ans."),
                (RowType.UNIT, "ans", ""),
            ),
        ),
    ),
    questions_heading="Vos questions",
)

_AR = TemplateTexts(
    title="أسئلة لدورة تدريبية",
    instructions=(
        "اكتب كل سؤال في جدول خاص به. انسخ جدولا فارغا لسؤال جديد.",
        "لا تغيّر العناوين في العمود الأول. يمكنك إضافة صفوف أو حذفها أو تركها فارغة.",
        "في صفوف «صحيح» و«خطأ» اكتب الإجابة في العمود الثاني وتعليقك عليها في العمود الثالث.",
        "المطابقة: اكتب طرفي كل زوج في صف «صحيح»؛ وفي صف «خطأ» طرف لا يقابله شيء.",
        "الترتيب: اكتب الخطوات في صفوف «صحيح» بالترتيب الصحيح.",
        "الرقم: اكتب الرقم مع هامش الخطأ إن وجد: 2.5 ± 0.1. وللوحدة صف «الوحدة».",
        "الإجابة القصيرة: اكتب كل صيغة مقبولة في صف خاص بها؛ والعلامة * تعني أي نص.",
        "الكفاءة معرّف مثل LRE-01. والمصدر معرّف من قائمة المصادر مع الموضع.",
        "لا يُقرأ النص خارج الجداول. وتحتاج الصور في الجدول إلى وصف (نص بديل).",
    ),
    kinds="أنواع الأسئلة: %s.",
    examples_heading="أمثلة",
    example="لا يُستورد هذا الجدول. احذف هذا الصف لاستيراده.",
    examples=(
        ExampleQuestion(
            ItemKind.SINGLE,
            (
                (RowType.QUESTION, "تقابل شخصا قد يكون ضحية. ماذا تفعل أولا؟", ""),
                (RowType.COMPETENCY, "LRE-01", ""),
                (RowType.RIGHT, "أتأكد من أن الشخص في أمان وعلى حدة.", "الأمان أولا."),
                (RowType.WRONG, "آخذ إفادة كاملة.", "يمكن للإفادة أن تنتظر."),
                (RowType.WRONG, "أتصل بصاحب العمل.", "قد يكون متورطا."),
                (RowType.HINT, "ما الذي لا يمكن أن ينتظر؟", ""),
                (RowType.GENERAL, "اللقاء الأول يتعلق بالأمان والاحتياجات.", ""),
                (RowType.SOURCE, "source-id, art. 3", ""),
            ),
        ),
        ExampleQuestion(
            ItemKind.MATCH,
            (
                (RowType.QUESTION, "أي سؤال يقابل أي عنصر؟", ""),
                (RowType.COMPETENCY, "LRE-01", ""),
                (RowType.RIGHT, "ماذا حدث؟", "الفعل"),
                (RowType.RIGHT, "كيف حدث؟", "الوسيلة"),
                (RowType.RIGHT, "لماذا حدث؟", "الغرض"),
                (RowType.WRONG, "المكان", ""),
            ),
        ),
        ExampleQuestion(
            ItemKind.NUMBER,
            (
                (RowType.QUESTION, "من أي عمر يكون الشخص راشدا؟", ""),
                (RowType.COMPETENCY, "LRE-01", ""),
                (RowType.RIGHT, "18", "صحيح: الطفل كل شخص دون 18 عاما."),
                (RowType.UNIT, "سنة", ""),
            ),
        ),
    ),
    questions_heading="أسئلتك",
)

TEXTS = {"en": _EN, "fr": _FR, "ar": _AR}
