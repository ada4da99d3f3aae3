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
# # 13 · The tape
#
# A graph of Values is clear, and it is slow: every number is a Python object of its own, and each training step builds
# all of these objects anew. Yet from row to row and from step to step the graph keeps its shape. Only the numbers
# change. So it can be written down once, as a list of instructions, and the list can be **replayed** on other numbers,
# many rows at a time. Such a list is called a **tape**.
#
# After this notebook you can …
#
# - read a recorded graph as a list of instructions, and write the list that computes its derivatives;
# - build a machine of twenty lines that runs both;
# - replay a graph over a whole batch of rows, and train with it;
# - say what a tape cannot see, and write a branch so that it can;
# - explain how hundreds of scalar instructions become a handful of matrix products.
#
# **Needed beforehand:** graphs, paths and adjoints ([2 · The sum over paths](02_sum_over_paths.ipynb)), a network and
# its training step ([3 · One network by hand](03_one_network_by_hand.ipynb)). A little NumPy helps. Allow about 20
# minutes.
#
# **Sources:** R. E. Wengert, "A simple automatic derivative evaluation program", *Communications of the ACM* 7 (1964);
# A. Griewank and A. Walther, *Evaluating Derivatives* (2008), chapters 3 and 4.

# %%
# %matplotlib inline
import math
import re
import textwrap
from itertools import zip_longest

import numpy as np
from autograd import Tape, Value, derivation, diagram, gradient, hvp
from autograd import dot, exp, less, log, logsumexp, sin, tanh, where
from autograd import exercise  # for the exercises at the end
from autograd.tape.adjoint import with_adjoints
from autograd.tape.listing import listing
from autograd.tape.passes import optimised
from autograd.tape.plan import Plan
from nn import MLP, SGD, datasets, fit, hinge, split, toys
from nn.plots import CLASSES, new_figure

# %% [markdown]
# ## A list instead of a graph
#
# Here is the function of the first notebooks once more, as a graph:

# %%
x, y, z = Value(1.0, "x"), Value(2.0, "y"), Value(0.0, "z")
f = (x * y + z) ** 2 + exp(x - y * z)
f.name = "f"
diagram(f, engine="builtin", playable=False)

# %% [markdown]
# A `Tape` walks through it in topological order and writes down a line for each node:

# %%
tape = Tape(f, inputs=[x, y, z], executor="python")
print(tape)

# %% [markdown]
# Each line is an **instruction**: one op, applied to numbers that are there already. There are no loops in the list and
# no branches, so it is a *straight-line program*. People call it a **Wengert list**, after the two-page paper of 1964
# in which R. E. Wengert derived programs this way.
#
# The numbers of the graph are gone, apart from the constant 2. What is left is the shape. Inside, nothing has a name
# either: each result has a numbered place, its **slot**, and an instruction says which slots it reads.

# %%
print("slot  op    reads")
for slot, (op, reads) in enumerate(tape.program.instructions()):
    kind = op.name if op else tape.program.names.get(slot) or tape.program.numbers[slot]
    print(f"{slot:4}  {kind!s:5} {', '.join(map(str, reads))}")

assert len(tape.program) == 11 and sum(op is not None for op in tape.program.ops) == 7

# %% [markdown]
# ## The adjoint program
#
# An **adjoint** $\bar v = \partial f/\partial v$ says how fast the result changes with $v$. Backpropagation starts with
# $\bar f = 1$, goes through the list from its end to its beginning, and adds up for each $v$ what its consumers send
# back:
#
# $$\bar v \;=\; \sum_{c\ \text{reads}\ v} \bar c \; \frac{\partial c}{\partial v}.$$
#
# This, too, is a fixed sequence of products and sums. So it can be recorded in its turn, and what comes out is one more
# list:

# %%
print(tape.adjoint_text())

# %% [markdown]
# Set it beside the derivation of $\partial f/\partial x$ by nodes, which is what one writes on paper:

# %%
on_paper = derivation(f, x, style="nodes").text().splitlines()
print("\n".join(on_paper[-9:]))

# %% [markdown]
# Line by line they are the same. (The tape's list is for all three inputs, so it has $\bar v_4$, $\bar y$ and $\bar z$
# besides.) Two things to note:
#
# - **Products with 1 are left out.** The tape has $\bar v_1 = \bar v_2$ where paper has $\bar v_2 \cdot 1$.
# - **Local derivatives are instructions as well.** For $v_2^2$ the table of ops says $2\,v_2^{\,2-1}$, and that is what
#   the line with `v2 ** 1.0` begins. (It looks clumsy. We shall see that it does not stay.)
#
# No second set of derivatives is needed for this. A row of the table is written with the library's own ops; run on
# numbers it gives a number, and run on slots it writes instructions.

