"""Workshops for the role models of the demonstration, on what no desk task can show."""

from collections.abc import Sequence

from app.catalogue.domain.items import Level
from app.demo.cast import roster
from app.demo.workshops.programme import THREE_DAYS, TWO_DAYS, Fate, Gathering
from app.demo.workshops.subjects import Subject

FULL_MARKS = (11,)  # all points, also with one tenth less
CONVERSATIONS = Subject(
    title={
        "en": "Conversations that protect",
        "ar": "محادثات تحمي",
        "fr": "Des entretiens qui protègent",
    },
    summary={
        "en": "Two days of practice with role-play: first talk, child and adult, rest and support.",
        "ar": "يومان من التدريب العملي بلعب الأدوار: الحديث الأول مع طفل أو راشد، والراحة والدعم.",
        "fr": "Deux jours de pratique avec jeux de rôle : premier échange, enfant et adulte, repos et soutien.",
    },
    practise={
        "en": "Hold a first conversation without pressure.\nPlan a conversation with a child with a specialist.",
        "ar": "إجراء محادثة أولى دون ضغط.\nالتخطيط لمحادثة مع طفل بالاشتراك مع مختص.",
        "fr": "Mener un premier échange sans pression.\nPréparer un échange avec un enfant avec un spécialiste.",
    },
    roles=("first_responder", "investigator", "victim_liaison"),
    outcomes={
        "VIC-01": Level.PRACTITIONER,
        "VIC-02": Level.PRACTITIONER,
        "VIC-05": Level.PRACTITIONER,
        "VIC-06": Level.FOUNDATION,
        "VIC-07": Level.PRACTITIONER,
    },
)
TEACHING = Subject(
    title={"en": "Teaching practice for trainers", "ar": "تدريب عملي للمدربين", "fr": "Pratique pour les formateurs"},
    summary={
        "en": "Three days: teach a lesson, assess by rubric, get feedback from two assessors.",
        "ar": "ثلاثة أيام: تقديم درس، والتقييم بمعايير، وملاحظات من مقيّمَين.",
        "fr": "Trois jours : donner un cours, évaluer par grille, recevoir le retour de deux évaluateurs.",
    },
    practise={
        "en": "Teach a lesson in which everybody practises.\nScore a colleague by rubric, and explain the score.",
        "ar": "تقديم درس يتدرب فيه الجميع.\nتقييم زميل بمعايير وشرح النتيجة.",
        "fr": "Donner un cours où chacun s'exerce.\nÉvaluer un collègue par grille, et expliquer la note.",
    },
    roles=("trainer",),
    outcomes={"COP-06": Level.SPECIALIST, "COP-07": Level.SPECIALIST},
)
ROLE_EVENTS: Sequence[Gathering] = (
    Gathering(
        code="NW-2027-08", subject=CONVERSATIONS, countries=(roster.FIRST,),
        host="IQ", town="Baghdad", venue="Training house H (fictional)",
        activity="A07", created=-100, first=-58, sessions=TWO_DAYS, capacity=16, people=4,
        trainers=("Trainer 2",), assessors=("Assessor 3",), fate=Fate.HELD, skills=FULL_MARKS,
    ),
    Gathering(
        code="NW-2027-09", subject=TEACHING, countries=(roster.FIRST,),
        host="IQ", town="Baghdad", venue="Training house H (fictional)",
        activity="A08", created=-100, first=-52, sessions=THREE_DAYS, capacity=16, people=2, scored_by_two=True,
        trainers=("Trainer 2",), assessors=("Assessor 2", "Assessor 3"), fate=Fate.HELD, skills=FULL_MARKS,
    ),
)  # fmt: skip
