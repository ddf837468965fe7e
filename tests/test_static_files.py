"""A portal that was just started compresses the files that every page needs, and no others."""

from pathlib import Path

from mim_portal.staticfiles import OwnCompressedStorage


def test_own_files_are_compressed_and_the_admins_are_not(tmp_path: Path) -> None:
    for name in ("app.css", "admin/css/base.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(".a { color: red } " * 200)
    storage = OwnCompressedStorage(location=str(tmp_path), base_url="/static/")
    made = set(storage.compress_files(["app.css", "admin/css/base.css"]))
    assert made == {("app.css", "app.css.gz"), ("app.css", "app.css.br")}
    assert not list((tmp_path / "admin" / "css").glob("*.gz"))
    assert (tmp_path / "app.css.br").stat().st_size < (tmp_path / "app.css").stat().st_size / 10
