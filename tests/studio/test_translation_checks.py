import pytest

from app.catalogue.domain.folder_names import Part
from app.catalogue.domain.references.glossary import Glossary, GlossaryTerm
from app.catalogue.domain.references.texts import Text, Texts
from app.studio.domain.glossary_terms import TermFinder, TranslatedTerm
from app.studio.domain.translated_parts import TextBlock, TranslatedPart, part_of, source_blocks
from app.studio.domain.translation_checks import placeholders, reference_problems, structure_problem

LESSON, BANK = TranslatedPart(Part.LESSON, "quay"), TranslatedPart(Part.BANK)
ITEM = TextBlock("T10-Q01", "section", "Which?\n\n---\n\n- One\n- Two")


def _block(text: str) -> TextBlock:
    return source_blocks(LESSON, f"# T\n\n{text}\n")[1]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Walk.", "Marche.\n\nStop."),
        ("Walk.", "## Marche"),
        ("- one\n- two", "un\n\ndeux"),
        ("/// note | N\nText.\n///", "/// tip | N\nTexte.\n///"),
        ("## Head", "Titre"),
    ],
)
def test_text_that_is_not_one_block_of_the_same_kind_is_refused(source: str, text: str) -> None:
    assert structure_problem(LESSON, _block(source), text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Walk.", "Marche.\nStop."),
        ("- one\n- two", "* un\n* deux"),
        ("/// note | N\nT.\n///", "/// note | R\nA.\n\nB.\n///"),
    ],
)
def test_text_that_is_one_block_of_the_same_kind_fits(source: str, text: str) -> None:
    assert structure_problem(LESSON, _block(source), text) is None


def test_question_may_have_blank_lines_but_no_second_heading() -> None:
    assert structure_problem(BANK, ITEM, "Qui ?\n\n---\n\n- Un\n- Deux") is None
    assert structure_problem(BANK, ITEM, "Qui ?\n\n## T10-Q02\n\n- Un")


def test_references_of_the_source_are_wanted_and_no_others() -> None:
    source = "See [[victim|the victim]] [@rules, art. 3] and [the form](../media/form.en.pdf)."
    assert set(placeholders(source)) >= {"[@rules]", "[[victim]]"}
    assert reference_problems("See [[victim]] [@rules, art. 3].", "[@rules, article 3] [[victim|la victime]]") == []
    problems = reference_problems("See [@rules].", "Voir [@others].")
    assert [problem.values["name"] for problem in problems] == ["[@rules]", "[@others]"]


@pytest.mark.parametrize("key", ["course", "questions", "case", "case-second", "lesson-the-quay"])
def test_key_of_a_part_leads_back_to_the_part(key: str) -> None:
    part = part_of(key)
    assert part is not None
    assert part.key == key


def test_unknown_key_is_no_part() -> None:
    assert part_of("media") is None


GLOSSARY = Glossary(
    (
        GlossaryTerm("trafficking-in-persons", "Art. 3", aliases=("trafficking",), for_translators="Never smuggling."),
        GlossaryTerm("act-element", "Art. 3"),
    ),
    {
        "en": Texts(
            "", (Text("trafficking-in-persons", "Trafficking in persons"), Text("act-element", "Act (element)"))
        ),
        "fr": Texts("", (Text("trafficking-in-persons", "Traite des personnes"),)),
    },
)


def test_terms_are_found_by_title_id_and_alias_as_whole_words() -> None:
    finder = TermFinder(GLOSSARY, "en", "fr")
    trafficking = TranslatedTerm("Trafficking in persons", "Traite des personnes", "Never smuggling.")
    assert finder.terms("Is this TRAFFICKING?") == (trafficking,)
    assert finder.terms("[[act-element|Acts]] of trafficking in persons") == (
        TranslatedTerm("Act (element)", "", ""),
        trafficking,
    )
    assert finder.terms("An activity of actors.") == ()


def test_finder_without_a_glossary_finds_nothing() -> None:
    assert TermFinder(Glossary(), "en", "fr").terms("Trafficking") == ()
