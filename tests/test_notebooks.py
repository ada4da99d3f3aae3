"""Every notebook in notebooks/ gives the outputs that are committed, and what compares them sees what it should."""

import base64
import copy
import io
import re
import sys

import nbformat
import numpy
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from notebook_differences import differences
from PIL import Image
from run_notebooks import FOLDER, NotebookError, executed, main, normalised, read, warm_up, written

import nn

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FIRST = FOLDER / "01_first_steps.ipynb"


def small(**sources):
    """A notebook of these cells, by their ids."""
    return new_notebook(cells=[new_code_cell(source, id=name) for name, source in sources.items()])


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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_fresh_run_gives_the_committed_outputs(path):
    warm_up()
    notebook = read(path)
    found = differences(notebook, executed(notebook, path.name))
    assert not found, "\n".join([f"{path.name}: python tests/run_notebooks.py accepts this", *found])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_committed_notebook_holds_nothing_of_the_machine_that_ran_it(path):
    assert path.read_text(encoding="utf-8") == written(normalised(read(path)))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
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


def test_the_command_compares_with_check_and_writes_without(tmp_path, capsys):
    file = tmp_path / "demo.ipynb"
    file.write_text(written(small(sum="1 + 1")), encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    assert main(["--check", str(file)]) == 1
    assert "demo.ipynb: 1 difference\ncell 'sum': outputs\n  expected: none" in capsys.readouterr().out
    assert file.read_text(encoding="utf-8") == before
    assert main([str(file)]) == 0
    assert read(file).cells[0].outputs[0].data["text/plain"] == "2"
    assert main(["--check", str(file)]) == 0
    assert capsys.readouterr().out.endswith("demo.ipynb: no differences\n")


def test_the_command_leaves_a_notebook_that_fails_as_it_is(tmp_path, capsys):
    file = tmp_path / "demo.ipynb"
    file.write_text(written(small(broken="1 / 0")), encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    assert main([str(file)]) == 1
    assert "demo.ipynb, cell 'broken': ZeroDivisionError" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == before


def test_text_printed_in_pieces_is_one_output():
    pieces = (
        "import sys, time\nfor i in range(3):\n    print(i, flush=True); time.sleep(0.3)\nprint('!', file=sys.stderr)"
    )
    outputs = executed(small(pieces=pieces), "pieces").cells[0].outputs
    assert [(output.name, output.text) for output in outputs] == [("stdout", "0\n1\n2\n"), ("stderr", "!\n")]


def test_a_notebook_does_not_differ_from_itself(committed):
    assert differences(committed, copy.deepcopy(committed)) == []


def test_a_changed_number_in_printed_text_is_noticed(committed):
    worse = changed(committed, "moons-trained", "text", lambda text: text.replace("0.0110", "0.0111"))
    (found,) = differences(committed, worse)
    assert found == (
        "cell 'moons-trained': output 1, stdout, line 6\n"
        "  expected: step 99   loss 0.0110   accuracy 100%\n"
        "  found:    step 99   loss 0.0111   accuracy 100%"
    )


def test_a_changed_number_in_a_result_is_noticed(committed):
    worse = changed(committed, "paths-exercise-x", "text/plain", lambda text: text.replace("10.7183", "10.7184", 1))
    (found,) = differences(committed, worse)
    assert "cell 'paths-exercise-x': output 1, text/plain, line 3" in found


def test_a_changed_number_in_a_diagram_is_noticed_and_its_svg_line_is_shown(committed):
    def change(html):
        head, data, tail = re.split('(?<=base64,)([^"]*)', html)
        svg = base64.b64decode(data).decode().replace("10.72<", "10.73<")
        return head + base64.b64encode(svg.encode()).decode() + tail

    (found,) = differences(committed, changed(committed, "paths-exercise-picture", "text/html", change))
    assert found.startswith("cell 'paths-exercise-picture': output 1, text/html, the SVG in it, line ")
    expected, other = found.splitlines()[1:]
    assert expected.endswith("10.72</text>")
    assert other.endswith("10.73</text>")


def test_a_changed_alternative_text_is_noticed(committed):
    worse = changed(committed, "square-picture", "text/html", lambda html: html.replace("2 nodes", "3 nodes"))
    assert "cell 'square-picture': output 1, text/html, line 2" in differences(committed, worse)[0]


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
    (found,) = differences(committed, changed(committed, "moons-picture", "image/png", repainted(change)))
    assert found.startswith("cell 'moons-picture': output 1, image/png\n  expected: the same picture")


def test_a_picture_of_another_size_is_noticed(committed):
    wider = repainted(lambda pixels: numpy.pad(pixels, ((0, 0), (0, 40), (0, 0))))
    (found,) = differences(committed, changed(committed, "moons-picture", "image/png", wider))
    assert "pixels\n  found: " in found


@pytest.mark.parametrize(
    "change", [grainy, lambda pixels: pixels[2:, 2:]], ids=["grain of 2 levels", "2 pixels narrower"]
)
def test_a_picture_that_looks_the_same_passes(committed, change):
    assert differences(committed, changed(committed, "moons-picture", "image/png", repainted(change))) == []


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


EXERCISES = {"1": "8", "2": "8", "3": "0", "4": "1.25", "5": "1 / (1 + exp(-s))"}


@pytest.mark.parametrize("number", EXERCISES)
def test_an_exercise_accepts_its_answer_and_refuses_another(committed, capsys, number):
    source = {cell.id: cell.source for cell in committed.cells}
    names = {"Neuron": nn.Neuron}
    exec(source["imports"] + "\n" + source["exercises-judge"], names)
    cell = source[f"exercise-{number}-answer"]
    assert cell.count("None") == 1
    exec(cell.replace("None", EXERCISES[number]), names)
    assert capsys.readouterr().out == "right\n"
    with pytest.raises(AssertionError, match="not yet"):
        exec(cell.replace("None", f"2 + 2 * {EXERCISES[number]}"), names)
