# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 14 · From micrograd to here
#
# Many people have met backpropagation in Andrej Karpathy's **micrograd**, an engine of about a hundred lines, and its
# lecture. If you are one of them, your code runs here too, with two import lines changed. This notebook makes the move, and
# then shows what the change is good for.
#
# After this notebook you can …
#
# - run code written for micrograd on this library, training loop, hand-made graph drawing and all;
# - write an engine of that design yourself in forty lines, and name three things it gets wrong or cannot do;
# - draw `a * a` with its two edges, and say why one edge is one too few;
# - take a gradient apart into paths, into a written derivation and into a check, with a line of code for each;
# - say what differs from micrograd, so that nothing surprises you.
#
# **Needed beforehand:** [1 · First steps](01_first_steps.ipynb), or micrograd itself. Allow about 15 minutes.
#
# **Source:** Andrej Karpathy, micrograd (github.com/karpathy/micrograd), its demonstration on two moons and its graph
# drawing. micrograd does not have to be installed; the code below is written anew in its manner.

# %% [markdown]
# ## Two import lines
#
# ```diff
# -from micrograd.engine import Value
# -from micrograd.nn import MLP
# +from autograd import Value
# +from nn import MLP
# ```
#
# The names behind them mean the same: `Value` with `data`, `grad` and `backward()`; `Neuron` with its `w` and `b`, `Layer`
# and `MLP(2, [16, 16, 1])` with ReLU in the hidden layers and a linear output; `parameters()` in the same order, and
# `zero_grad()`. Even the random numbers are drawn in the same order, so that the same seed gives the same network.

# %%
from autograd import Value
from nn import MLP

# %% [markdown]
# ## The moons demo
#
# Two interleaved crescents of 50 points each, a network of 337 parameters, and a loss written out with `+`, `*` and
# `relu()`: this is micrograd's demonstration. From here on to the picture, nothing is special to this library.

# %%
import random

import numpy as np
from sklearn.datasets import make_moons

np.random.seed(1337)
random.seed(1337)
X, y = make_moons(n_samples=100, noise=0.1)
y = y * 2 - 1  # classes -1 and +1
model = MLP(2, [16, 16, 1])
print(len(model.parameters()), "parameters")
assert len(model.parameters()) == 337


# %%
def loss_and_accuracy():
    scores = [model(list(map(Value, row))) for row in X]
    hinges = [(1 + -yi * score).relu() for yi, score in zip(y, scores)]
    keep_small = 1e-4 * sum(p * p for p in model.parameters())
    loss = sum(hinges) * (1.0 / len(hinges)) + keep_small
    right = [(yi > 0) == (score.data > 0) for yi, score in zip(y, scores)]
    return loss, sum(right) / len(right)


losses = []
for k in range(100):
    loss, accuracy = loss_and_accuracy()
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.data -= (1.0 - 0.9 * k / 100) * p.grad
    losses.append(loss.data)
    if k % 20 == 0 or k == 99:
        print(f"step {k:2}   loss {loss.data:.4f}   accuracy {accuracy:.0%}")

# %% [markdown]
# micrograd's published run begins at a loss of 0.8958 and ends at 0.0110 with every point on its side. So does ours:

# %%
assert [round(losses[0], 4), round(losses[-1], 4)] == [0.8958, 0.0110]
assert accuracy == 1.0

# %% [markdown]
# From the demonstration's last part: the plane behind the points, coloured by the sign of the score.

# %%
# %matplotlib inline
from nn.plots import CLASSES, new_figure

across, up = np.linspace(-1.5, 2.5, 50), np.linspace(-1.2, 1.6, 50)
signs = np.array([[model([a, b]).data > 0 for a in across] for b in up], dtype=float)

figure = new_figure(6.4, 3.8)
axes = figure.subplots()
axes.contourf(across, up, signs, levels=[-0.5, 0.5, 1.5], colors=[CLASSES[0][2], CLASSES[1][2]])
for kind, (marker, color, _) in zip((-1, 1), CLASSES):
    axes.scatter(*X[y == kind].T, marker=marker, color=color, edgecolors="white", label=f"class {kind:+}")
axes.set(xlabel="x1", ylabel="x2")
axes.legend(loc="lower left")
figure

# %% [markdown]
# ## Your own trace and draw_dot
#
# Many who have followed the lecture have a `trace` that collects nodes and edges through `_prev`, and a `draw_dot`
# that hands them to Graphviz with `_op`, `data` and `grad`. These names lead through our graphs as well:

