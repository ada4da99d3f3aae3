"""The step page: its steps are the engine's, no name breaks it, and in a real browser it does what it says."""

import base64
import fcntl
import html.parser
import json
import os
import random
import re
import select
import shutil
import struct
import tempfile
import xml.etree.ElementTree as ET
from hashlib import sha256
from pathlib import Path

import pytest
from strategies import outputs_by_hash_seed, u1

import nn
from autograd import Value, checkpoint, count_paths, diagram, gradient, tanh
from autograd.graph import topological_order
from autograd.labels import figures
from autograd.mathml import tree
from autograd.op import TABLE
from autograd.page import MOST, Steps, fragment, page
from autograd.page.content import content, embedded
from autograd.page.ways import Ways
from autograd.paths import largest_paths
from autograd.picture import Picture
from autograd.svg import svg

CHECKOUT = Path(__file__).parents[1]
NAMES = [
    'say "hi"',
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>",
    "a\nb",
    "x" * 300,
    "שלום",
    "a\\nb\\",
    "]]>&amp;",
    "\x00\x1b",
    "\u2028\u2029",
    "\ud800",
    "{a}^_$",
    "x′",
    "w1_52",
    "",
]


def example():
    """f = (xy + z)² + exp(x − yz) at (1, 2, 0), exercise U1."""
    f, _ = u1()
    f.name = "f"
    return f


def square():
    a = Value(3.0, "a")
    f = a * a
    f.name = "f"
    return f


def network():
    return (nn.MLP(2, [3, 1], rng=0)([Value(1.0, "x1"), Value(2.0, "x2")]) - 1) ** 2


def random_graph(seed, size=40):
    """A graph in which nodes are used several times, also twice by one op, with constants and ops of many inputs."""
    rng = random.Random(seed)
    nodes = [Value(rng.uniform(-2, 2), f"x{i}") for i in range(4)]
    while len(nodes) < size:
        a, b, c = (rng.choice(nodes[-9:]) for _ in range(3))
        kind = rng.randrange(7)
        if kind < 4:
            nodes.append((a + b, a * b, a * a, a - 0.7 * b)[kind])
        else:
            nodes.append((tanh(a), TABLE["dot"]([a, b], [c, 1.5], b), TABLE["logsumexp"]([a, a, b]))[kind - 4])
    return sum(nodes[-6:], Value(0.5))


def large():
    """A graph of 200 nodes, each below f."""
    rng = random.Random(1)
    nodes = [Value(rng.uniform(-1, 1), f"w{i}_1") for i in range(20)]
    unused = list(nodes)
    while len(nodes) + len(unused) - 1 < 200:
        a, b = rng.choice(unused), rng.choice(nodes[-25:])
        nodes.append(rng.choice([a * b, a + b, a.tanh(), a - b]))
        unused = [node for node in unused if node not in nodes[-1].inputs] + nodes[-1:]
    f = unused[0]
    for node in unused[1:]:
        f = f + node
    return f


def chain():
    """A graph of 200 nodes and 99 constants."""
    x = f = Value(0.5, "x")
    for _ in range(99):
        f = f * x + 0.1
    return f.tanh()


def drawn(picture):
    return svg(picture, "LR", marked=True)


def steps_of(*outputs):
    return Steps(Picture(outputs))


def page_of(*outputs):
    return page(steps_of(*outputs), drawn)


def fragment_of(*outputs):
    return fragment(steps_of(*outputs), drawn)


def bits(x):
    return struct.pack("<d", x)


def sums(steps, output=0):
    """The adjoint of each node after the last of its terms."""
    f = steps.outputs[output]
    return {f: 1.0} | {term.tail: term.total for term in steps.backward(f)}


def states(f):
    """What every box says at every step, found by going through the graph as the engine does."""
    order = topological_order(f)
    uses = {node: sum(x is node for user in order for x in user.inputs) for node in order}
    data = {node: "·" if node.op else figures(node.data) for node in order}
    grad, adjoint = dict.fromkeys(order, "·"), {f: 1.0}
    found = [[(data[node], grad[node]) for node in order]]
    for node in order:
        if node.op:
            data[node] = figures(node.data)
            found.append([(data[node], grad[node]) for node in order])
    grad[f] = "1"
    found.append([(data[node], grad[node]) for node in order])
    for node in reversed(order):
        for x, local in zip(node.inputs, node.local_derivatives, strict=True):
            if isinstance(x, Value):
                adjoint[x] = adjoint.get(x, 0.0) + adjoint[node] * local
                uses[x] -= 1
                grad[x] = figures(adjoint[x]) + " +" * bool(uses[x])
                found.append([(data[node], grad[node]) for node in order])
    return found


# the steps