# %%
value, slopes = tape.value_and_gradient([[1.0, 2.0, 0.0]], by="inputs")
print(f"f = {value:.5f}, x̄, ȳ, z̄ =", [round(slope, 4) for slope in slopes[0].tolist()])

assert all(map(math.isclose, slopes[0], gradient(f, [x, y, z])))
assert math.isclose(slopes[0][0], 4 * 2 + math.e)  # the two paths from x

# %% [markdown]
# ## A machine of twenty lines
#
# What does it take to run such a list? A row of slots, and one loop. Put the given numbers into their slots, then carry
# out one instruction after the other. That is the whole forward pass. The backward pass is the same loop, from the end.


# %%
def forward(program, row):
    slots = [0.0] * len(program)
    for slot, number in program.numbers.items():  # constants
        slots[slot] = number
    for slot, number in zip(program.inputs, row):
        slots[slot] = number
    for slot, (op, reads) in enumerate(program.instructions()):
        if op is not None:
            slots[slot] = op(*[slots[i] for i in reads])
    return slots


def backward(program, slots):
    bars = [0.0] * len(program)
    bars[program.outputs[0]] = 1.0
    for slot in reversed(range(len(program))):
        op, reads = program.ops[slot], program.arguments(slot)
        for i, local in zip(reads, op.partials if op else ()):
            if i not in program.numbers:
                bars[i] += bars[slot] * local(*[slots[j] for j in reads], slots[slot])
    return bars


# %% [markdown]
# `op.partials` are the local derivatives of the table, one for each input. Try the machine where the graph was
# recorded, and at a point that the graph has never seen:

# %%
for row in ([1.0, 2.0, 0.0], [0.5, -1.0, 2.0]):
    slots = forward(tape.program, row)
    bars = backward(tape.program, slots)
    a, b, c = (Value(number) for number in row)
    engine = (a * b + c) ** 2 + exp(a - b * c)
    print(f"at {row}: f = {slots[-1]:.4f}, x̄, ȳ, z̄ =", [round(bar, 4) for bar in bars[:3]])
    assert slots[-1] == engine.data
    assert all(map(math.isclose, bars[:3], gradient(engine, [a, b, c])))

# %% [markdown]
# That is a complete engine for reverse mode. All that follows makes it faster, and changes nothing in what it means.
# The library keeps such a loop too, in plain Python, as the measure that its faster ways of running are held against.
# (Ours takes ops with a fixed number of inputs; the library's takes all.)
#
# ## Many rows at once
#
# Training means the same computation for every row of the data. What differs from row to row is listed under `inputs`:
# features, and the target too. What is the same in all rows is listed under `parameters`. The numbers that the graph is
# built with do not matter, so zeros do.

# %%
model = MLP(2, [3, 1], activation="tanh", rng=3)
x1, x2, t = Value(0.0, "x1"), Value(0.0, "x2"), Value(0.0, "t")
loss = (model([x1, x2]) - t) ** 2
loss.name = "loss"
xor = Tape(loss, inputs=[x1, x2, t], parameters=model.parameters(), executor="numpy")
print(xor)

# %%
rows = [[-1, -1, 0], [-1, 1, 1], [1, -1, 1], [1, 1, 0]]  # x1, x2, t: is exactly one of the two 1?
replayed = xor.forward(rows)
by_engine = [((model(row[:2]) - row[2]) ** 2).data for row in rows]
for row, a, b in zip(rows, replayed, by_engine):
    print(f"{row!s:12}  tape {a:.6f}   engine {b:.6f}")
    assert math.isclose(a, b, rel_tol=1e-12)

# %% [markdown]
# One call, four losses. Gradients come the same way, for each row or added up over the rows. Against the engine, which
# builds a graph for each row:

# %%
losses, by_row = xor.value_and_gradient(rows, reduce=None)
total, summed = xor.value_and_gradient(rows)
mean, averaged = xor.value_and_gradient(rows, reduce="mean")
print("of each row:", by_row.shape, "  summed:", summed.shape)

by_engine = [gradient((model(row[:2]) - row[2]) ** 2, model.parameters()) for row in rows]
assert np.allclose(by_row, by_engine, rtol=1e-12, atol=1e-15)
assert np.allclose(summed, np.sum(by_engine, axis=0), rtol=1e-12, atol=1e-15)
assert math.isclose(total, sum(losses)) and math.isclose(mean, total / 4)
assert np.allclose(averaged, summed / 4, rtol=1e-12)

# %% [markdown]
# The 13 parameters stand in one array, `xor.parameters`. A step of gradient descent is then one line for all of them,
# and `to_values` gives the result back to the model's Values.

# %%
for _ in range(2000):
    mean, slope = xor.value_and_gradient(rows, reduce="mean")
    xor.parameters -= 0.1 * slope
xor.to_values()