# %%
from graphviz import Digraph


def trace(root):
    nodes, edges = {}, set()

    def build(v):
        if v not in nodes:
            nodes[v] = f"n{len(nodes)}"
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def draw_dot(root):
    nodes, edges = trace(root)
    dot = Digraph(graph_attr={"rankdir": "LR"})
    for v, name in nodes.items():
        dot.node(name, f"{v._op or 'leaf'} | data {v.data:.4f} | grad {v.grad:.4f}", shape="record")
    for a, b in sorted(edges, key=lambda edge: (nodes[edge[1]], nodes[edge[0]])):
        dot.edge(nodes[a], nodes[b])
    return dot


# %%
a, b = Value(2.0), Value(-3.0)
f = (a * b + 10.0).relu()
f.backward()
nodes, edges = trace(f)
print(draw_dot(f).source)
assert (len(nodes), len(edges)) == (6, 5)
assert (f.data, a.grad, b.grad) == (4.0, -3.0, 2.0)

# %% [markdown]
# With Graphviz's program `dot` on the machine, `draw_dot(f)` as the last line of a cell shows the picture. `diagram(f)` needs
# no program, writes the local derivatives on the edges, and can be played:

# %%
from autograd import diagram

a.name, b.name, f.name = "a", "b", "f"
diagram(f, engine="builtin")

# %% [markdown]
# ## A small engine of that design
#
# To see what could be better, it helps to have the design before you. Here it is in our own words. Each number keeps a
# **set of children** and a function, `pull`, that sends its own gradient on to them. The function is a **closure**: it
# was defined inside `__mul__` or `__add__`, and remembers the variables `self`, `other` and `out` of that call.


# %%
class Small:
    def __init__(self, data, children=()):
        self.data, self.grad = data, 0.0
        self.children, self.pull = set(children), lambda: None

    def __add__(self, other):
        out = Small(self.data + other.data, (self, other))

        def pull():
            self.grad += out.grad
            other.grad += out.grad

        out.pull = pull
        return out

    def __mul__(self, other):
        out = Small(self.data * other.data, (self, other))

        def pull():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.pull = pull
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node.pull()


# %%
results = []
for number in (Small, Value):
    a, b = number(2.0), number(-3.0)
    f = (a * b + b) * a
    f.backward()
    results.append((f.data, a.grad, b.grad))
    print(f"{number.__name__:5} f = {f.data}, ∂f/∂a = {a.grad}, ∂f/∂b = {b.grad}")
assert results[0] == results[1] == (-18.0, -15.0, 6.0)

# %% [markdown]
# It works, and most of what follows grows from two changes: `Value` keeps its inputs in an **ordered tuple** instead of a
# set, and the **local derivative** as a number on each edge instead of hiding it in a closure.

# %% [markdown]
# ## What is gained
#
# ### Two edges for a · a
#
# A set holds each thing once. In `a * a` both factors are the same number, so the small engine has one child and a drawing
# of it has one arrow. The gradient comes out right only because `pull` adds twice. But the picture tells a lie: one path,
# where the chain rule sums over two.

# %%
a = Small(3.0)
square = a * a
square.backward()
print("children in the small engine:", len(square.children), " gradient:", a.grad)

a = Value(3.0, "a")
square = a * a
square.name = "square"
square.backward()
print("inputs of the Value:         ", len(square.inputs), " gradient:", a.grad)
assert len(square.inputs) == 2 and a.grad == 6

# %%

diagram(square, engine="builtin", playable=False)

# %% [markdown]
# ### Paths
#
# With a number on each edge the gradient can be taken apart. Every path is a line, and its product can be checked with a
# pencil ([notebook 2](02_sum_over_paths.ipynb) has much more of this).

# %%
from autograd import path_table

a, b = Value(2.0, "a"), Value(-3.0, "b")
f = (a * b + b) * a
f.name = "f"
f.backward()
path_table(f, a)

# %% [markdown]
# ### A derivation
#
# The same, as it would stand on paper, symbols first and numbers after. A closure cannot be asked for its formula, an op
# that is a row of a table can.

# %%
from autograd import derivation

print("\n".join(derivation(f, a).text().splitlines()[-7:]))

# %% [markdown]
# ### Checks
#
# Is a gradient right? micrograd's tests ask PyTorch. Here `agreement` asks reverse mode, forward mode, the sum over paths
# and finite differences, and for the second derivatives two ways more.