@pytest.mark.parametrize("seed", range(20))
def test_the_last_sums_are_the_gradient_to_the_bit(seed):
    f = random_graph(seed)
    steps = steps_of(f)
    found = sums(steps)
    wanted = gradient(f, steps.nodes)
    assert [bits(found[i]) for i in range(len(steps.nodes))] == [bits(x) for x in wanted]


def test_terms_are_added_in_the_engines_order():
    x = Value(1.0, "x")
    f = x * 0.1 + x * 0.2 + x * 0.3
    steps = steps_of(f)
    f.backward()
    terms = [term.total for term in steps.backward(steps.outputs[0]) if term.tail == 0]
    assert terms == [0.3, 0.3 + 0.2, 0.3 + 0.2 + 0.1]
    assert terms[-1] == x.grad != 0.1 + 0.2 + 0.3  # another order gives another sum


def test_a_checkpoints_sums_are_the_gradient_to_the_bit():
    rng = random.Random(0)
    x, y, w = (Value(rng.uniform(-1, 1), name) for name in "xyw")
    a, b = checkpoint(lambda x, y: [(w * x + y).tanh() * x, w * y * y], x, y)
    f = a * b + 0.3 * x + b
    steps = steps_of(f)
    found = sums(steps)
    assert [bits(found[i]) for i in range(len(steps.nodes))] == [bits(g) for g in gradient(f, steps.nodes)]
    inside = [term for term in steps.backward(steps.outputs[0]) if term.product is None]
    # one for each input, over the edges from both outputs
    assert [(steps.names[term.tail], len(term.edges)) for term in inside] == [("w", 2), ("x", 2), ("y", 2)]


def test_a_node_used_twice_gets_its_terms_one_after_the_other():
    steps = steps_of(square())
    terms = steps.backward(steps.outputs[0])
    assert [(term.edges, term.product, term.total) for term in terms] == [(((1, 0),), 3.0, 3.0), (((1, 1),), 3.0, 6.0)]


def test_the_grad_that_a_leaf_holds_already_does_not_matter():
    f = square()
    f.backward()
    f.backward()
    assert sums(steps_of(f))[0] == 6.0


def test_data_is_that_of_the_moment_the_steps_were_made():
    f = square()
    steps = steps_of(f)
    f.inputs[0].data = 5.0
    assert steps.data == [3.0, 9.0]
    assert not steps.stale(1)
    assert steps_of(f).stale(1)


def test_a_node_whose_inputs_have_other_data_by_now_is_marked():
    x = Value(2.0, "x")
    y = checkpoint(lambda x: x * x, x)
    f = y.log() + x.log()
    assert not any(steps_of(f).stale(i) for i in range(5))
    x.data = -1.0  # of which there is no logarithm
    steps = steps_of(f)
    assert [steps.names[i] for i in range(5) if steps.stale(i)] == ["v1", "v3"]


def test_each_output_has_a_pass_of_its_own():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    steps = steps_of(x * y, x * x)
    found = content(steps)
    assert [one["output"] for one in found["passes"]] == steps.outputs
    assert (sums(steps, 0)[0], sums(steps, 1)[0]) == (3.0, 4.0)


@pytest.mark.parametrize("seed", range(5))
def test_paths_are_counted_and_the_largest_are_those_of_the_path_table(seed):
    f = random_graph(seed, 16)
    steps = steps_of(f)
    ways = Ways(steps, steps.outputs[0], steps.backward(steps.outputs[0]))
    for i, node in enumerate(steps.nodes):
        assert ways.counts[i] == count_paths(f, node)
        if node is f:
            continue
        best = [abs(path.product) for path, _ in zip(largest_paths(f, node), ways.largest[i], strict=False)]
        assert [abs(way[3]) for way in ways.largest[i]] == pytest.approx(best, rel=1e-12)


# the formulas


def leaves(formula):
    if isinstance(formula, str):
        return [formula]
    return [leaf for part in formula[1:] if not isinstance(part, int) for leaf in leaves(part)]


@pytest.mark.parametrize("op", TABLE.values(), ids=list(TABLE))
def test_every_op_is_written_with_the_names_of_its_inputs_and_with_their_numbers(op):
    count = op.arity or 4
    start = 0.5 if all(0.5 in interval for interval in op.domain) else 1.5
    f = Value.apply(op, tuple(Value(start + i / 8, f"x{i}") for i in range(count)))
    found = content(steps_of(f))
    symbols, numbers = found["nodes"][-1][3]
    for i in range(count):
        assert f'["v",{i}]' in embedded(symbols)
        assert f'["#",{i}]' in embedded(numbers)
    assert not [leaf for leaf in leaves(symbols) if "\\" in leaf or leaf in ("iname", "inum", "ileft", "itext")]
    assert len(found["nodes"][-1][4]) == count