outputs = [round(model(row[:2]).data) for row in rows]
print("loss below 0.001:", mean < 1e-3, "  outputs, rounded:", outputs)
assert mean < 1e-3 and model.parameters()[0].data == xor.parameters[0] and outputs == [0, 1, 1, 0]

# %% [markdown]
# ## What a tape cannot see
#
# Recording writes down the ops that were *carried out*. A Python `if` is no op: it decides while the graph is built,
# and of the branch that it skips there is no trace. Take a tax with two brackets, 10 % up to an income of 10, and 30 %
# of what lies above.


# %%
def tax(income):
    if income > 10:
        return 1 + 0.3 * (income - 10)
    return 0.1 * income


def shown(error):  # without the path of the cell's temporary file, which differs from run to run
    return textwrap.fill(re.sub(r"at [^,]*:(\d+)", r"at line \1", str(error)), 95)


income = Value(20.0, "income")
try:
    Tape(tax(income), inputs=[income])
except ValueError as error:
    print(shown(error))

# %% [markdown]
# The tape refuses, and with reason. A Value remembers that it was compared, and where. Here is what would happen
# otherwise:

# %%
careless = Tape(tax(income), inputs=[income], allow_branches=True, executor="python")
print(careless)
on_20, on_5 = careless.forward([[20.0], [5.0]])
print(f"tax on 20: {on_20}   on 5: {on_5}, where {tax(5.0)} would be right")

assert on_5 == -0.5 and tax(5.0) == 0.5

# %% [markdown]
# A negative tax: the branch that was taken at 20 is the only one on the tape. The way out is an op that *chooses*.
# `where(condition, a, b)` computes both $a$ and $b$, and gives $a$ where the condition is not 0. The condition has to
# be on the tape as well, so it is an op too: `less(a, b)` is 1 where $a < b$ and 0 elsewhere. (`a < b` would not do. It
# is True or False there and then.)


# %%
def taped_tax(income):
    return where(less(10.0, income), 1 + 0.3 * (income - 10), 0.1 * income)


income = Value(20.0, "income")  # a fresh one: the other was compared, and remembers it
careful = Tape(taped_tax(income), inputs=[income], executor="python")
print(careful)
incomes = [[5.0], [10.0], [20.0]]
due, rates = careful.value_and_gradient(incomes, reduce=None, by="inputs")
for (amount,), paid, rate in zip(incomes, due, rates[:, 0]):
    print(f"income {amount:4}: tax {paid:.2f}, of one more {rate:.2f}")
    assert paid == tax(amount) and rate == (0.3 if amount > 10 else 0.1)

# %% [markdown]
# Two more things leave no trace: a number taken out of a Value (`float(x)`, `x.data`), which is a constant from then
# on, and chance, which was drawn once. For these there is no mark that a tape could look for. Replay a few rows and
# compare with the engine, as we did above.

# %%
frozen = Tape(income * income.data, inputs=[income], executor="python")
print(frozen)
assert frozen.forward([[5.0]])[0] == 5 * 20

# %% [markdown]
# ## Fewer instructions
#
# A list can be rewritten before it is run, as compilers do. Each such rewriting is a **pass**: it takes a program and
# gives a shorter one with the same results. The helper below prints a tape, beside it what the library's passes make of
# it, and counts.


# %%
def count(program):
    return sum(op is not None for op in program.ops)


def shorten(tape):
    program, _ = optimised(tape.program, tape.program.outputs)
    lists = str(tape).splitlines(), listing(program).splitlines()
    for before, after in zip_longest(*lists, fillvalue=""):
        print(f"{before:48}{after}".rstrip())
    print(f"{f'{count(tape.program)} instructions':48}{count(program)} instructions")
    return count(tape.program), count(program)


# %% [markdown]
# **Constant folding.** What is computed from constants alone is computed once, now.

# %%
degrees, pi = Value(30.0, "degrees"), Value(math.pi)
tape = Tape(sin(degrees * (pi / 180)), inputs=[degrees])
assert shorten(tape) == (3, 2)

# %% [markdown]
# **Common subexpressions.** What was computed already is not computed again.

# %%
tape = Tape(exp(x * y) + sin(x * y), inputs=[x, y])
assert shorten(tape) == (5, 4)

# %% [markdown]
# **Dead code.** What no result depends on is left out. Where would it come from? From derivatives, for example. The
# tape below has the two derivatives of $x^2 y + \mathrm{e}^y$ as its outputs, and these need neither the sum nor $x^2
# y$ itself. Powers get simpler on the way, too: $x^1$ is $x$, and $x^2$ is a product.

# %%
tape = Tape(x**2 * y + exp(y), inputs=[x, y]).gradient_tape(by="inputs")
assert shorten(tape) == (8, 4)

# %% [markdown]
# **Sums of products.** The pre-activation of a neuron with $n$ inputs takes $2n$ instructions, of which each does next
# to nothing. Fused they are a single one, a `dot`, and its inner loop is what processors are good at.

