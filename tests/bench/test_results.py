"""A bench that is run again replaces its own section of the page and leaves the others."""

from pathlib import Path

from bench.results import table, write_section


def test_a_section_takes_the_place_of_the_one_with_its_title(tmp_path: Path) -> None:
    page = tmp_path / "RESULTS.md"
    for title, text in (("One", "first"), ("Two", "second"), ("One", "first again")):
        write_section(title, text, to=page)

    head, *sections = page.read_text(encoding="utf-8").split("\n## ")

    assert head.startswith("# ")
    assert sections == ["One\n\nfirst again\n", "Two\n\nsecond\n"]


def test_a_table_holds_its_cells_in_markdown() -> None:
    rows = table(("", "ms"), [("ours", "1.0"), ("theirs", "2.0")])

    assert rows == "|  | ms |\n| --- | ---: |\n| ours | 1.0 |\n| theirs | 2.0 |"
