"""Every notebook in notebooks/ gives the outputs that are committed, and what compares them sees what it should."""

import base64
import copy
import io
import os
import re
import sys
from itertools import pairwise

import nbformat
import numpy
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from notebook_differences import differences
from notebook_runs import FOLDER, NotebookError, executed, normalised, started, written
from PIL import Image
from run_notebooks import committed as read
from run_notebooks import fresh, main, sources, unlike_source

import nn

NOTEBOOKS = sources()
FIRST = FOLDER / "01_first_steps.py"
MOONS = "picture(model, inputs, classes, history)"  # the cell in it with a PNG


def small(**sources):
    """A notebook of these cells, by their ids."""
    return new_notebook(cells=[new_code_cell(source, id=name) for name, source in sources.items()])


def source(tmp_path, **sources):
    """The file demo.py with these code cells."""
    file = tmp_path / "demo.py"
    file.write_text("\n\n".join(f"# %%\n{text}" for text in sources.values()), encoding="utf-8")
    return file


def cell_with(notebook, text):
    """The id of the code cell that has this text in its source."""
    (found,) = [cell.id for cell in notebook.cells if cell.cell_type == "code" and text in cell.source]
    return found


def changed(notebook, name, kind, change):
    """A copy of the notebook in which `change` was made to that kind of content of the cell of that name."""
    notebook = copy.deepcopy(notebook)
    (output,) = next(cell for cell in notebook.cells if cell.id == name).outputs
    place = output if output.output_type == "stream" else output.data
    before = place[kind]
    place[kind] = change(before)
    assert place[kind] != before
    return notebook


@pytest.fixture(scope="module")
def committed():
    return read(FIRST)


@pytest.fixture(scope="session")
def run(request):
    """A function that gives the fresh run of a notebook."""
    return started(request, fresh)


each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@each_notebook
def test_the_cells_of_a_notebook_are_those_of_its_source(path):
    assert path.exists(), f"{path.stem}.ipynb has no {path.name} beside it, from which it would be made"
    assert not unlike_source(path), f"python tests/run_notebooks.py notebooks/{path.name} makes them so"


@each_notebook
def test_a_fresh_run_gives_the_committed_outputs(path, run):
    notebook = run(path)
    if isinstance(notebook, NotebookError):
        raise notebook
    found = differences(read(path), notebook)
    assert not found, "\n".join([f"{path.name}: python tests/run_notebooks.py accepts this", *found])


@each_notebook
def test_a_committed_notebook_holds_nothing_of_the_machine_that_ran_it(path):
    assert path.with_suffix(".ipynb").read_text(encoding="utf-8") == written(normalised(read(path)))


@each_notebook
def test_no_committed_output_is_a_warning_an_error_or_a_bare_repr(path):
    for cell in read(path).cells:
        for output in cell.get("outputs", ()):
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", cell.id
            text = output.get("text", "") or ("" if len(output.data) > 1 else output.data.get("text/plain", ""))
            assert " object at 0x" not in text, cell.id
            assert not text.startswith("<"), cell.id


def test_the_kernel_imports_the_checkout_and_runs_in_this_interpreter():
    source = "import autograd, nn, sys\nprint(autograd.__file__, nn.__file__, sys.executable, sep='\\n')"
    (output,) = executed(small(where=source), "where").cells[0].outputs
    modules = [str(FOLDER.parent / package / "__init__.py") for package in ("autograd", "nn")]
    assert output.text.splitlines() == [*modules, sys.executable]


def test_a_failing_cell_is_reported_with_its_id_and_its_error():
    notebook = small(fine="x = 1", broken="x / 0")
    with pytest.raises(NotebookError, match=r"demo\.ipynb, cell 'broken': ZeroDivisionError: division by zero"):
        executed(notebook, "demo.ipynb")


def test_a_cell_that_hangs_hits_the_time_out_and_is_reported_with_its_id():
    notebook = small(fine="x = 1", endless="while True: pass")
    with pytest.raises(NotebookError, match=r"demo\.ipynb, cell 'endless': the notebook was not done after 2 seconds"):
        executed(notebook, "demo.ipynb", timeout=2)


def test_the_time_out_is_for_the_whole_notebook_and_not_for_each_cell():
    nap = "import time; time.sleep(0.8)"
    with pytest.raises(NotebookError, match="not done after 2 seconds"):
        executed(small(**{f"nap-{i}": nap for i in range(4)}), "naps", timeout=2)


def test_the_command_writes_the_notebook_beside_its_source_and_compares_with_check(tmp_path, capsys):
    file = source(tmp_path, sum="1 + 1")
    notebook = tmp_path / "demo.ipynb"
    assert main(["--check", str(file)]) == 1
    assert not notebook.exists()
    assert main([str(file)]) == 0
    assert read(file).cells[0].outputs[0].data["text/plain"] == "2"
    assert notebook.read_text(encoding="utf-8") == written(normalised(read(file)))
    capsys.readouterr()
    assert main(["--check", str(notebook)]) == 0
    assert capsys.readouterr().out == "demo.ipynb: no differences\n"