# %%
from autograd import agreement

agreement(f, [a, b])

# %% [markdown]
# ### Calling backward twice
#
# Gradients accumulate, so two calls should give twice the gradient. In the small engine the inner nodes accumulate as well,
# and send what was left from the first call on a second time. `Value` computes inner nodes afresh and adds only at the
# leaves:

# %%
twice = {}
for number in (Small, Value):
    x = number(5.0)
    f = (x * number(2.0)) * number(3.0)
    f.backward()
    f.backward()
    twice[number.__name__] = x.grad
    print(f"{number.__name__:5} after two calls: {x.grad} = {x.grad / 6:.0f} times the gradient 6")
assert twice == {"Small": 18.0, "Value": 12.0}

# %% [markdown]
# ### Depth
#
# The small engine sorts its nodes by a function that calls itself, one level for each node on the way down. Python stops that
# at a fixed depth, often 1000. A long loop, or a recurrent network over a long text, is deeper than that.

# %%
for number in (Small, Value):
    x = number(1.0)
    f = x
    for _ in range(50_000):
        f = f + x
    try:
        f.backward()
        print(f"{number.__name__:5} 50 000 additions in a row: gradient {x.grad:,.0f}")
    except RecursionError:
        print(f"{number.__name__:5} 50 000 additions in a row: RecursionError")
assert x.grad == 50_001

# %% [markdown]
# ### Memory and speed
#
# In the small engine `out` holds the closure and the closure holds `out`, a **reference cycle**. Python cannot free it when it
# is no longer used, only when its garbage collector comes by. Values form no cycles:

# %%
import gc


def left_for_the_collector(number):
    gc.collect()
    gc.disable()  # so that it does not come by at a moment of its own
    f = x = number(1.0)
    for _ in range(100):
        f = f * x + x
    f.backward()
    del f, x
    left = gc.collect()
    gc.enable()
    return left


print("Small leaves garbage:", left_for_the_collector(Small) > 0)
print("Value leaves garbage:", left_for_the_collector(Value) > 0)
assert left_for_the_collector(Value) == 0 < left_for_the_collector(Small)

# %% [markdown]
# And a neuron's weighted sum is one op, `dot`, where products and sums one by one make $2n$ nodes. A neuron written the
# long way works too, if you have one of your own:

# %%
from autograd.graph import topological_order
from nn import Neuron


class HandmadeNeuron:
    def __init__(self, nin):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)

    def __call__(self, x):
        return sum((wi * xi for wi, xi in zip(self.w, x)), self.b).relu()


counts, outputs = {}, {}
for make in (HandmadeNeuron, Neuron):
    random.seed(2)
    out = make(16)([0.1 * i for i in range(16)])
    counts[make.__name__] = sum(node.op is not None for node in topological_order(out))
    outputs[make.__name__] = round(out.data, 12)
    print(f"{make.__name__:14} {counts[make.__name__]:2} nodes, output {out.data:.6f}")
assert counts == {"HandmadeNeuron": 2 * 16 + 1, "Neuron": 2}
assert outputs["HandmadeNeuron"] == outputs["Neuron"] > 0

# %% [markdown]
# A training step of the moons network takes a small fraction of micrograd's time, because there are fewer nodes and because
# each node costs less; the project's README has the measurements.
#
# ## What is different
#
# Code that uses micrograd's public names does not notice these, but you may:
#
# - The second argument of `Value` is its **name** (the lecture's `label`); diagrams and tables use it.
# - `_prev` is a tuple with repeats, in order, and constants are in it as Values made on the spot, whose
#   `grad` stays 0. New code reads `inputs`.
# - A comparison such as `a < b` compares the numbers; a Value can be used wherever a float can.
# - `a - b`, `a / b` and `-a` are ops of their own, so a graph has fewer nodes than micrograd's for the same expression.
# - What a float refuses, a Value refuses, and says where: `Value(-1.0).log()` is an error and not a silent NaN.
#
# And with the library's own words the training loop above becomes:

# %%
from nn import SGD, hinge, squared_norm, uniform