def test_a_product_is_not_shortened_to_a_power_but_its_local_derivative_is_written_by_the_rule():
    found = content(steps_of(square()))
    assert found["nodes"][1][3] == [["row", ["v", 0], "o·", ["v", 0]], ["row", ["#", 0], "o·", ["#", 0]]]
    assert [edge[4] for edge in found["nodes"][1][4]] == [(["v", 0], 0)] * 2


def test_names_that_would_be_typeset_alike_are_told_apart():
    names = content(steps_of(Value(1.0, "x1") * Value(2.0, "x_1")))["names"]
    assert [written for _, written in names[:2]] == [["sub", "ix", "n1"], ["sup", ["sub", "ix", "n1"], "o′"]]


def test_a_rule_that_only_numbers_can_go_through_leaves_the_number():
    from autograd.op import Op

    jump = Op("jump", abs, (lambda x, out: 1.0 if float(x) > 0 else -1.0,), "|x|")
    found = content(steps_of(jump(Value(2.0, "x"))))
    assert found["nodes"][1][4][0][3:] == [found["numbers"].index("1"), (0, 0)]


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"w^{(1)}_{52}", ["subsup", "iw", "n52", ["row", "o(", "n1", "o)"]]),
        (r"{x}'", ["sup", "ix", "o′"]),
        (r"-\frac{1}{2}", ["row", "o−", ["frac", "n1", "n2"]]),
        (r"\left\vert x\right\vert ", ["row", "o|", "ix", "o|"]),
        (r"\text{a b}\text{\#}", ["row", "ta\u00a0b", "t#"]),
        (r"\hat{y}", ["over", "iy", "o^"]),
        (r"1.5 \times 10^{-7}", ["row", "n1.5", "o×", ["sup", "n10", ["row", "o−", "n7"]]]),
        (r"\unknown", "iunknown"),
        ("", ["row"]),
        ("}{^", ["row", "o}", ["sup", "t", "t"]]),
    ],
)
def test_latex_becomes_a_tree(latex, expected):
    assert tree(latex) == expected


# the bytes


class Scripts(html.parser.HTMLParser):
    """The contents of script elements, and every tag and attribute."""

    def __init__(self, text):
        super().__init__()
        self.scripts, self.tags, self.attributes = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attributes]

    def handle_data(self, text):
        if self.tags and self.tags[-1] == "script" and text.strip():
            self.scripts.append(text)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("made", [page_of, fragment_of])
def test_no_name_breaks_out_of_the_page(made, name):
    x = Value(2.0, name)
    f = x * x
    f.name = name
    text = made(f)
    text.encode()
    found = Scripts(text)
    assert found.tags.count("script") == 2
    assert not [attribute for attribute in found.attributes if attribute.startswith("on")]
    data = json.loads(found.scripts[0])
    assert len(data["names"]) == 2
    assert not re.search("[<>&\u2028\u2029]", found.scripts[0])
    assert max(len(shown) for shown, _ in data["names"]) <= 50


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), 1e300, -0.0, 5e-324])
def test_every_number_stands_there_in_full(number):
    found = content(steps_of(Value(number, "x") + 1.0))
    assert float(found["numbers"][found["nodes"][0][1]].split("\t")[-1]) == pytest.approx(
        number, rel=0, abs=0, nan_ok=True
    )


def test_a_page_is_the_same_bytes_in_every_process():
    code = (
        "import sys; sys.path.insert(0, 'tests'); sys.stdout.reconfigure(encoding='utf-8'); from test_page import *;"
        "print(page_of(example()), fragment_of(network()))"
    )
    outputs = outputs_by_hash_seed(code, "0", "1")
    assert len(outputs) == 1
    assert outputs.pop().decode().startswith(page_of(example()))


@pytest.mark.parametrize("made", [large, chain])
def test_a_page_of_200_nodes_is_below_400_kilobytes(made):
    f = made()
    assert len(topological_order(f)) == 200
    assert len(page_of(f).encode()) < 400_000


def test_a_page_with_many_outputs_is_below_400_kilobytes_too():
    f = large()
    outputs = topological_order(f)[-60:]
    assert len(page_of(*outputs).encode()) < 400_000


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else():
    text = page_of(example())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)[0]
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)[0]
    for part, content_ in (("script-src", script), ("style-src", style)):
        assert f"{part} 'sha256-{base64.b64encode(sha256(content_.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert not re.search(r"\beval\b|new Function|innerHTML|https?://(?!www\.w3\.org/)", text)


