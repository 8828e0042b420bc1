"""Texts and outcomes of the demonstration's workshops and visits, in English, Arabic and French."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.catalogue.domain.items import Level

Texts = Mapping[str, str]  # by language


@dataclass(frozen=True, slots=True)
class Subject:
    """Texts of a subject by language, its roles and the levels of its outcomes. `practise` has a line for each aim."""

    title: Texts
    summary: Texts
    practise: Texts
    roles: tuple[str, ...]
    outcomes: Mapping[str, Level]


def _lines(*lines: str) -> str:
    return "\n".join(lines)


FIRST_CONTACT = Subject(
    title={
        "en": "First contact at the border",
        "ar": "التواصل الأول على الحدود",
        "fr": "Premier contact à la frontière",
    },
    summary={
        "en": "Three days of practice with role-play and interpreters, for officers who meet people first.",
        "ar": "ثلاثة أيام من التدريب العملي بلعب الأدوار ومع مترجمين شفويين، لمن يلتقون الناس أولاً.",
        "fr": "Trois jours de pratique, avec jeux de rôle et interprètes, pour qui accueille en premier.",
    },
    practise={
        "en": _lines(
            "Notice signs of trafficking among people met at a border.",
            "Hold a first conversation through an interpreter.",
            "Refer a possible victim through the national route.",
        ),
        "ar": _lines(
            "ملاحظة علامات الاتجار لدى من يصلون إلى الحدود.",
            "إجراء محادثة أولى بمساعدة مترجم شفوي.",
            "إحالة الضحية المحتملة عبر المسار الوطني.",
        ),
        "fr": _lines(
            "Remarquer des signes de traite chez les personnes rencontrées à une frontière.",
            "Mener une première conversation avec un interprète.",
            "Orienter une victime possible par la voie nationale.",
        ),
    },
    roles=("first_responder",),
    outcomes={
        "VIC-01": Level.PRACTITIONER,
        "VIC-02": Level.PRACTITIONER,
        "VIC-06": Level.FOUNDATION,
        "PRO-01": Level.PRACTITIONER,
        "PRO-02": Level.PRACTITIONER,
        "LRE-04": Level.FOUNDATION,
    },
)
ONLINE_TRACES = Subject(
    title={
        "en": "Capture and keep: online traces",
        "ar": "الالتقاط والحفظ: الآثار على الإنترنت",
        "fr": "Saisir et conserver : les traces en ligne",
    },
    summary={
        "en": "Three days at the screen: find, capture and keep what is public, so that a court can follow it.",
        "ar": "ثلاثة أيام أمام الشاشة: البحث عمّا هو عام والتقاطه وحفظه بحيث تستطيع المحكمة تتبعه.",
        "fr": "Trois jours à l'écran : trouver, saisir et conserver ce qui est public, de façon vérifiable.",
    },
    practise={
        "en": _lines(
            "Keep a public page with its address, the time and a hash.",
            "Write a log that another person can follow.",
            "Say what needs a warrant, and stop there.",
        ),
        "ar": _lines(
            "حفظ صفحة عامة مع عنوانها ووقتها وبصمتها الرقمية.",
            "كتابة سجل يستطيع شخص آخر تتبعه.",
            "تحديد ما يحتاج إلى إذن قضائي والتوقف عنده.",
        ),
        "fr": _lines(
            "Conserver une page publique avec son adresse, l'heure et une empreinte.",
            "Tenir un journal que quelqu'un d'autre peut suivre.",
            "Dire ce qui exige un mandat, et s'arrêter là.",
        ),
    },
    roles=("investigator", "digital_investigator"),
    outcomes={
        "LRE-03": Level.PRACTITIONER,
        "ONL-01": Level.PRACTITIONER,
        "ONL-03": Level.PRACTITIONER,
        "ONL-07": Level.PRACTITIONER,
    },
)
LIMITS = Subject(
    title={
        "en": "Online, within the law",
        "ar": "على الإنترنت ضمن القانون",
        "fr": "En ligne, dans le respect de la loi",
    },
    summary={
        "en": "Two days of practice: what you may look at online without an order, and where to stop.",
        "ar": "يومان من التدريب العملي: ما يجوز الاطلاع عليه عبر الإنترنت دون إذن، وأين يجب التوقف.",
        "fr": "Deux jours de pratique : ce que l'on peut regarder en ligne sans mandat, et où s'arrêter.",
    },
    practise={
        "en": _lines(
            "Distinguish what is public from what is not.",
            "Look without an invented account.",
            "Write down what you saw, and hand it over.",
        ),
        "ar": _lines(
            "التمييز بين ما هو عام وما ليس كذلك.",
            "الاطلاع دون حساب مختلق.",
            "تدوين ما رأيته وتسليمه.",
        ),
        "fr": _lines(
            "Distinguer ce qui est public de ce qui ne l'est pas.",
            "Regarder sans compte inventé.",
            "Noter ce que l'on a vu, et le transmettre.",
        ),
    },
    roles=("first_responder",),
    outcomes={"LRE-03": Level.PRACTITIONER, "ONL-07": Level.FOUNDATION},
)
REFERRAL = Subject(
    title={
        "en": "From first sign to referral",
        "ar": "من العلامة الأولى إلى الإحالة",
        "fr": "Du premier signe à l'orientation",
    },
    summary={
        "en": "Three days with an anti-trafficking unit and a referral centre. There is no contact with residents.",
        "ar": "ثلاثة أيام مع وحدة لمكافحة الاتجار ومركز للإحالة. لا يوجد أي تواصل مع المقيمين.",
        "fr": "Trois jours avec une unité de lutte contre la traite et un centre d'orientation, sans contact avec les "
        "résidents.",
    },
    practise={
        "en": _lines(
            "See how a unit and a referral centre share the work.",
            "Write two things that you will do at home, each with a date.",
        ),
        "ar": _lines(
            "معرفة كيف تتقاسم الوحدة ومركز الإحالة العمل.",
            "كتابة أمرين ستقوم بهما في بلدك، مع موعد لكل منهما.",
        ),
        "fr": _lines(
            "Voir comment une unité et un centre d'orientation se partagent le travail.",
            "Écrire deux choses à faire chez vous, avec une date pour chacune.",
        ),
    },
    roles=(),
    outcomes={},
)
INTERPRETERS = Subject(
    title={
        "en": "The interpreter in the first interview",
        "ar": "المترجم الشفوي في المقابلة الأولى",
        "fr": "L'interprète dans le premier entretien",
    },
    summary={
        "en": "Two days of practice: brief an interpreter, keep roles apart, end well.",
        "ar": "يومان من التدريب العملي: إعداد المترجم الشفوي، والفصل بين الأدوار، وإنهاء المقابلة كما ينبغي.",
        "fr": "Deux jours de pratique : préparer l'interprète, séparer les rôles, bien conclure.",
    },
    practise={
        "en": _lines("Brief an interpreter in five minutes.", "Notice when an interpreter must be replaced."),
        "ar": _lines("إعداد المترجم الشفوي في خمس دقائق.", "ملاحظة متى يجب استبدال المترجم الشفوي."),
        "fr": _lines("Préparer un interprète en cinq minutes.", "Remarquer quand il faut changer d'interprète."),
    },
    roles=("first_responder", "victim_liaison"),
    outcomes={"VIC-02": Level.PRACTITIONER},
)

OPENING = {
    "en": "Welcome, rules and refresher",
    "ar": "الترحيب والقواعد والمراجعة",
    "fr": "Accueil, règles et rappel",
}
PAIRS = {"en": "Practice in pairs", "ar": "تدريب عملي في أزواج", "fr": "Pratique à deux"}
GROUPS = {"en": "Practice in mixed groups", "ar": "تدريب عملي في مجموعات مختلطة", "fr": "Pratique en groupes mixtes"}
ASSESSED = {"en": "Assessed practice", "ar": "تدريب عملي مع التقييم", "fr": "Pratique évaluée"}
UNIT = {"en": "The unit and its procedure", "ar": "الوحدة وإجراءاتها", "fr": "L'unité et sa procédure"}
CENTRE = {"en": "The referral centre", "ar": "مركز الإحالة", "fr": "Le centre d'orientation"}
TALK = {"en": "What we take home", "ar": "ما نأخذه معنا", "fr": "Ce que nous emportons"}
