"""A notebook run afresh in a kernel of this interpreter, and made free of what differs from machine to machine."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

CHECKOUT = Path(__file__).parents[1]
FOLDER = CHECKOUT / "notebooks"
TIMEOUT = 120.0  # seconds for a whole notebook
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


class NotebookError(Exception):
    """A notebook did not run to its end; says which cell of which notebook, and why."""


class ThisInterpreter(KernelSpecManager):
    """The kernel is this very interpreter, whatever kernels are installed under whatever names."""

    def get_kernel_spec(self, kernel_name):
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python")


def environment(scratch):
    """The checkout comes first, and no setting of this user's shell, IPython or Matplotlib changes an output."""
    environment = {k: v for k, v in os.environ.items() if k not in ("MPLBACKEND", "PYTHONSAFEPATH")}
    empty = Path(scratch, "matplotlibrc")
    empty.touch()
    return environment | {
        "IPYTHONDIR": str(scratch),
        "JUPYTER_RUNTIME_DIR": str(scratch),
        "MATPLOTLIBRC": str(empty),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH", "")])),
        "PYTHONWARNINGS": "ignore:another distribution named autograd",  # tests/test_collision.py is about that one
    }


def executed(notebook, name, timeout=TIMEOUT, allow_errors=False):
    """A normalised copy of `notebook` with the outputs of a fresh run.

    NotebookError: time is up, or a cell fails; with `allow_errors` the error is an output and the next cell runs.
    """
    notebook = nbformat.from_dict(notebook)
    running = ["(none yet)"]
    deadlines = []  # set when the first cell starts, for a kernel may take its time to come up

    def time_left(cell):
        deadlines.append(time.monotonic() + timeout)
        return max(deadlines[0] - time.monotonic(), 0.1)

    with tempfile.TemporaryDirectory(prefix="nb", ignore_cleanup_errors=True) as scratch:
        manager = AsyncKernelManager(
            kernel_spec_manager=ThisInterpreter(), connection_file=str(Path(scratch, "kernel.json"))
        )
        if os.name == "posix":
            manager.transport = "ipc"  # sockets in the scratch folder: no ports that parallel tests could fight for
        client = NotebookClient(
            notebook,
            km=manager,
            resources={"metadata": {"path": str(FOLDER)}},
            timeout_func=time_left,
            shutdown_kernel="immediate",
            record_timing=False,
            allow_errors=allow_errors,
            on_cell_start=lambda cell, cell_index: running.append(cell.id),
        )
        try:
            asyncio.run(client.async_execute(env=environment(scratch), cleanup_kc=True))
        except CellTimeoutError:
            reason = f"the notebook was not done after {timeout:g} seconds"
        except CellExecutionError as error:
            reason = f"{error.ename}: {error.evalue}\n{_plain(error.traceback)}"
        except DeadKernelError:
            reason = "the kernel died"
        else:
            return normalised(notebook)
    raise NotebookError(f"{name}, cell {running[-1]!r}: {reason}")


def in_parallel(run, items):
    """run(item) for each item, as futures; as many at a time as there are processors."""
    pool = ThreadPoolExecutor(os.cpu_count())  # threads will do: the work is done by the kernels, which are processes
    futures = [pool.submit(run, item) for item in items]
    pool.shutdown(wait=False)
    return futures


def started(request, run):
    """For a fixture: a function that gives run(path), begun at once for each `path` of the tests that use the fixture.

    Under pytest-xdist, which has spread the tests over processes already, nothing is begun before it is needed.
    """
    warm_up()
    if "PYTEST_XDIST_WORKER" in os.environ:
        return run
    tests = [item for item in request.session.items if request.fixturename in item.fixturenames]
    paths = [test.callspec.params["path"] for test in tests]
    futures = dict(zip(paths, in_parallel(run, paths), strict=True))
    return lambda path: futures[path].result()


def _plain(traceback):
    """A traceback as nbclient gives it, without the escape sequences that colour it."""
    return re.sub(r"\x1b\[[0-9;]*m", "", traceback)


def normalised(notebook):
    """The notebook without what differs from run to run or from machine to machine."""
    notebook = nbformat.from_dict(notebook)
    notebook.metadata = nbformat.from_dict(METADATA)
    count = 0
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in ("tags", "jupyter")})
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        cell.outputs = _joined(cell.outputs)
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
            if "image/png" in output.get("data", {}):
                output.data.pop("text/plain", None)  # <Figure size 900x360 with 2 Axes> says nothing
    return notebook


def _joined(outputs):
    """Printed text arrives in pieces, as timing has it: neighbours of one stream become one."""
    joined = []
    for output in outputs:
        if joined and output.output_type == "stream" == joined[-1].output_type and output.name == joined[-1].name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    for output in joined:
        if output.output_type == "stream":  # of a line that was rewritten in place, what it said last
            output.text = re.sub(r"[^\n]*\r(?!\n)", "", output.text)
    return joined


def written(notebook):
    """The text of the notebook's file, the same for the same notebook."""
    return nbformat.writes(notebook, version=4) + "\n"


def warm_up():
    """Let Matplotlib build its font cache and the tape its kernel here, once: a notebook would say so in an output."""
    if importlib.util.find_spec("matplotlib"):
        with warnings.catch_warnings(action="ignore"):  # an older Matplotlib calls what other packages deprecated
            importlib.import_module("matplotlib.font_manager")
    code = "from autograd.tape.kernel import available, kernel; available() or kernel()"
    with tempfile.TemporaryDirectory(prefix="nb") as scratch:
        subprocess.run([sys.executable, "-c", code], cwd=scratch, env=environment(scratch), check=True)