# %%
ws, xs = [Value(0.5, f"w{i}") for i in (1, 2, 3)], [Value(1.0, f"x{i}") for i in (1, 2, 3)]
b = Value(0.0, "b")
a = tanh(ws[0] * xs[0] + ws[1] * xs[1] + ws[2] * xs[2] + b)
tape = Tape(a, inputs=xs, parameters=[*ws, b])
assert shorten(tape) == (7, 2)

# %% [markdown]
# ## How matrix products come back
#
# Now a real network, the 2–16–16–1 network of the two moons with its hinge loss $\max(0, 1 - t\,y)$. Let us write it as
# one would with the pencil, with scalar `+` and `*` only:


# %%
def neuron(unit, inputs):
    z = unit.b
    for w, a in zip(unit.w, inputs):
        z = z + w * a
    return z


moons_model = MLP(2, [16, 16, 1], rng=1)
columns = [Value(0.0, "x1"), Value(0.0, "x2"), Value(1.0, "t")]
first, second, last = moons_model.layers
a1 = [neuron(unit, columns[:2]).relu() for unit in first.neurons]
a2 = [neuron(unit, a1).relu() for unit in second.neurons]
score = neuron(last.neurons[0], a2)
moons_loss = (1 - columns[2] * score).relu()
moons_tape = Tape(moons_loss, columns, moons_model.parameters(), executor="numpy")

shortened, results = optimised(moons_tape.program, moons_tape.program.outputs)
print(count(moons_tape.program), "instructions recorded,", count(shortened), "after the passes")

assert len(moons_model.parameters()) == 337
assert count(moons_tape.program) == 2 * 304 + 32 + 3 == 643  # weights, hidden units, loss
assert count(shortened) == 33 + 32 + 3

# %% [markdown]
# Each unit's sum is one `dot` now. The next thought brings the layers back, though nobody told the tape that there were
# any. Sort the instructions into **levels**, such that none reads another of its level. The 16 sums of the first layer
# stand on one level. They read the same two inputs, each with weights of its own that are the same in all rows. That is
# a matrix product:
#
# $$z_j = b_j + \sum_i w_{ji}\,x_i \quad (j = 1 \dots 16) \quad\Longleftrightarrow\quad \mathbf z = \mathbf b + W\,\mathbf x .$$
#
# With a batch, $\mathbf x$ becomes a matrix with a column for each row of the data. Likewise, 16 `relu` on neighbouring
# slots are one `relu` on a vector. What comes out is called a **plan**:


# %%
def steps(parts):
    for step in parts:
        if step.kind == "matmul":
            yield f"matrix product {step.count} × {len(step.operands[0])}"
        elif step.kind == "outer":
            yield f"sums over rows, {step.count} × {len(step.operands[1])} products of δ and a"
        elif step.kind == "sum":
            yield f"sums over rows, {step.count} single ones"
        else:
            yield f"{step.op.name} of {step.count}"


plan = Plan(shortened, results, [])
print("\n".join(steps(plan.rows)))

assert [step.kind for step in plan.rows].count("matmul") == 3
assert len(plan.rows) == 8 and not plan.before and not plan.sums

# %% [markdown]
# From 643 instructions to 8 steps, and three of these are the products that a textbook writes down for the layers. A
# library for tensors starts with the matrices. Here they are found.
#
# The adjoint program gets the same treatment:

# %%
program = moons_tape.program.copy()
wanted = with_adjoints(program, program.outputs[0], program.parameters)
both, totals = optimised(program, [program.outputs[0], *wanted])
gradient_plan = Plan(both, [], totals)
gradient_steps = [*steps(gradient_plan.rows), *steps(gradient_plan.sums)]
print(f"{count(program)} instructions recorded, {count(both)} after the passes, {len(gradient_steps)} steps:\n")
print("\n".join(gradient_steps))

assert len(gradient_steps) < 25 and len(totals) == 1 + 337

# %% [markdown]
# Read it from top to bottom. Forward through three layers. Where a `relu` is, `step` is its slope, 0 or 1. Then the
# loss, and with it $\delta$ of the output. The fourth product carries it back through the last layer's weights, the
# fifth one through those of the second layer; after each comes the multiplication by the slopes. These are the $\delta$
# of [4 · Delta errors](04_delta_errors.ipynb). At the end, $\delta_j a_i$ for each weight is summed over the rows,
# which is again a matrix product.

# %%
stages = ["recorded", "after the passes", "steps of the plan"]
forward_counts = [count(moons_tape.program), count(shortened), len(plan.rows)]
gradient_counts = [count(program), count(both), len(gradient_steps)]

figure = new_figure(7, 3.5)
axes = figure.subplots()
for shift, label, counts, (_, color, _) in (
    (-0.2, "loss", forward_counts, CLASSES[0]),
    (0.2, "loss and gradient", gradient_counts, CLASSES[1]),
):
    bars = axes.bar([k + shift for k in range(3)], counts, 0.36, color=color, label=label)
    axes.bar_label(bars)
