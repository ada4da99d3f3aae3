"""The worksheets: copies of the notebooks without solutions and outputs, whose checkers say what is missing."""

import copy
import json
import os
import subprocess
import sys
from itertools import pairwise

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_runs import FOLDER, executed, started
from run_notebooks import committed, sources

from nn.__main__ import main
from nn.student import BLANK, worksheet_of, write_worksheets

NOTEBOOKS = [path for path in sources() if path.with_suffix(".ipynb").exists()]
SOLUTION, ANSWERS = {"tags": ["solution"]}, {"tags": ["answers"]}


def lesson():
    """A notebook with each kind of cell there is."""
    output = new_output("stream", name="stdout", text="right\n")
    return new_notebook(
        cells=[
            new_markdown_cell("What is the slope of x² at 3?", id="task"),
            new_code_cell("slope = 6", id="solution", metadata=SOLUTION, execution_count=1),
            new_code_cell("print('right')", id="checker", outputs=[output], execution_count=2),
            new_markdown_cell("It is 6.", id="told", metadata=SOLUTION),
            new_code_cell("assert slope == 6", id="asserted", metadata=ANSWERS),
        ]
    )


def tags(cell):
    return cell["metadata"].get("tags", [])


def test_solutions_are_blanked_answers_left_out_and_checkers_kept():
    sheet = worksheet_of(lesson())
    assert [(cell["id"], cell["source"]) for cell in sheet["cells"]] == [
        ("task", "What is the slope of x² at 3?"),
        ("solution", "# your turn"),
        ("checker", "print('right')"),
    ]
    assert [cell["outputs"] for cell in sheet["cells"][1:]] == [[], []]
    assert [cell["execution_count"] for cell in sheet["cells"][1:]] == [None, None]


def test_the_notebook_itself_stays_as_it_is():
    notebook = lesson()
    before = copy.deepcopy(notebook)
    worksheet_of(notebook)
    assert notebook == before


@pytest.fixture
def notebooks(tmp_path):
    """A folder with one notebook in it, and other files."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "01_slopes.ipynb").write_text(nbformat.writes(lesson()), encoding="utf-8")
    (folder / "01_slopes.py").write_text("# %%\nslope = 6\n", encoding="utf-8")
    (folder / "README.md").touch()
    return folder


def test_every_notebook_is_written_and_nothing_else(notebooks, tmp_path):
    files = write_worksheets(tmp_path / "my" / "sheets", notebooks)
    assert files == [tmp_path / "my" / "sheets" / "01_slopes.ipynb"]
    assert list((tmp_path / "my" / "sheets").iterdir()) == files
    nbformat.validate(nbformat.read(files[0], as_version=4))
    assert "x²" in files[0].read_text(encoding="utf-8")


def test_a_worksheet_with_answers_in_it_is_not_written_over(notebooks, tmp_path):
    (file,) = write_worksheets(tmp_path, notebooks)
    file.write_text("my answers", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"has 01_slopes\.ipynb already, perhaps with answers; name another"):
        write_worksheets(tmp_path, notebooks)
    assert file.read_text(encoding="utf-8") == "my answers"
    write_worksheets(tmp_path, notebooks, replace=True)
    assert "# your turn" in file.read_text(encoding="utf-8")


def test_nothing_is_written_where_one_of_several_is_there_and_long_lists_are_cut(notebooks, tmp_path):
    for i in range(2, 7):
        (notebooks / f"0{i}_more.ipynb").write_text(nbformat.writes(lesson()), encoding="utf-8")
    folder = tmp_path / "sheets"
    write_worksheets(folder, notebooks)
    (folder / "01_slopes.ipynb").unlink()
    with pytest.raises(FileExistsError, match=r"02_more\.ipynb, 03_more\.ipynb, 04_more\.ipynb and 2 more already"):
        write_worksheets(folder, notebooks)
    assert not (folder / "01_slopes.ipynb").exists()


def test_the_notebooks_own_folder_is_refused(notebooks):
    before = (notebooks / "01_slopes.ipynb").read_text(encoding="utf-8")
    with pytest.raises(FileExistsError, match="has the notebooks themselves; name another folder"):
        write_worksheets(notebooks / ".." / "notebooks", notebooks, replace=True)
    assert (notebooks / "01_slopes.ipynb").read_text(encoding="utf-8") == before


def test_the_command_writes_them_and_says_how_to_open_one(tmp_path, capsys):
    assert main(["worksheets", str(tmp_path / "sheets")]) == 0
    written = sorted((tmp_path / "sheets").iterdir())
    assert [file.name for file in written] == sorted(path.name for path in FOLDER.glob("*.ipynb"))
    *names, last = capsys.readouterr().out.splitlines()
    assert names == [str(file) for file in written]
    assert last == f"{len(written)} worksheets; open one with: python -m jupyter lab {written[0]}"
    assert main(["worksheets", str(tmp_path / "sheets")]) == 2
    assert "already, perhaps with answers; name another folder, or --replace" in capsys.readouterr().err
    assert main(["worksheets", str(tmp_path / "sheets"), "--replace"]) == 0


def test_a_folder_that_cannot_be_made_is_an_error_of_one_line(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["worksheets", str(tmp_path / "file")]) == 2
    out, err = capsys.readouterr()
    assert (out, err.startswith("no worksheets: "), err.count("\n")) == ("", True, 1)


def test_without_the_notebooks_the_command_says_where_they_are(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("nn.student.NOTEBOOKS", tmp_path / "notebooks")
    assert main(["worksheets", str(tmp_path / "sheets")]) == 2
    assert capsys.readouterr().err == (
        "no worksheets: the notebooks come with the source and not with the installed package; run this in a checkout "
        "or an unpacked source distribution, in the folder that has notebooks/ and nn/ in it\n"
    )
    assert not (tmp_path / "sheets").exists()


def test_the_command_takes_the_standard_library_alone(tmp_path):
    code = """
