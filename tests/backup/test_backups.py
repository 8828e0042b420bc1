"""A backup is proved, encrypted to its holders, and nothing plain is left."""

from tests.support.backup_site import BackupSite


def test_backup_is_opened_by_each_holder(backed_up: BackupSite) -> None:
    made = backed_up.make()
    assert made.rows > 20
    assert made.faults == []
    for key in backed_up.keys:
        with backed_up.opened(made.path, key) as backup:
            assert backup.manifest.rows == made.rows
            assert len(backup.people) == 3
            assert "media/ab/picture" in backup.manifest.files
    assert backed_up.left_in_work() == []
    assert [path.name for path in backed_up.folder.iterdir()] == [made.path.name]
