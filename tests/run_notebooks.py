"""The notebooks, made and run from the .py files beside them: `python tests/run_notebooks.py`; see --help."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import jupytext
import nbformat
from notebook_differences import differences
from notebook_runs import FOLDER, NotebookError, executed, in_parallel, normalised, warm_up, written


def sources(folder=FOLDER):
    """The .py files of the folder's notebooks, in order; of an .ipynb without one, where it should be."""
    return sorted({path.with_suffix(".py") for path in folder.iterdir() if path.suffix in (".py", ".ipynb")})


def from_source(path):
    """The notebook that a .py file in the percent format describes, its cells called cell-01, cell-02, …"""
    notebook = jupytext.read(path, fmt="py:percent")
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for i, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{i:02d}"
    return normalised(notebook)


def committed(path):
    """The notebook in the .ipynb beside that .py; one without cells where there is none."""
    path = path.with_suffix(".ipynb")
    return nbformat.read(path, as_version=4) if path.exists() else nbformat.v4.new_notebook()


def unlike_source(path):
    """How the cells of the .ipynb differ from those that its .py describes, outputs aside."""
    notebook = committed(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return differences(from_source(path), notebook)


def fresh(path):
    """What the .py gives now: a notebook with outputs, or the NotebookError that it ran into."""
    try:
        if not path.exists():
            raise NotebookError(f"{path.stem}.ipynb has no {path.name} beside it, from which it would be made")
        return executed(from_source(path), f"{path.stem}.ipynb")
    except NotebookError as error:
        return error


def main(arguments=None):
    """Make or compare the notebooks; gives the exit code."""
    parser = argparse.ArgumentParser(description="Make the notebooks with their outputs from the .py files.")
    parser.add_argument("notebooks", nargs="*", type=Path, help=".py or .ipynb files (all in notebooks/)")
    parser.add_argument("--check", action="store_true", help="write nothing; say what would change")
    chosen = parser.parse_args(arguments)
    paths = list(dict.fromkeys(path.with_suffix(".py") for path in chosen.notebooks)) or sources()
    warm_up()
    failed = False
    futures = in_parallel(fresh, paths)
    try:
        for path, future in zip(paths, futures, strict=True):
            failed |= _told(path, future.result(), chosen.check)
    finally:
        for future in futures:  # after Ctrl-C
            future.cancel()
    return 1 if failed else 0


def _told(path, after, check):
    """Say how the notebook differs from the committed one and, unless it is a check, write it; True if that is bad."""
    if isinstance(after, NotebookError):
        print(after, file=sys.stderr)
        return True
    name, found = f"{path.stem}.ipynb", differences(committed(path), after)
    if not path.with_suffix(".ipynb").exists():
        print(f"{name}: new")
    else:
        if unlike_source(path):
            print(f"{name}: its cells are not those of {path.name}")
        print(f"{name}: {len(found) or 'no'} difference{'s' * (len(found) != 1)}", *found, sep="\n", flush=True)
    if not check:
        path.with_suffix(".ipynb").write_text(written(after), encoding="utf-8")
    return check and bool(found)


if __name__ == "__main__":
    sys.exit(main())
