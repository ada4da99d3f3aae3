"""What the page's script is given: nodes, numbers, formulas and steps, as JSON that can stand inside a page."""

from __future__ import annotations

import json

from ..labels import whole
from ..svg import summary
from .symbols import Numbers, Symbols
from .ways import Ways

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .steps import Steps

MOST_TERMS = 300  # of all backward passes but the first; the page goes backward from as many outputs as they allow
# what ends a script element, begins a comment in it, or ends a line of JavaScript
UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def content(steps: Steps) -> dict[str, Any]:
    """The page's content. Every number is a place in `numbers`, every node a place in `nodes`.

    Each node: [box, data, op and what it computes, [formula with names, with numbers], edges, whether it is stale];
    each edge: [node or -1, constant or -1, arrow or -1, local derivative, [it with names, with numbers]].
    Each pass: its output, `terms` [product or -1, total, node, input, …], `counts` of paths, and the largest `ways`.

    >>> from autograd import Value
    >>> from autograd.picture import Picture
    >>> from autograd.page.steps import Steps
    >>> found = content(Steps(Picture([Value(3.0, "x") * 2.0])))
    >>> found["numbers"], found["passes"][0]["terms"], found["names"]
    (['3', '6', '2', '1', '0'], [[2, 2, 1, 0]], [('x', 'ix'), ('v₁', ['sub', 'iv', 'n1'])])
    """
    picture = steps.picture
    numbers = Numbers(picture.wording.number)
    symbols = Symbols(steps, numbers)
    nodes = []
    for i, node in enumerate(steps.nodes):
        edges = []
        derivatives = symbols.local_derivatives(i)
        for k, x in enumerate(steps.inputs[i]):
            if isinstance(x, int):
                local = steps.locals[i][k]
                assert local is not None
                edges.append([x, -1, picture.edges.get((node, k), -1), numbers(local), derivatives[k]])
            else:
                edges.append([-1, numbers(x), picture.edges.get((node, k), -1), -1, []])
        op = [node.op.name, node.op.doc] if node.op else [node.role, ""]
        formulas = symbols.computation(i) if node.op else []
        nodes.append([picture.places[node], numbers(steps.data[i]), op, formulas, edges, int(steps.stale(i))])
    return {
        "title": summary(picture),
        "names": symbols.names,
        "nodes": nodes,
        "outputs": len(steps.outputs),
        "passes": _passes(steps, numbers),
        "start": int(steps.went_backward),
        "numbers": numbers.texts,
    }


def _passes(steps: Steps, numbers: Numbers) -> list[dict[str, Any]]:
    """One from each output, as long as they are not too many together."""
    found: list[dict[str, Any]] = []
    room = MOST_TERMS
    for f in steps.outputs:
        found.append(_pass(steps, f, numbers))
        room -= len(found[-1]["terms"]) if len(found) > 1 else 0
        if room <= 0:
            break
    return found


def _pass(steps: Steps, output: int, numbers: Numbers) -> dict[str, Any]:
    terms = steps.backward(output)
    ways = Ways(steps, output, terms)
    below = range(len(steps.nodes))
    return {
        "output": output,
        "fits": int(steps.fits(output, terms)),
        "one": numbers(1.0),
        "zero": numbers(0.0),
        "terms": [
            [
                -1 if term.product is None else numbers(term.product),
                numbers(term.total),
                *[n for edge in term.edges for n in edge],
            ]
            for term in terms
        ],
        "counts": [whole(ways.counts.get(i, 0)) for i in below],
        "ways": [[[*way[:3], numbers(way[3])] for way in ways.largest.get(i, [])] for i in below],
    }


def widths(found: dict[str, Any]) -> dict[int, int]:
    """How many characters the numbers of a box take at any step, a sum that goes on with ` +` behind it.

    >>> from autograd import Value
    >>> from autograd.picture import Picture
    >>> from autograd.page.steps import Steps
    >>> x = Value(3.0, "x")
    >>> widths(content(Steps(Picture([x * x * 2.5]))))
    {0: 5, 1: 3, 3: 4}
    """
    nodes = found["nodes"]
    lengths = [len(text.split("\t")[0]) for text in found["numbers"]]
    wide = {node[0]: lengths[node[1]] for node in nodes}
    for one in found["passes"]:
        last = {nodes[head][4][k][0]: i for i, (_, _, head, k, *_) in enumerate(one["terms"])}
        for i, (_, total, head, k, *_) in enumerate(one["terms"]):
            tail = nodes[head][4][k][0]
            box = nodes[tail][0]
            wide[box] = max(wide[box], lengths[total] + 2 * (i < last[tail]))
    return wide


def embedded(found: Any) -> str:
    """JSON that can stand in a script element, whatever the names in it are.

    >>> embedded({"</script>": 1})
    '{"\\\\u003c/script\\\\u003e":1}'
    """
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":")).translate(UNSAFE)
    return text.encode(errors="replace").decode()  # half a surrogate pair cannot be written to any file