axes.set_yscale("log")
axes.set(ylabel="how many, for any number of rows", ylim=(3, 3000))
axes.set_xticks(range(3), labels=stages)
axes.legend()
figure

# %% [markdown]
# ## Infinity and NaN
#
# A Value behaves as a Python float does: `log(0)` and `1 / 0` are errors. In a batch that would be a pity, since one
# bad row would take the results of all others with it. So a tape computes as processors and arrays do, by the rules of
# IEEE 754: what is too large, or divided by 0, is $\pm\infty$, what is undefined is NaN ("not a number"), and each row
# keeps to itself.

# %%
x, w = Value(2.0, "x"), Value(3.0, "w")
scaled = Tape(w * log(x), inputs=[x], parameters=[w], executor="numpy")
found = scaled.forward([[1.0], [0.0], [-1.0], [math.e]])
print(found.tolist())

assert found[1] == -math.inf and math.isnan(found[2]) and math.isclose(found[3], 3)
try:
    log(Value(0.0, "x"))
except ValueError as error:
    print("engine:", error)

# %% [markdown]
# When it goes wrong in the midst of a training run, one wants to know where it *began*. With `check_finite=True` the
# tape names the row and the first instruction:

# %%
try:
    scaled.forward([[1.0], [0.0], [-1.0]], check_finite=True)
except FloatingPointError as error:
    print("tape:", error)
try:
    scaled.forward([[1.0], [math.nan]], check_finite=True)
except FloatingPointError as error:
    print("tape:", error)

# %% [markdown]
# A trap for users of `where`: both sides are computed, and the one that is not chosen gets the derivative 0. But
# $0 \cdot \infty$ is NaN. Choose an argument that is safe on both sides:

# %%
x = Value(1.0, "x")
trap = Tape(where(less(0.0, x), x.sqrt(), 0.0), inputs=[x], executor="numpy")
safe_x = where(less(0.0, x), x, 1.0)  # 1 where x would do harm
safe = Tape(where(less(0.0, x), safe_x.sqrt(), 0.0), inputs=[x], executor="numpy")
for name, one in (("trap", trap), ("safe", safe)):
    values, by_x = one.value_and_gradient([[0.0], [4.0]], reduce=None, by="inputs")
    print(f"{name}: values {values.tolist()}, derivatives {by_x[:, 0].tolist()}")

assert math.isnan(trap.value_and_gradient([[0.0]], by="inputs")[1][0, 0])
assert by_x[:, 0].tolist() == [0.0, 0.25]

# %% [markdown]
# ## Second derivatives
#
# The adjoint program is a program. So it has an adjoint program of its own, and that is all there is to second
# derivatives: record, and record again. (`gradient_tape` gives the gradient as a tape; it can be differentiated like
# any other.)
#
# For networks one rarely wants the whole Hessian, the table $H_{ij} = \partial^2 L / \partial w_i \partial w_j$, but a
# product $H d$ with some direction $d$ (see [9 · Curvature](09_curvature.ipynb)). With $g$ the gradient,
#
# $$H\,d = \frac{\partial\,(g \cdot d)}{\partial w},$$
#
# which is one gradient of one number: a `dot` is put on top of the adjoint program, and the adjoints of that are
# recorded.

# %%
direction = [1.0 if i % 2 else -0.5 for i in range(13)]
by_tape = xor.hvp(rows, direction)

total = sum((model(row[:2]) - row[2]) ** 2 for row in rows)
by_engine = hvp(total, model.parameters(), direction)
agree = np.allclose(by_tape, by_engine, rtol=1e-10, atol=1e-13)
print("tape and engine agree, 13 entries:", agree)
for name, one in (("loss", xor), ("gradient", xor.gradient_tape()), ("H d", xor.hvp_tape())):
    print(f"{name:9}{count(optimised(one.program, one.program.outputs)[0]):4} instructions")

assert agree

# %% [markdown]
# ## Read it as C
#
# A straight-line program is easy to say in another language. `to_source` does, for a whole network if need be; a unit
# with one weight is enough to see it. Here is the second half of the C text, the function with the gradient:

# %%
x, t, w, b = (Value(0.5, name) for name in ("x", "t", "w", "b"))
loss = (tanh(w * x + b) - t) ** 2
loss.name = "loss"
unit = Tape(loss, inputs=[x, t], parameters=[w, b], executor="python")
text = unit.to_source("c")
print(text[text.index("double value_and_gradient") :].rstrip())