import sys
for name in ("numpy", "matplotlib", "sklearn", "nbformat", "jupytext"):
    sys.modules[name] = None
from nn.__main__ import main
sys.exit(main(["worksheets", sys.argv[1]]))
"""
    words = [sys.executable, "-c", code, str(tmp_path / "sheets")]
    subprocess.run(words, cwd=FOLDER.parent, env={**os.environ, "PYTHONPATH": str(FOLDER.parent)}, check=True)
    assert list((tmp_path / "sheets").glob("01_*.ipynb"))


def run_without_solutions(path):
    """What a fresh run of the notebook's worksheet gives."""
    sheet = worksheet_of(json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8")))
    return executed(nbformat.reads(json.dumps(sheet), as_version=4), path.name, allow_errors=True)


@pytest.fixture(scope="session")
def run(request):
    """A function that gives the fresh run of a worksheet."""
    return started(request, run_without_solutions)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_worksheet_runs_to_its_end_and_only_its_checkers_miss_the_solutions(path, run):
    code = [cell for cell in run(path).cells if cell.cell_type == "code"]
    solved = {cell.id: cell.get("outputs") for cell in committed(path).cells}
    checkers = [b for a, b in pairwise(code) if a.source == BLANK != b.source]
    for cell in code:
        failed = [output for output in cell.outputs if output.output_type == "error"]
        assert not failed or cell in checkers, f"{cell.id}: {failed[0].ename}: {failed[0].evalue}"
    for cell in checkers:
        assert cell.outputs and cell.outputs != solved[cell.id], f"{cell.id} does not say that the solution is missing"


def test_the_solutions_are_in_the_notebooks_and_not_in_the_worksheets():
    for path in NOTEBOOKS:
        notebook = json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8"))
        solved = [cell for cell in notebook["cells"] if "solution" in tags(cell) and cell["cell_type"] == "code"]
        assert len(solved) >= 2, f"{path.stem} has {len(solved)} solutions to blank"
        sheet = json.dumps(worksheet_of(notebook))
        for cell in solved:
            assert BLANK not in cell["source"]
            assert json.dumps("".join(cell["source"]))[1:-1] not in sheet, f"{path.stem}, {cell['id']}"
