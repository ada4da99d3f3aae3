"""Make sure that `autograd` is pathgrad's before anything is built on it: another distribution has one too."""

from __future__ import annotations

import importlib


def require_pathgrad() -> None:
    """ImportError, with the cause and the command that mends it, if `import autograd` gives another package."""
    try:
        engine = importlib.import_module("autograd")
        if hasattr(engine, "path_table"):
            return
        found = f"the one in {next(iter(engine.__path__))} is another's"
    except ImportError as error:
        found = f"what is there cannot be imported ({error})"
    raise ImportError(
        f"nn needs pathgrad's package autograd, but {found}: the distribution named autograd on PyPI installs a "
        f"package of the same name. Run: pip uninstall -y autograd && {_reinstall()}"
    )


def _reinstall() -> str:
    """The command that puts pathgrad's files back, from where they came."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        origin = json.loads(distribution("pathgrad").read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        origin = {}
    source = str(origin.get("url", "pathgrad")).removeprefix("file://")
    editable = "-e " if origin.get("dir_info", {}).get("editable") else ""
    return f"pip install --force-reinstall --no-deps {editable}{source}"