# %% [markdown]
# Read aloud: fetch the inputs and the weights. The pre-activation is $b + w x$, its tanh is the activation, the error
# is squared. Then backward. The slope of a square is twice what was squared. The slope of tanh is one minus its square,
# and the product of the two is $\delta = \partial L/\partial z$. The weight's derivative is $\delta$ times its input,
# the bias's is $\delta$ itself, and the input's is $\delta$ times the weight. (The name of an adjoint ends in `_bar`.)
#
# The file needs no library but C's own `math.h`. `to_source("python")` is the same in Python, and that we can run on
# the spot:

# %%
scope = {}
exec(unit.to_source("python"), scope)
row, weights = [0.5, 1.0], [2.0, -0.5]
value, by_parameters, by_inputs = scope["value_and_gradient"](row, weights)

unit.parameters[:] = weights
expected, (slopes, input_slopes) = unit.value_and_gradient([row], by="both")
assert math.isclose(value, expected)
assert np.allclose([*by_parameters, *by_inputs], [*slopes, *input_slopes[0]], rtol=1e-12)
print("loss", round(value, 6), "  by w and b", [round(d, 6) for d in by_parameters])

# %% [markdown]
# ## Reading digits
#
# Now something larger: 1437 handwritten digits of 8 × 8 pixels to learn from, 360 held out, and a 64–32–10 network with
# 2410 parameters. The loss is the cross-entropy $L = \log \sum_k \mathrm{e}^{z_k} - \sum_k t_k z_k$, in which $t$ is 1
# for the right digit and 0 for the others. The ten $t_k$ are inputs like the pixels.

# %%
digits = datasets.digits()
train, test = split(digits.x, digits.y, (1437 / 1797, 360 / 1797), rng=1)
pixels, held_out = np.array(train.x) / 16, np.array(test.x) / 16
data = np.hstack([pixels, np.eye(10)[train.y]])  # 64 pixels, then ten t

network = MLP(64, [32, 10], rng=1)
image_in, target = [Value(0.0) for _ in range(64)], [Value(0.0) for _ in range(10)]
logits = network(image_in)
loss = logsumexp(logits) - dot(target, logits)
digit_loss = Tape(loss, [*image_in, *target], network.parameters(), executor="numpy")
digit_logits = Tape(logits, image_in, network.parameters(), executor="numpy")
print(data.shape, "numbers,", len(digit_loss.parameters), "parameters")

assert data.shape == (1437, 74) and len(test.y) == 360 and len(digit_loss.parameters) == 2410

# %% [markdown]
# The training loop is plain NumPy: batches of 32 rows in random order, and gradient descent with momentum
# ([10 · Training well](10_training_well.ipynb)).

# %%
rng = np.random.default_rng(1)
start_weights = digit_loss.parameters.copy()
weights, velocity, curve = digit_loss.parameters, np.zeros(2410), []
for _ in range(30):
    order = rng.permutation(len(data))
    for k in range(0, len(data), 32):
        batch = data[order[k : k + 32]]
        mean, slope = digit_loss.value_and_gradient(batch, reduce="mean")
        velocity = 0.9 * velocity - 0.1 * slope
        weights += velocity
    curve.append(digit_loss.forward(data).mean())

digit_logits.parameters[:] = weights
answers = digit_logits.forward(held_out).argmax(axis=1)
accuracy = (answers == test.y).mean()
print("right on at least 96 % of the 360 held-out images:", bool(accuracy >= 0.96))
assert accuracy >= 0.96

# %%
learned = (weights - start_weights)[: 32 * 65].reshape(32, 65)[:, :64]  # a unit has 64 weights and a bias
tiles = np.full((4 * 9 - 1, 8 * 9 - 1), np.nan)
for k, tile in enumerate(learned.reshape(32, 8, 8)):
    tiles[k // 8 * 9 : k // 8 * 9 + 8, k % 8 * 9 : k % 8 * 9 + 8] = tile

figure = new_figure(7, 3)
left, right = figure.subplots(1, 2, width_ratios=[2, 3])
left.semilogy(range(1, 31), curve, color=CLASSES[0][1])
left.set(xlabel="epoch", ylabel="mean loss in training", xticks=[1, 10, 20, 30])
left.set_yticks([0.1, 0.03, 0.01, 0.003], labels=["0.1", "0.03", "0.01", "0.003"])
left.minorticks_off()
left.grid(alpha=0.3)
right.imshow(tiles, cmap="RdBu", vmin=-1, vmax=1)
right.set(title="what 32 hidden units have learned", xticks=[], yticks=[])
right.set_frame_on(False)

blank = pixels.max(axis=0) == 0  # pixels that are white in all 1437 images
dead, faint = ((abs(learned) <= limit).all(axis=1).sum() for limit in (0.0, 0.02))
print(f"{blank.sum()} pixels never have ink, {dead} unit learned nothing, {faint - dead} nearly nothing")
assert (learned[:, blank] == 0).all() and (dead, faint) == (1, 2)
figure

# %% [markdown]
# On the right, each square is a hidden unit, and each of its pixels shows how much training changed the weight of that
# pixel: blue wants ink there, red wants none, and white has not moved. Margins stay white, or nearly so: without ink in
# a pixel the derivative by its weight is 0. And one square is empty: the ReLU of that unit was off for every image from
# the beginning, so that no derivative ever reached it (a dead unit, see [8 · Deep networks](08_deep_networks.ipynb)).
# Another one comes close.
#
# `fit` does all of this by itself. It records the loss of one row, compares a number of rows with the engine, and
# trains by tape from then on; `compiled=False` goes through the rows one by one. The history is the same:

# %%
points, sides = toys.moons(100, 0.1, rng=1)
sides = [2 * side - 1 for side in sides]  # −1 and +1
histories = []
for compiled in (True, False):
    model = MLP(2, [16, 16, 1], rng=1)
    optimizer = SGD(model.parameters(), 0.3)
    history = fit(model, (points, sides), hinge, optimizer, 8, compiled=compiled, progress=False)
    histories.append(history.loss)

print("by tape:    ", [round(loss, 4) for loss in histories[0]])
print("row by row: ", [round(loss, 4) for loss in histories[1]])
assert all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(*histories))

