import pytest
from flask import Flask

from app.catalogue.domain.folder_names import Part
from app.catalogue.domain.translations import block_hash
from app.db.session import transaction
from app.kernel import clock
from app.studio.domain.revisions import RevisionKind
from app.studio.domain.translated_parts import TranslatedPart
from app.studio.domain.translation_blocks import TranslationBlockState as State
from app.studio.queries import drafts, translations
from app.studio.queries.translations import TranslatedFile
from app.studio.service import drafts as draft_service, translations as service
from app.studio.service.translations import BlockEdit, SavedBlocks
from tests.support import studio_site

LESSON = TranslatedPart(Part.LESSON, "after-the-watch")
EMPTY = block_hash("")


def _file(author: studio_site.Author) -> TranslatedFile:
    return translations.translated_file(author.workspace(), LESSON, "fr")


def _save(author: studio_site.Author, index: int, text: str, opened: str = EMPTY) -> object:
    file = _file(author)
    edit = BlockEdit(index, file.translation.blocks[index].source.hash, opened, text)
    with transaction():
        return service.save_blocks(author.course_id, file, [edit], by=author.id, now=clock.now())


@pytest.mark.each_database
def test_two_people_translate_and_a_third_signs(context: Flask) -> None:
    first, second, reader = studio_site.author(), studio_site.author(), studio_site.author()
    assert _save(first, 0, "# Après") == SavedBlocks(1)
    assert _save(second, 1, "Écrivez.\r\nAvec l'heure.") == SavedBlocks(1)
    with transaction():
        digest = _file(reader).digest
        assert service.sign(reader.course_id, _file(reader), digest, by=second.id, now=clock.now())
        assert service.sign(reader.course_id, _file(reader), digest, by=reader.id, now=clock.now()) is None
    states = [block.state for block in _file(first).translation.blocks]
    assert states == [State.CURRENT, State.CURRENT]
    assert drafts.file(first.workspace(), LESSON.path("fr")).endswith("Écrivez.\nAvec l'heure.\n".encode())


def _signs(author: studio_site.Author) -> bool:
    with transaction():
        file = _file(author)
        return service.sign(author.course_id, file, file.digest, by=author.id, now=clock.now()) is None


def _complete(first: studio_site.Author, second: studio_site.Author) -> None:
    _save(first, 0, "# Après")
    _save(second, 1, "Écrivez.")


def test_all_who_wrote_since_the_last_confirmation_cannot_confirm(context: Flask) -> None:
    first, second, reader = studio_site.author(), studio_site.author(), studio_site.author()
    _complete(first, second)
    assert [_signs(author) for author in (first, second, reader)] == [False, False, True]
    _save(first, 1, "Notez.", block_hash("Écrivez."))
    _save(reader, 0, "# Ensuite", block_hash("# Après"))
    assert [_signs(author) for author in (first, reader, second)] == [False, False, True]


def test_import_of_a_file_with_the_name_of_a_confirmation_confirms_nothing(context: Flask) -> None:
    first, second = studio_site.author(), studio_site.author()
    _complete(first, second)
    path = LESSON.path("fr")
    text = drafts.file(first.workspace(), path).replace("Écrivez.".encode(), b"Notez.")
    with transaction():
        draft_service.change_files(
            first.course_id, {path: text}, RevisionKind.IMPORTED, by=first.id, now=clock.now(), note=drafts.CONFIRMED
        )
    assert drafts.authors_of_translation(first.course_id, path) == {first.id, second.id}
    assert not _signs(first)


def test_text_that_another_person_saved_in_the_same_way_is_no_conflict(context: Flask) -> None:
    first, second = studio_site.author(), studio_site.author()
    _save(first, 0, "# Après")
    assert _save(second, 0, "# Après") == SavedBlocks(1)
    errors = _save(second, 0, "# Ensuite")
    assert isinstance(errors, tuple)
    assert [error.theirs for error in errors] == ["# Après"]


def test_unchanged_blocks_add_no_revision(context: Flask) -> None:
    author = studio_site.author()
    _save(author, 0, "# Après")
    number = author.workspace().revision
    assert _save(author, 0, "# Après", block_hash("# Après")) == SavedBlocks(0)
    assert author.workspace().revision == number


def test_removed_text_makes_a_block_missing_again(context: Flask) -> None:
    author = studio_site.author()
    _save(author, 0, "# Après")
    assert _save(author, 0, " ", block_hash("# Après")) == SavedBlocks(1)
    assert _file(author).translation.blocks[0].state is State.MISSING