def test_a_graph_of_too_many_steps_is_a_picture_and_a_sentence():
    x = f = Value(1.0, "x")
    for _ in range(MOST // 3 + 1):
        f = f + x
    steps = steps_of(f)
    text = page(steps, lambda picture: "<svg></svg>")
    assert re.search(
        r"This graph takes 4 003 steps forward and backward, more than the 4 000 that a page can play", text
    )
    assert "application/json" not in text
    assert fragment(steps, lambda picture: "<svg></svg>").startswith("<img src=")


def test_the_fragment_holds_an_image_of_the_picture_for_where_no_script_runs():
    f = example()
    f.backward()
    text = fragment_of(f)
    data = re.search(r'<img src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)" alt="computation graph of', text)[1]
    texts = ET.fromstring(base64.b64decode(data)).iter("{http://www.w3.org/2000/svg}text")
    shown = [element.text.strip() for element in texts]
    assert {"x", "10.72", "6.718"} <= set(shown)


# in a browser


class Browser:
    """Chromium, told what to do over a pipe (the DevTools protocol)."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp()
        (r1, w1), (r2, w2) = ([fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in os.pipe()] for _ in range(2))
        nothing = os.open(os.devnull, os.O_RDWR)
        flags = "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
        self.pid = os.posix_spawn(
            program,
            [program, *flags.split(), "--remote-debugging-pipe", f"--user-data-dir={self.profile}"],
            {**os.environ, "HOME": self.profile},
            file_actions=[(os.POSIX_SPAWN_DUP2, end, fd) for fd, end in enumerate((nothing, nothing, nothing, r1, w2))],
        )
        for end in (r1, w2, nothing):
            os.close(end)
        self.write, self.read, self.rest, self.count = w1, r2, b"", 0
        self.events = []

    def __call__(self, method, session=None, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params} | ({"sessionId": session} if session else {})
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            found = self.next()
            if found.get("id") == self.count:
                assert "error" not in found, (method, found["error"])
                return found["result"]
            self.events.append(found)

    def next(self):
        while b"\0" not in self.rest:
            assert select.select([self.read], [], [], 20)[0], "the browser says nothing"
            self.rest += os.read(self.read, 1 << 20)
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def close(self):
        self("Browser.close")
        os.waitpid(self.pid, 0)
        for end in (self.write, self.read):
            os.close(end)
        shutil.rmtree(self.profile, ignore_errors=True)


KEYS = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35, " ": 32}
KEYS |= {"Enter": 13, "Escape": 27}
TROUBLE = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded", "Page.javascriptDialogOpening")


class Tab:
    """A file, opened; `root` in what it evaluates is the shadow root of the first diagram."""

    def __init__(self, browser, path, size=(1280, 800), scripts=True, **media):
        self.browser = browser
        self.target = browser("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        self.url = Path(path).as_uri()
        for domain in ("Page", "Runtime", "Log", "Network"):
            self(f"{domain}.enable")
        self("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=False)
        self(
            "Emulation.setEmulatedMedia", features=[{"name": k.replace("_", "-"), "value": v} for k, v in media.items()]
        )
        self("Emulation.setScriptExecutionDisabled", value=not scripts)
        self("Page.navigate", url=self.url)
        while not self.heard("Page.loadEventFired"):
            browser.events.append(browser.next())

    def __call__(self, method, **params):
        return self.browser(method, self.session, **params)

    def close(self):
        self.browser("Target.closeTarget", targetId=self.target)
        self.browser.events.clear()

    def heard(self, *methods):
        return [
            e["params"] for e in self.browser.events if e.get("sessionId") == self.session and e["method"] in methods
        ]

    def js(self, code):
        code = f"(() => {{ const root = document.querySelector('.pathgrad').shadowRoot; return {code} }})()"
        found = self("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def key(self, *keys):
        for key in keys:
            which = {"key": key, "code": {" ": "Space"}.get(key, key), "windowsVirtualKeyCode": KEYS[key]}
            text = {"text": {" ": " ", "Enter": "\r"}[key]} if key in " Enter" else {}
            self("Input.dispatchKeyEvent", type="keyDown", **which, **text)
            self("Input.dispatchKeyEvent", type="keyUp", **which)

    def click(self, what):
        box = self.js(f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])({what}.getBoundingClientRect())")
        for kind in ("mousePressed", "mouseReleased"):
            self("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def button(self, start):
        self.click(
            f"[...root.querySelectorAll('button')].find((b) => (b.ariaLabel ?? b.textContent).startsWith('{start}'))"
        )

    def step(self):
        return int(self.js("root.querySelector('input').value"))

    def cells(self):
        """(data, grad) of every box that has them."""
        return [tuple(pair) for pair in self.js(CELLS)]

    def trouble(self):
        """What went wrong in the console, and what was asked of the network."""
        asked = [e["request"]["url"] for e in self.heard("Network.requestWillBeSent")]
        return self.heard(*TROUBLE) + [url for url in asked if url != self.url and not url.startswith("data:")]


CELLS = """[...root.querySelectorAll('[data-box]')].map((box) => {
    const texts = [...box.querySelectorAll('text')].map((text) => text.textContent);
    return [texts[texts.indexOf('data') + 1], texts[texts.indexOf('grad') + 1], texts.includes('data')];
}).filter((cells) => cells[2]).map((cells) => cells.slice(0, 2))"""
# the picture without its width, which follows the window's a moment later
STAGE = """root.querySelector('.stage').innerHTML.replaceAll(' class=""', '').replace(/ style="width: [^"]*"/, '')"""
SLIDER = "root.querySelector('input')"
SAID = "[...root.querySelectorAll('.panel math')].map((math) => math.ariaLabel)"
FORMULA = "[...root.querySelectorAll('.formula math')].map((math) => math.ariaLabel).join(' ')"


@pytest.fixture(scope="module")
def browser():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if program is None:
        pytest.skip("no Chromium is installed (apt-get install chromium), and the page is tested in a real browser")
    running = Browser(program)
    yield running
    running.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a page; after the test nothing may have gone wrong in it."""
    tabs = []

    def open_(text, **options):
        path = tmp_path / f"f{len(tabs)}.html"
        path.write_text(text, encoding="utf-8")
        tabs.append(Tab(browser, path, **options))
        return tabs[-1]

    yield open_
    trouble = [tab.trouble() for tab in tabs]
    for tab in tabs:
        tab.close()
    assert trouble == [[]] * len(tabs)


@pytest.mark.parametrize("made", [example, square, network], ids=["U1", "a*a", "MLP"])
def test_forward_and_back_by_keys_every_box_says_what_the_engine_has(opened, made):
    f = made()
    expected = states(f)
    tab = opened(page_of(f))
    tab.key("Home")
    forward = []
    for i, wanted in enumerate(expected):
        assert (tab.step(), tab.cells()) == (i, wanted)
        forward.append(tab.js(STAGE))
        tab.key("ArrowRight")
    assert [float(grad) for _, grad in tab.cells()] == pytest.approx(gradient(f, topological_order(f)), rel=1e-3)
    for before in reversed(forward):
        assert tab.js(STAGE) == before
        tab.key("ArrowLeft")


def test_a_local_derivative_appears_with_the_node_that_it_belongs_to(opened):
    tab = opened(page_of(example()))
    seen = """[...root.querySelectorAll('.label')].filter(
        (label) => getComputedStyle(label).visibility === 'visible').map((label) => label.textContent.trim())"""
    found = []
    tab.key("Home")
    for _ in range(4):
        found.append(tab.js(seen))
        tab.key("ArrowRight")
    assert found == [[], ["2", "1"], ["2", "1", "1", "1"], ["2", "1", "1", "1", "4"]]


def test_a_jump_by_the_slider_shows_what_steps_show(opened):
    expected = states(example())
    tab = opened(page_of(example()))
    for i in random.Random(0).choices(range(len(expected)), k=30):
        tab.js(f"((slider) => {{ slider.value = {i}; slider.dispatchEvent(new Event('input')) }})({SLIDER})")
        assert tab.cells() == expected[i]


def test_at_a_node_used_twice_the_second_term_is_seen_being_added(opened):
    tab = opened(page_of(example()))
    tab.key("Home")
    said = []
    for _ in range(19):
        tab.key("ArrowRight")
        said.append(tab.js(FORMULA))
    assert said[0] == "v₁ = x · y = 1 · 2 = 2 ∂v₁/∂x = y = 2 ∂v₁/∂y = x = 1"
    assert said[-1] == "∂f/∂x += ∂f/∂v₁ · ∂v₁/∂x = ∂f/∂v₁ · y = 4 · 2 = 8 ∂f/∂x = 2.718 + 8 = 10.72"
    assert "Second of 2 terms of ∂f/∂x, which is now complete" in tab.js(
        "root.querySelector('[role=status]').textContent"
    )


def test_buttons_go_to_the_start_back_forward_and_to_the_end(opened):
    f = square()
    f.backward()
    tab = opened(page_of(f))
    assert tab.step() == 4
    for start, wanted in {"To the start": 0, "Step forward": 1, "To the end": 4, "Step back": 3}.items():
        tab.button(start)
        assert tab.step() == wanted


def test_a_page_opens_after_the_forward_pass_if_nobody_went_backward(opened):
    assert opened(page_of(square())).step() == 1


def test_space_plays_to_the_end_and_pauses(opened):
    tab = opened(page_of(square()))
    tab.js("(root.querySelector('select').value = '20')")
    tab.key("Home", " ")
    done = "new Promise((done) => setInterval(() => root.querySelector('input').value === '4' && done(true), 20))"
    assert tab.js(done)
    assert tab.js("root.querySelector('[aria-label^=Play]') !== null")
    tab.js("(root.querySelector('select').value = '0.5')")
    tab.key(" ")
    assert (tab.step(), tab.js("root.querySelector('[aria-label^=Pause]') !== null")) == (0, True)
    tab.key(" ")
    assert (tab.step(), tab.js("root.querySelector('[aria-label^=Play]') !== null")) == (0, True)


def test_a_click_on_a_node_tells_its_numbers_in_full_its_rule_and_its_paths(opened):
    f = example()
    tab = opened(page_of(f))
    tab.key("End")
    tab.click("root.querySelector('[data-box=\"0\"]')")
    x = topological_order(f)[0]
    shown = tab.js("root.querySelector('.panel').innerText")
    assert repr(gradient(f, x)) in shown
    assert "2 paths to f" in shown
    said = tab.js(SAID)
    assert {"x → v₁ → v₂ → v₃ → f", "2 · 1 · 4 · 1 = 8", "x → v₅ → v₆ → f", "1 · 2.718 · 1 = 2.718"} <= set(said)
    tab.click("root.querySelector('.panel .way')")
    assert tab.js("root.querySelectorAll('.arrow.way').length") == 4
    tab.key("Escape")
    assert tab.js("root.querySelector('.panel').hidden && root.querySelectorAll('.way').length === 0")


def test_enter_on_a_node_that_the_keys_reached_opens_it(opened):
    tab = opened(page_of(example()))
    tab.js("root.querySelector('[data-box][tabindex=\"0\"]').focus()")
    tab.key("ArrowUp", "Enter")
    assert "exp" in tab.js("root.querySelector('.panel h2').textContent")
    assert "∂v₆/∂v₅ = v₆ = 2.718" in tab.js(SAID)
    tab.key("ArrowDown", "Enter")
    assert "+" in tab.js("root.querySelector('.panel h2').textContent")
    tab.key("ArrowLeft")
    assert tab.step() == 6


def test_all_digits_can_be_shown_in_the_formulas(opened):
    tab = opened(page_of(example()))
    tab.key("Home", *["ArrowRight"] * 6)
    assert tab.js("root.querySelector('.formula').textContent").endswith("=2.718")
    tab.button("All digits")
    assert tab.js("root.querySelector('.formula').textContent").endswith("=2.718281828459045")


def test_every_part_can_be_reached_and_has_a_name(opened):
    tab = opened(page_of(example()))
    unnamed = """[...root.querySelectorAll('button, input, select, [role=button]')].filter(
        (part) => !(part.ariaLabel || part.textContent.trim() || part.labels?.length)).length"""
    assert tab.js(unnamed) == 0
    tab("Accessibility.enable")
    names = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tab("Accessibility.getFullAXTree")["nodes"]
        if "role" in node
    ]
    for wanted in (
        ("button", "Play (space)"),
        ("slider", "Step"),
        ("combobox", "Speed steps a second"),
        ("button", "x: data 1"),
        ("button", "f = v₃ + v₆: data 6.718"),
    ):
        assert wanted in names
    assert [role for role, _ in names].count("status") == 1
    assert tab.js("root.querySelector('[role=status]').ariaLive") == "polite"
    ring = """((part) => {
        part.focus({focusVisible: true});
        return getComputedStyle(part).outlineStyle;
    })(root.querySelector('.buttons button'))"""
    assert tab.js(ring) == "solid"


def test_a_step_touches_few_elements_however_large_the_graph_is(opened):
    tab = opened(page_of(large()))
    tab.key("Home")
    count = """(async () => {
        let found = 0;
        const most = [];
        const watch = new MutationObserver((records) => (found += records.length));
        const all = {subtree: true, attributes: true, childList: true, characterData: true};
        watch.observe(root.querySelector('.stage'), all);
        const app = root.querySelector('.app');
        for (let i = 0; i < 250; i++) {
            found = 0;
            app.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
            await null;
            most.push(found + watch.takeRecords().length);
        }
        return Math.max(...most);
    })()"""
    assert 0 < tab.js(count) < 40


def test_two_diagrams_in_one_page_do_not_meet(opened):
    one = fragment_of(square())
    tab = opened(
        f"<!DOCTYPE html><meta charset=utf-8><body><input value='p'><p>{one}<p>{fragment_of(example())}<p>{one}"
    )
    steps = (
        "[...document.querySelectorAll('.pathgrad')].map((one) => Number(one.shadowRoot.querySelector('input').value))"
    )
    assert tab.js(steps) == [1, 7, 1]
    tab.click("root.querySelector('.step')")
    tab.key("Home")
    assert tab.js(steps) == [0, 7, 1]
    tab.click("document.querySelector('body > input')")
    tab.key("ArrowLeft")
    assert tab.js(steps) == [0, 7, 1]
    assert tab.js("document.querySelectorAll('[id], body style').length") == 0


@pytest.mark.parametrize("made", [page_of, fragment_of])
def test_without_scripts_the_picture_is_there(opened, made):
    tab = opened(made(example()), scripts=False)
    tab("Emulation.setScriptExecutionDisabled", value=False)
    assert tab.js("root === null")
    assert tab.js("document.querySelector('.pathgrad > :is(img, svg)').getBoundingClientRect().width") > 200
    seen = "document.querySelector('.pathgrad > img')?.complete ?? document.body.textContent.includes('exp')"
    assert tab.js(seen)


def test_light_and_dark_follow_the_system_and_the_toggle(opened):
    paper = "getComputedStyle(root.querySelector('.app')).backgroundColor"
    ink = "getComputedStyle(root.querySelector('[data-box] text')).fill"
    light, dark = (opened(page_of(square()), prefers_color_scheme=scheme) for scheme in ("light", "dark"))
    assert (light.js(paper), dark.js(paper)) == ("rgb(255, 255, 255)", "rgb(20, 23, 27)")
    colours = [light.js(ink), dark.js(ink)]
    assert colours[0] != colours[1]
    dark.button("Light or dark")
    assert (dark.js(paper), dark.js(ink)) == ("rgb(255, 255, 255)", colours[0])


def test_nothing_moves_for_those_who_asked_for_that(opened):
    playing = """(root.querySelector('.app').classList.add('playing'),
        getComputedStyle(root.querySelector('.arrow.now path')).animationName)"""
    assert opened(page_of(square())).js(playing) == "flow"
    assert opened(page_of(square()), prefers_reduced_motion="reduce").js(playing) == "none"


@pytest.mark.parametrize("size", [(320, 256), (1280, 800)], ids=["400 %", "100 %"])
def test_everything_fits_the_width_and_no_text_is_cut_off(opened, size):
    f = network()
    f.backward()
    tab = opened(page_of(f), size=size)
    tab.js("root.querySelector('[data-box=\"3\"]').dispatchEvent(new MouseEvent('click'))")
    assert tab.js("document.documentElement.scrollWidth") <= size[0]
    cut = """[...root.querySelectorAll('*')].filter((part) =>
        /hidden|clip/.test(getComputedStyle(part).overflowY) && !part.closest('.hidden')
        && part.scrollHeight > part.clientHeight + 2).map((part) => part.outerHTML)"""
    assert tab.js(cut) == []


def tower(height):
    """A narrow graph, drawn from top to bottom."""
    f = Value(0.5, "x")
    for _ in range(height):
        f = (f * 0.9).tanh()
    return f


def seen(tab):
    """The picture's scale, and whether it fits its box in width and in height, once the browser has drawn it."""
    return tab.js("""new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
        const stage = root.querySelector('.stage');
        const svg = stage.querySelector('svg');
        done([svg.getBoundingClientRect().width / svg.viewBox.baseVal.width,
            stage.scrollWidth <= stage.clientWidth, stage.scrollHeight <= stage.clientHeight]);
    })))""")


@pytest.mark.parametrize("whole", [False, True], ids=["notebook", "page"])
@pytest.mark.parametrize("f", [network(), tower(4)], ids=["wide", "narrow"])
def test_at_first_the_whole_picture_is_seen(opened, f, whole):
    shown = diagram(f, engine="builtin")
    tab = opened(shown._page() if whole else shown._repr_html_(), size=(1000, 800))
    scale, *fits = seen(tab)
    assert fits == [True, True]
    assert 0.6 < scale < 1


@pytest.mark.parametrize(("f", "wanted"), [(square(), 1.3), (tower(30), 0.6)], ids=["small", "large"])
def test_no_picture_is_blown_up_in_a_notebook_nor_shrunk_beyond_reading(opened, f, wanted):
    tab = opened(diagram(f, engine="builtin")._repr_html_(), size=(1000, 800))
    scale, _, height_fits = seen(tab)
    assert scale == pytest.approx(wanted, abs=0.01)
    assert height_fits == (wanted > 1)  # else it scrolls


def test_the_picture_fits_the_window_again_after_that_has_become_another_until_a_scale_is_chosen(opened):
    tab = opened(fragment_of(network()), size=(1000, 500))

    def scale_in(height):
        tab("Emulation.setDeviceMetricsOverride", width=1000, height=height, deviceScaleFactor=1, mobile=False)
        return seen(tab)[0]

    low, high = scale_in(500), scale_in(800)
    assert low == pytest.approx(0.6, abs=0.01) and high > 0.7
    tab.button("Larger picture")
    chosen = seen(tab)[0]
    assert chosen == pytest.approx(1.25 * high, abs=0.01)
    assert scale_in(500) == chosen


def test_paper_shows_the_final_state(opened):
    f = square()
    tab = opened(page_of(f))
    tab.key("Home")
    tab.js(f"(window.printed = null, addEventListener('beforeprint', () => (printed = {CELLS})), 0)")
    tab.js("(addEventListener('beforeprint', () => (window.pointed = root.querySelectorAll('.now').length)), 0)")
    tab("Page.printToPDF")
    assert [tuple(pair) for pair in tab.js("printed")] == states(f)[-1]
    assert (tab.js("pointed"), tab.step()) == (0, 0)


def test_derivatives_of_another_output_can_be_chosen(opened):
    x, y = Value(2.0, "x"), Value(3.0, "y")
    f, g = x * y, tanh(x)
    tab = opened(page_of(f, g))
    tab.key("End")
    order = topological_order(f, g)
    assert [float(grad) for _, grad in tab.cells()] == [gradient(f, node) for node in order]
    choose = "(select) => { select.value = '1'; select.dispatchEvent(new Event('change')); }"
    tab.js(f"({choose})(root.querySelectorAll('select')[1])")
    assert [float(grad) for _, grad in tab.cells()] == pytest.approx([gradient(g, node) for node in order], rel=1e-3)


def test_no_name_and_no_number_stops_the_script(opened):
    leaves_ = [
        Value(number, name)
        for name, number in zip(NAMES, [float("nan"), float("inf"), -1e300, *range(1, 14)], strict=True)
    ]
    f = leaves_[0]
    for leaf in leaves_[1:]:
        f = f + leaf * 0.5
    tab = opened(page_of(f))
    tab.key("End")
    for i in (0, 2, 5):
        tab.js(f"root.querySelectorAll('[data-box]')[{i}].dispatchEvent(new MouseEvent('click'))")
    assert tab.js("root.querySelectorAll('script, img').length") == 0
    assert len(tab.cells()) == len(topological_order(f))


def test_nodes_called_data_and_grad_show_their_numbers(opened):
    f = Value(2.0, "data") * Value(3.0, "grad")
    tab = opened(page_of(f))
    tab.key("End")
    assert tab.js("[...root.querySelectorAll('.box')].map((box) => box.ariaLabel)")[:2] == [
        "data: data 2, grad 3",
        "grad: data 3, grad 2",
    ]


def folded(backward=True):
    """The steps of a folded picture: two layers, then the loss."""
    model = nn.MLP(2, [3, 1], rng=0)
    loss = (model([Value(1.0, "x1"), Value(2.0, "x2")]) - 1) ** 2
    loss.name = "loss"
    if backward:
        loss.backward()
    return Steps(diagram(loss, model=model).picture)


def test_nodes_in_folded_boxes_are_called_z_and_a_and_others_as_their_boxes_say():
    steps = folded()
    assert [name for name in steps.names if name[0] in "zav"] == [
        "z1_1",
        "a1_1",
        "z1_2",
        "a1_2",
        "z1_3",
        "a1_3",
        "z2",
        "v1",
    ]
    assert [box.heading for box in steps.picture.boxes if box.heading.startswith("v")] == ["v₁ = a₂ - 1"]


def test_in_folded_boxes_no_two_nodes_are_called_alike():
    model = nn.MLP(1, [2, 1], activation="gelu", rng=0)
    loss = sum(((model([Value(x)]) - 1) ** 2 for x in (0.5, 1.5)), Value(0.0))
    steps = Steps(diagram(loss, model=model).picture)
    assert {"z1_1", "z1_1′", "a1_2", "a1_2′", "u1"} <= set(steps.names)
    assert len(set(steps.names)) == len(set(steps.shown)) == len(steps.nodes)


def test_where_layers_are_folded_a_step_is_a_box_and_with_shift_a_node(opened):
    steps = folded()
    tab = opened(page(steps, drawn))
    stage, stops = [], []
    tab.key("Home")
    while tab.step() < steps.count:
        stage.append(tab.js(STAGE))
        stops.append(tab.step())
        tab.key("ArrowRight")
    assert stops[:5] == [0, 6, 7, 8, 9]  # the first layer's six nodes, the second's one, v₁, the loss; then the seed
    for before, stop in zip(reversed(stage), reversed(stops), strict=True):
        tab.key("ArrowLeft")
        assert (tab.step(), tab.js(STAGE)) == (stop, before)
    tab.js(
        "root.querySelector('.app').dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', shiftKey: true}))"
    )
    assert tab.step() == 1


@pytest.mark.parametrize("backward", [True, False])
def test_a_folded_boxs_delta_is_shown_only_where_it_is_that_of_this_pass(opened, backward):
    tab = opened(page(folded(backward), drawn))
    rows = "[...root.querySelectorAll('.box text')].map((text) => text.textContent)"
    known = []
    for key in ("Home", "End"):
        tab.key(key)
        texts = tab.js(rows)
        known.append((texts[texts.index("z₁") + 1] != "·", texts[texts.index("δ₁") + 1] != "·"))
    assert known == [(False, False), (True, backward)]