# %% [markdown]
# ## How fast it is
#
# Seconds depend on the machine, so here are counts. One gradient of the moons loss over 100 rows, and what Python has
# to handle for it:

# %%
graph = sum((1 - t * moons_model(row)).relu() for row, t in zip(points, sides))
nodes, waiting = set(), [graph]
while waiting:
    node = waiting.pop()
    if node not in nodes and node.op is not None:
        nodes.add(node)
        waiting += [v for v in node.inputs if isinstance(v, Value)]

print(f"engine: {len(nodes):,} nodes, built anew each time")
print(f"tape:   {len(gradient_steps)} steps, each of them one call for all rows")
assert len(nodes) > 300 * len(gradient_steps)

# %% [markdown]
# Three **executors** run a tape: plain Python, which you have read; NumPy, a call for each step of the plan; and a
# compiled kernel, which is a loop over instructions like ours, in machine code. It is compiled once for a machine and
# knows the whole table of ops, so that a new graph is data to it and starts at once. `Tape(…, executor=…)` chooses;
# without it, a tape begins with NumPy and goes on with the compiled kernel when there is enough work for it. They agree
# up to the last few digits. Here are two of them:

# %%
moons_rows = np.column_stack([points, sides])
in_python = Tape(moons_loss, columns, moons_model.parameters(), executor="python")
_, slope_1 = in_python.value_and_gradient(moons_rows)
_, slope_2 = moons_tape.value_and_gradient(moons_rows)
print("same gradient, 337 entries:", np.allclose(slope_1, slope_2, rtol=1e-12, atol=1e-12))
assert np.allclose(slope_1, slope_2, rtol=1e-12, atol=1e-12)

# %% [markdown]
# What all this brings in time, beside PyTorch, JAX, CasADi, micrograd and a program written in C by hand, is measured
# in the [README's tables](../README.md#how-fast).
#
# ## Exercises
#
# Write your answer into the cell that holds the solution, and run the cell below it.
#
# ### 1 · Backward on paper
#
# Below are a recorded list and a sheet for it. Write the adjoint list on paper, from $\bar f = 1$ upwards, put the
# numbers in, and enter $\bar x$ and $\bar y$.

# %%
task = exercise(level=3, seed=3)
sheet = task.worksheet("totals")
print(Tape(task.f, task.xs))
sheet

# %% tags=["solution"]
answers_1 = [4 * 1 + 2 * (-3), (1 + 4) * 1]

# %%
print(sheet.check(globals().get("answers_1", [])))

# %% [markdown]
# ### 2 · The adjoint list by hand
#
# Here is a list of three instructions. Write the adjoint list as a Python function `my_adjoints(x, y)` that gives
# `v2_bar, v1_bar, x_bar, y_bar` in this order, one line for each of them, as a Wengert list has it. Mind that $x$ is
# read twice.

# %%
x, y = Value(0.5, "x"), Value(2.0, "y")
f = sin(x * y) * x
f.name = "f"
task_2 = Tape(f, inputs=[x, y], executor="python")
print(task_2)


# %% tags=["solution"]
def my_adjoints(x, y):
    v1 = x * y
    v2 = math.sin(v1)
    f_bar = 1.0
    v2_bar = f_bar * x
    v1_bar = v2_bar * math.cos(v1)
    x_bar = f_bar * v2 + v1_bar * y
    y_bar = v1_bar * x
    return v2_bar, v1_bar, x_bar, y_bar


# %%
if "my_adjoints" not in globals():
    print("not answered yet")
elif len(my_adjoints(0.5, 2.0) or ()) != 4:
    print("off: it should return v2_bar, v1_bar, x_bar, y_bar")