model = MLP(2, [16, 16, 1], init=uniform(-1, 1), rng=random.Random(1337))
optimizer = SGD(model.parameters(), learning_rate=1.0)
rows, classes = X.tolist(), y.tolist()
for k in range(10):
    hinges = [hinge(model(row), kind) for row, kind in zip(rows, classes)]
    loss = sum(hinges) / 100 + 1e-4 * squared_norm(model.parameters())
    optimizer.zero_grad()
    loss.backward()
    optimizer.learning_rate = 1.0 - 0.9 * k / 100
    optimizer.step()
    assert abs(loss.data - losses[k]) < 1e-9
print(f"ten steps, the same losses: {losses[0]:.4f} … {loss.data:.4f}")

# %% [markdown]
# ## Exercises
#
# Write your answer into the cell that holds the solution, and run the cell below it.
#
# ### 1 · Three paths
#
# On paper: three paths lead from $a$ to $f = a \cdot a + a$. One goes straight and carries 1. What do the other two carry
# at $a = 3$, and what is $\partial f/\partial a$?

# %%
from autograd import worksheet

a = Value(3.0, "a")
sheet_1 = worksheet(a * a + a, [a], ["products", "totals"])
sheet_1

# %% tags=["solution"]
answers_1 = [3, 3, 7]

# %%
sheet_1.check(globals().get("answers_1", []))

# %% [markdown]
# ### 2 · Another op for the small engine
#
# Teach `Small` the exponential: write `small_exp(x)`, which gives a `Small` whose `pull` is right. The checker compares
# with the library's `exp`.


# %% tags=["solution"]
def small_exp(x):
    out = Small(np.exp(x.data), (x,))

    def pull():
        x.grad += out.data * out.grad

    out.pull = pull
    return out


# %%
from autograd import exp

if "small_exp" not in globals():
    print("not answered yet")
else:
    x, v = Small(0.5), Value(0.5)
    (small_exp(x * x) * x).backward()
    (exp(v * v) * v).backward()
    right = abs(x.grad - v.grad) < 1e-12
    print("right" if right else f"off: d/dx exp(x²)·x at 0.5 is {v.grad:.4f}, yours gave {x.grad:.4f}")

# %% [markdown]
# ### 3 · Backward, and backward again
#
# With three factors, $u = x \cdot 2$, $v = u \cdot 3$, $f = v \cdot 1$, what does `x.grad` hold after two calls of
# `backward()`, in the small engine and for a `Value`? Work it out on paper, following each node's gradient.

# %% tags=["solution"]
answer_small = 24  # after the second call v has 1 + 1 = 2, u has 3 + 6 = 9, and x has 6 + 18 = 24
answer_value = 12

# %%
for number, name in ((Small, "answer_small"), (Value, "answer_value")):
    x = number(5.0)
    f = ((x * number(2.0)) * number(3.0)) * number(1.0)
    f.backward()
    f.backward()
    answer = globals().get(name, ...)
    verdict = "not answered yet" if answer is ... else "right" if answer == x.grad else "off"
    print(f"{name}: {verdict}")

# %% [markdown]
# ### 4 · All edges
#
# Write `all_edges(f)`: a list of (input, node), with both edges of an `a * a` in it. Use `inputs`, and visit each node once.


# %% tags=["solution"]
def all_edges(f):
    found, seen, waiting = [], {f}, [f]
    while waiting:
        node = waiting.pop()
        for x in node.inputs:
            found.append((x, node))
            if isinstance(x, Value) and x not in seen:
                seen.add(x)
                waiting.append(x)
    return found


# %%
if "all_edges" not in globals():
    print("not answered yet")
else:
    a, b = Value(3.0, "a"), Value(4.0, "b")
    ab = a * b
    for title, f, number in (("a·a", a * a, 2), ("a·a + b", a * a + b, 4), ("(a·b)·(a·b)", ab * ab, 4)):
        count = len(all_edges(f))
        print(f"{title}: {'right' if count == number else f'off, {number} edges and not {count}'}")

# %% [markdown]
# ## Summary
#
# - Code for micrograd runs with its two import lines changed: same names, same order of parameters, same losses.
# - A hand-made `trace` and `draw_dot` work; `diagram` draws more, without a program to install.
# - An **ordered tuple** of inputs gives `a * a` its two edges, and a **local derivative on each edge** gives paths,
#   derivations and checks.
# - Inner nodes start afresh in each backward pass, depth is no limit, and no garbage is left.
# - Everything of the other notebooks is there for your old graphs too.
#
# This is the last of the numbered notebooks; [the map](README.md) leads from every exercise of the five courses to its
# section.
