"""The compiled kernel: its source, kept in a cache directory, compiled by Numba once for this machine."""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from pathlib import Path

from ..op import TABLE, Op
from .kernel_source import cases, kernel_source, sourced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

OLDEST = (0, 59)
SIGNATURE = (
    "void(i8[:,::1], i8[:,::1], i8[::1], f8[::1], f8[::1], i8, f8[::1], i8, i8, i8, i8, i8, b1, f8[::1], f8[:,::1], "
    "i8[::1], i8[::1], f8[::1])"
)
_said: set[str] = set()
_loaded: list[Kernel] = []
_looked_up: dict[tuple[Op, ...], bool] = {}


class Kernel:
    """The compiled function, and the number of the case of each op and kind of operands."""

    def __init__(self, function: Callable[..., None], table: list[Op]) -> None:
        self.function, self.table, self.cases = function, table, cases(table)


def say(text: str) -> None:
    """Tell the user on standard error, each sentence once."""
    if text not in _said:
        _said.add(text)
        print(f"pathgrad: {text}", file=sys.stderr, flush=True)


@cache
def available() -> str:
    """Why there can be no compiled kernel here; empty if there can."""
    try:
        import numba
    except ImportError as error:
        if error.name == "numba":
            return "Numba is not installed; pip install 'pathgrad[fast]' brings it"
        return f"Numba cannot be imported ({error})"
    version = tuple(int(part) for part in numba.__version__.split(".")[:2])
    if version < OLDEST:
        return f"Numba {numba.__version__} is too old; pip install 'numba>={OLDEST[0]}.{OLDEST[1]}'"
    return ""


def directory() -> Path:
    """Where kernels are kept: $PATHGRAD_CACHE, or pathgrad in the user's cache directory."""
    if chosen := os.environ.get("PATHGRAD_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or ("~/Library/Caches" if sys.platform == "darwin" else "~/.cache")
    return Path(base).expanduser() / "pathgrad"


def ready(ops: set[Op]) -> bool:
    """Whether a kernel that knows these ops is loaded, or was compiled before on this machine."""
    if any(ops.issubset(known.table) for known in _loaded):
        return True
    table = tuple(TABLE.values())
    if table not in _looked_up:  # once, because it takes some milliseconds
        _looked_up[table] = _marker(kernel_source()).exists()
    return _looked_up[table]


def kernel() -> Kernel:
    """The kernel of the present table, compiled if it never was; that takes some seconds, and says so."""
    table = sourced(TABLE.values())
    for known in _loaded:
        if known.table == table:
            return known
    source = kernel_source(table)
    marker = _marker(source)
    warm = marker.exists()
    if not warm:
        say("compiling the tape's kernel, once on this machine; this takes about ten seconds")
    try:
        path = marker.with_suffix(".py")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}")
            part.write_text(source, encoding="utf-8")
            part.replace(path)
        function = _imported(path)
        if not warm:
            marker.touch()
    except Exception as error:  # no place to write (Numba has a RuntimeError for that), or files that are damaged
        say(
            f"the compiled kernel cannot be kept in {directory()} ({error}); empty this directory, or set "
            "PATHGRAD_CACHE to one that can be written"
        )
        function = _compiled(kernel_source(table, cache=False))
    _loaded.append(Kernel(function, table))
    return _loaded[-1]


def _marker(source: str) -> Path:
    """The file that says that this source was compiled with these versions for this processor."""
    import numba
    from llvmlite import binding as llvm  # type: ignore[import-untyped]

    parts = (
        source,
        SIGNATURE,
        numba.__version__,
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
        sys.version,
    )
    return directory() / f"kernel_{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}.ready"


def _imported(path: Path) -> Callable[..., None]:
    from importlib.util import module_from_spec, spec_from_file_location

    name = f"pathgrad_{path.stem}"
    spec = spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None  # a path of a .py file has both
    module = module_from_spec(spec)
    sys.modules[name] = module  # Numba looks its functions up by module
    spec.loader.exec_module(module)
    return _typed(module.kernel)


def _compiled(source: str) -> Callable[..., None]:
    scope: dict[str, Any] = {"__name__": "pathgrad_kernel"}
    exec(compile(source, "<the tape's kernel>", "exec"), scope)
    return _typed(scope["kernel"])


def _typed(function: Any) -> Callable[..., None]:
    """Compiled for arrays in one piece, and for nothing else."""
    function.compile(SIGNATURE)
    function.disable_compile()
    return function  # type: ignore[no-any-return]
