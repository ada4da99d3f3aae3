"""The notebooks as worksheets: the cells that hold solutions emptied, outputs gone, the checkers left in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"  # in a checkout; the installed package comes without them
BLANK = "# your turn"
NONE = (
    "the notebooks come with the source and not with the installed package; run this in a checkout or an unpacked "
    "source distribution, in the folder that has notebooks/ and nn/ in it"
)


def worksheet_of(notebook: dict[str, Any]) -> dict[str, Any]:
    """A copy of a notebook (as its JSON has it) for the student: a code cell tagged "solution" says `# your turn`, a
    text cell with that tag and any cell tagged "answers" are left out, no cell has outputs.

    >>> sheet = worksheet_of({"cells": [
    ...     {"cell_type": "code", "metadata": {"tags": ["solution"]}, "source": "slope = 6", "outputs": []},
    ...     {"cell_type": "code", "metadata": {}, "source": "print(slope == 6)", "outputs": ["True"]},
    ... ]})
    >>> [cell["source"] for cell in sheet["cells"]], sheet["cells"][1]["outputs"]
    (['# your turn', 'print(slope == 6)'], [])
    """
    cells = []
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", [])
        code = cell["cell_type"] == "code"
        if "answers" in tags or ("solution" in tags and not code):
            continue
        if code:
            cell = {**cell, "outputs": [], "execution_count": None}
            if "solution" in tags:
                cell["source"] = BLANK
        cells.append(cell)
    return {**notebook, "cells": cells}


def write_worksheets(folder: Path, notebooks: Path | None = None, replace: bool = False) -> list[Path]:
    """Write a worksheet of every notebook into the folder, which is made if need be; gives the files.

    FileNotFoundError: there are no notebooks. FileExistsError: a worksheet is there already, perhaps with answers in it
    (nothing is written then), and `replace` does not say that it may go; the folder is the notebooks' own.
    """
    found = sorted((notebooks or NOTEBOOKS).glob("[0-9][0-9]_*.ipynb"))
    if not found:
        raise FileNotFoundError(NONE)
    if folder.resolve() == found[0].parent.resolve():
        raise FileExistsError(f"{folder} has the notebooks themselves; name another folder")
    files = [folder / path.name for path in found]
    there = [file.name for file in files if file.exists()]
    if there and not replace:
        names = ", ".join(there[:3]) + (f" and {len(there) - 3} more" if len(there) > 3 else "")
        raise FileExistsError(f"{folder} has {names} already, perhaps with answers; name another folder, or --replace")
    folder.mkdir(parents=True, exist_ok=True)
    for path, file in zip(found, files, strict=True):
        sheet = worksheet_of(json.loads(path.read_text(encoding="utf-8")))
        file.write_text(json.dumps(sheet, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return files