else:
    right = dict.fromkeys(("v2_bar", "v1_bar", "x_bar", "y_bar"), True)
    for row in ([0.5, 2.0], [-1.0, 0.3]):
        x_bar, y_bar, v1_bar, v2_bar, _ = backward(task_2.program, forward(task_2.program, row))
        for name, mine, wanted in zip(right, my_adjoints(*row), (v2_bar, v1_bar, x_bar, y_bar)):
            right[name] &= math.isclose(mine, wanted, abs_tol=1e-12)
    for name, good in right.items():
        print(f"{name}: {'right' if good else 'off: who reads this, and with which local derivative?'}")

# %% [markdown]
# ### 3 · A branch for the tape
#
# The Huber loss of an error $e$ is $\tfrac12 e^2$ while $|e| \le 1$, and $|e| - \tfrac12$ beyond, so that outliers
# count less. Write `huber(e)` for a Value, with `where` and `less`, so that it can be recorded. (`abs(e)` is an op.)


# %% tags=["solution"]
def huber(e):
    return where(less(1.0, abs(e)), abs(e) - 0.5, 0.5 * e**2)


# %%
errors = [-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0]
wanted = [(e * e / 2 if abs(e) <= 1 else abs(e) - 0.5, min(max(e, -1.0), 1.0)) for e in errors]
if "huber" not in globals():
    print("not answered yet")
else:
    e = Value(0.25, "e")
    try:
        recorded = Tape(huber(e), inputs=[e], executor="python")
        found = recorded.value_and_gradient([[e] for e in errors], reduce=None, by="inputs")
        pairs = zip(errors, np.column_stack(found), wanted)
        off = [e for e, mine, right in pairs if not np.allclose(mine, right)]
        print(f"off at e = {off}: value or slope" if off else "right, values and slopes")
    except (TypeError, ValueError) as error:
        print("off:", shown(error))

# %% [markdown]
# ### 4 · The common subexpression
#
# This list has six instructions. Write `short(x, y)` for the same function, so that recording it as it stands takes
# only four.

# %%
x, y = Value(3.0, "x"), Value(1.0, "y")
print(Tape((x - y) ** 2 / (1 + (x - y) ** 2), inputs=[x, y]))


# %% tags=["solution"]
def short(x, y):
    square = (x - y) ** 2
    return square / (1 + square)


# %%
if "short" not in globals():
    print("not answered yet")
elif not isinstance(short(x, y), Value):
    print("off: it should give the result for two Values")
else:
    mine = Tape(short(x, y), inputs=[x, y], executor="python")
    same = np.allclose(mine.forward([[3.0, 1.0], [0.5, -1.0]]), [4 / 5, 2.25 / 3.25])
    length = count(mine.program)
    right = same and length == 4
    print("right: four instructions" if right else f"off: same values {same}, {length} instructions")

# %% [markdown]
# ### 5 · A plan, foreseen
#
# A network with four layers, 4–8–8–8–1, and a squared error. How many matrix products does the plan of its loss and
# gradient have, without the sums over rows at its end? Think of what goes forward, and of what is carried back. Nobody
# asks for derivatives by the inputs.

# %% tags=["solution"]
answer_5 = 4 + 3

# %%
model = MLP(4, [8, 8, 8, 1], activation="tanh", rng=0)
xs, t = [Value(0.0) for _ in range(4)], Value(0.0)
program = Tape((model(xs) - t) ** 2, [*xs, t], model.parameters()).program.copy()
wanted = with_adjoints(program, program.outputs[0], program.parameters)
program, totals = optimised(program, [program.outputs[0], *wanted])
products = sum(step.kind == "matmul" for step in Plan(program, [], totals).rows)
answer = globals().get("answer_5", ...)
if answer is ...:
    print("not answered yet")
elif answer == products:
    print("right: four forward, and three that carry δ back through all layers but the first")
else:
    print("off: one for each layer forward; backward, which layers have weights below them?")

# %% [markdown]
# ## Summary
#
# - A **tape** is a graph written down as a list of instructions, and the **adjoint program** that backpropagation
#   carries out is one more such list, recorded from the same table of local derivatives.
# - A loop of twenty lines runs both. `Tape.forward` and `Tape.value_and_gradient` run them over all rows of a batch,
#   with the parameters in one array.
# - A tape has no branches: compared Values are refused, and `where(condition, a, b)` takes both sides along.
# - **Passes** shorten the list: constants, common subexpressions, dead code, sums of products.
# - Sorted into levels, what is left of a network is a handful of matrix products and activations of vectors.
# - Beyond the range of numbers there are ∞ and NaN, and `check_finite` says where they began.
# - Second derivatives come from recording once more; `to_source` writes the list as Python or C.
#
# Next: [14 · From micrograd to here](14_from_micrograd_to_here.ipynb).