def test_the_command_says_which_outputs_are_not_those_of_a_fresh_run(tmp_path, capsys):
    file = source(tmp_path, sum="1 + 1")
    main([str(file)])
    notebook = read(file)
    notebook.cells[0].outputs = []
    file.with_suffix(".ipynb").write_text(written(notebook), encoding="utf-8")
    before = file.with_suffix(".ipynb").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["--check", str(file)]) == 1
    assert capsys.readouterr().out.startswith("demo.ipynb: 1 difference\ncell 'cell-01': outputs\n  expected: none\n")
    assert file.with_suffix(".ipynb").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"sum": "1 + 2"}, "cell 'cell-01': source, line 1\n  expected: 1 + 1\n  found:    1 + 2"),
        ({"sum": "1 + 1", "next": "5"}, "the cells differ\n  expected: cell-01\n  found:    cell-01 cell-02"),
    ],
)
def test_the_command_says_that_the_cells_are_not_those_of_the_source(tmp_path, capsys, cells, said):
    file = source(tmp_path, sum="1 + 1")
    main([str(file)])
    source(tmp_path, **cells)
    capsys.readouterr()
    assert main(["--check", str(file)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("demo.ipynb: its cells are not those of demo.py\ndemo.ipynb: ")
    assert said in out
    assert main([str(file)]) == 0
    assert not unlike_source(file)


def test_tags_belong_to_the_cells_that_must_agree(tmp_path):
    file = source(tmp_path, sum="1 + 1")
    main([str(file)])
    file.write_text('# %% tags=["solution"]\n1 + 1\n', encoding="utf-8")
    assert unlike_source(file) == ["cell 'cell-01': metadata\n  expected: {'tags': ['solution']}\n  found:    {}"]


def test_the_command_leaves_a_notebook_that_fails_as_it_is_and_goes_on(tmp_path, capsys):
    file = source(tmp_path, sum="1 + 1")
    main([str(file)])
    before = file.with_suffix(".ipynb").read_text(encoding="utf-8")
    source(tmp_path, broken="1 / 0")
    other = file.rename(tmp_path / "zero.py")
    file.with_suffix(".ipynb").rename(other.with_suffix(".ipynb"))
    good = source(tmp_path, sum="2 + 2")
    capsys.readouterr()
    assert main([str(other), str(good)]) == 1
    out, err = capsys.readouterr()
    assert err.startswith("zero.ipynb, cell 'cell-01': ZeroDivisionError")
    assert out == "demo.ipynb: new\n"
    assert other.with_suffix(".ipynb").read_text(encoding="utf-8") == before
    assert read(good).cells[0].outputs[0].data["text/plain"] == "4"


def test_a_notebook_without_a_source_is_refused(tmp_path, capsys):
    (tmp_path / "demo.ipynb").write_text(written(small(sum="1 + 1")), encoding="utf-8")
    assert sources(tmp_path) == [tmp_path / "demo.py"]
    assert main([str(tmp_path / "demo.ipynb")]) == 1
    assert capsys.readouterr().err == "demo.ipynb has no demo.py beside it, from which it would be made\n"


def test_several_notebooks_run_at_a_time_and_are_told_of_in_order(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    files = []
    for name, other in ("ab", "ba"):  # each waits for the other to have begun
        file = source(
            tmp_path,
            wait=f"import pathlib, time\npathlib.Path({str(tmp_path / name)!r}).touch()\n"
            f"while not pathlib.Path({str(tmp_path / other)!r}).exists(): time.sleep(0.01)",
            slow="time.sleep(1)" if name == "a" else "",
        )
        files.append(file.rename(tmp_path / f"{name}.py"))
    assert main([str(file) for file in files]) == 0
    assert capsys.readouterr().out == "a.ipynb: new\nb.ipynb: new\n"


def test_text_printed_in_pieces_is_one_output():
    pieces = (
        "import sys, time\nfor i in range(3):\n    print(i, flush=True); time.sleep(0.3)\nprint('!', file=sys.stderr)"
    )
    outputs = executed(small(pieces=pieces), "pieces").cells[0].outputs
    assert [(output.name, output.text) for output in outputs] == [("stdout", "0\n1\n2\n"), ("stderr", "!\n")]


def test_a_notebook_does_not_differ_from_itself(committed):
    assert differences(committed, copy.deepcopy(committed)) == []


def test_a_changed_number_in_printed_text_is_noticed(committed):
    cell = cell_with(committed, "train(model, inputs, classes)")
    worse = changed(committed, cell, "text", lambda text: text.replace("0.0110", "0.0111"))
    (found,) = differences(committed, worse)
    assert found == (
        f"cell {cell!r}: output 1, stdout, line 6\n"
        "  expected: step 99   loss 0.0110   accuracy 100%\n"
        "  found:    step 99   loss 0.0111   accuracy 100%"
    )


def test_a_changed_number_in_a_result_is_noticed(committed):
    cell = cell_with(committed, "== 10.718\npath_table(f, x)")
    worse = changed(committed, cell, "text/plain", lambda text: text.replace("10.7183", "10.7184", 1))
    (found,) = differences(committed, worse)
    assert f"cell {cell!r}: output 1, text/plain, line 3" in found


def test_a_changed_number_in_a_diagram_is_noticed_and_its_svg_line_is_shown(committed):
    def change(html):
        head, data, tail = re.split('(?<=base64,)([^"]*)', html)
        svg = base64.b64decode(data).decode().replace(">6<", ">7<")
        return head + base64.b64encode(svg.encode()).decode() + tail

    cell = cell_with(committed, "diagram(square,")
    (found,) = differences(committed, changed(committed, cell, "text/html", change))
    assert found.startswith(f"cell {cell!r}: output 1, text/html, the SVG in it, line ")
    expected, other = found.splitlines()[1:]
    assert expected.endswith("6</text>")
    assert other.endswith("7</text>")


def test_a_changed_alternative_text_is_noticed(committed):
    cell = cell_with(committed, "diagram(square,")
    worse = changed(committed, cell, "text/html", lambda html: html.replace("2 nodes", "3 nodes"))
    assert f"cell {cell!r}: output 1, text/html, line " in differences(committed, worse)[0]


def repainted(change):
    """A function that makes `change` to the pixels of a PNG."""

    def change_png(data):
        pixels = numpy.array(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))
        file = io.BytesIO()
        Image.fromarray(change(pixels)).save(file, "png")
        return base64.b64encode(file.getvalue()).decode()

    return change_png


def erased(pixels):
    height, width = pixels.shape[:2]
    pixels[height // 3 : height // 2, width // 8 : width // 3] = 255
    return pixels


def moved(pixels):
    """The half on the left, where the points are, 20 pixels aside."""
    half = pixels.shape[1] // 2
    pixels[:, :half] = numpy.roll(pixels[:, :half], 20, axis=1)
    return pixels


def grainy(pixels):
    noise = numpy.random.default_rng(0).integers(-2, 3, pixels.shape)
    return numpy.clip(pixels + noise, 0, 255).astype(numpy.uint8)


@pytest.mark.parametrize(
    "change", [lambda pixels: 255 - pixels, erased, moved], ids=["inverted", "a part erased", "moved"]
)
def test_a_changed_picture_is_noticed(committed, change):
    cell = cell_with(committed, MOONS)
    (found,) = differences(committed, changed(committed, cell, "image/png", repainted(change)))
    assert found.startswith(f"cell {cell!r}: output 1, image/png\n  expected: the same picture")


def test_a_picture_of_another_size_is_noticed(committed):
    wider = repainted(lambda pixels: numpy.pad(pixels, ((0, 0), (0, 40), (0, 0))))
    (found,) = differences(committed, changed(committed, cell_with(committed, MOONS), "image/png", wider))
    assert "pixels\n  found: " in found


@pytest.mark.parametrize(
    "change", [grainy, lambda pixels: pixels[2:, 2:]], ids=["grain of 2 levels", "2 pixels narrower"]
)
def test_a_picture_that_looks_the_same_passes(committed, change):
    alike = changed(committed, cell_with(committed, MOONS), "image/png", repainted(change))
    assert differences(committed, alike) == []


def test_an_output_that_was_not_there_is_noticed_and_a_warning_shown():
    silent, loud = small(cell="f()"), small(cell="f()")
    loud.cells[0].outputs = [nbformat.v4.new_output("stream", name="stderr", text="UserWarning: beware\n")]
    (found,) = differences(silent, loud)
    assert found == "cell 'cell': outputs\n  expected: none\n  found:    stderr: UserWarning: beware"


def test_cells_that_were_added_are_noticed():
    (found,) = differences(small(a="1"), small(a="1", b="2"))
    assert found == "the cells differ\n  expected: a\n  found:    a b"


def test_a_changed_source_is_noticed():
    assert differences(small(a="1"), small(a="2")) == ["cell 'a': source, line 1\n  expected: 1\n  found:    2"]


@pytest.mark.parametrize("verdict", ["right", "off"])
def test_the_first_notebooks_checkers_accept_its_answers_and_refuse_others(committed, capsys, verdict):
    code = [cell for cell in committed.cells if cell.cell_type == "code"]
    names = {"Neuron": nn.Neuron}
    for cell in (code[0], *[cell for cell in code if cell.source.startswith("def judge")]):
        exec(cell.source, names)
    checked = [(a, b) for a, b in pairwise(code) if "solution" in a.metadata.get("tags", ()) and "judge(" in b.source]
    for solution, checker in checked:
        exec(solution.source, names)
        answers = {name for name in names if name.startswith("answer_")}
        if verdict == "off":
            names |= {name: 2 + 2 * names[name] for name in answers}
        exec(checker.source, names)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(checked) >= 3
    assert all(f": {verdict}" in line for line in said if line.startswith("answer_"))
