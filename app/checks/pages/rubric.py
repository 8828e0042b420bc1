"""Criteria of a rubric with their four steps, in the language of the user, for pages of marking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.domain.references.rubrics import STEPS, Rubric, Rubrics
from app.catalogue.domain.references.texts import Text
from app.catalogue.queries import courses as catalogue
from app.checks.labels import marking as labels
from app.learning import labels as learning_labels


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkingCriterion:
    """A criterion; a step is (score, label, text, whether it is chosen). `is_missing`: submitted without a score."""

    field: str
    title: str
    body: str
    lang: str
    steps: Sequence[tuple[int, str, str, bool]]
    is_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """The scores of several assessors at a criterion, as labels; `is_far`: two of them are two steps apart."""

    title: str
    lang: str
    labels: Sequence[str]
    is_far: bool


@dataclass(frozen=True, slots=True)
class RubricTexts:
    """The texts of all rubrics and the titles of competencies, read once for a page."""

    rubrics: Rubrics
    titles: Mapping[str, str]
    language: str

    def text(self, name: str) -> tuple[Text, str]:
        """Return a text with its language: that of the user or English, or its id if it has no text."""
        for code in (self.language, "en"):
            text = self.rubrics.texts[code].get(name) if code in self.rubrics.texts else None
            if text is not None:
                return text, code
        return Text(name, name), "en"

    def title(self, competency: str) -> str:
        """Return the title of a competency."""
        return self.titles.get(competency, competency)


def read() -> RubricTexts:
    """Return the texts in the language in which the user reads content."""
    language = learning_labels.wanted()
    return RubricTexts(catalogue.rubrics() or Rubrics(), catalogue.competency_titles(language), language)


def criteria(
    texts: RubricTexts, rubric: Rubric, chosen: Mapping[str, int], *, marks_missing: bool
) -> list[MarkingCriterion]:
    """Return the criteria with the chosen steps."""
    rows = []
    for name in rubric.criteria:
        text, language = texts.text(f"{rubric.id}.{name}")
        row = MarkingCriterion(
            field=f"score-{name}",
            title=text.title,
            body=text.body,
            lang=language,
            steps=_steps(text, chosen.get(name)),
            is_missing=marks_missing and name not in chosen,
        )
        rows.append(row)
    return rows


def compared(texts: RubricTexts, rubric: Rubric, scores: Sequence[Mapping[str, int]], far: int) -> list[ComparedRow]:
    """Return the criteria with the scores of several assessors; `far`: steps from which two are apart."""
    names, rows = labels.steps(), []
    for name in rubric.criteria:
        text, language = texts.text(f"{rubric.id}.{name}")
        values = [score[name] for score in scores if name in score]
        is_far = bool(values) and max(values) - min(values) >= far
        rows.append(
            ComparedRow(title=text.title, lang=language, labels=[names[value] for value in values], is_far=is_far)
        )
    return rows


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a plain text, without empty ones."""
    return [part.strip() for part in text.split("\n") if part.strip()]


def _steps(text: Text, chosen: int | None) -> list[tuple[int, str, str, bool]]:
    names = zip(labels.steps(), STEPS, strict=True)
    return [(value, label, text.parts.get(step, ""), chosen == value) for value, (label, step) in enumerate(names)]
