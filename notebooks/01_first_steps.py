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
# # 1 · First steps
#
# Backpropagation is how neural networks learn, and it is nothing but the chain rule of school calculus, kept in good
# order. This notebook takes it apart on expressions small enough to work out with a pencil.
#
# After this notebook you can …
#
# - write an expression in Python, and see it as a **graph** with a derivative on every arrow;
# - say where each number of its gradient comes from, **path by path**, and check it by hand;
# - explain why backpropagation is fast although the number of paths explodes;
# - test a gradient against finite differences, and take a derivative of a derivative;
# - read the graph of a neuron, and watch a small network learn to tell two crescents apart.
#
# **Needed beforehand:** some Python, derivatives as taught in school, and about a quarter of an hour. Keep pencil and
# paper beside you. The outputs are here already, so you can read before you run anything; `Shift`+`Enter` runs a cell.
# (To run all of them you need the extra `notebooks` installed; the README in this folder says how.)
#
# **Sources:** UCSD CSE 190, *Numerical Analysis for Artificial Intelligence*, week 4 (its example U1, which
# [notebook 2](02_sum_over_paths.ipynb) treats in full); *Practical 1: pen and paper exercises* (the neuron of P2, which
# [notebook 3](03_one_network_by_hand.ipynb) treats in full); Andrej Karpathy's micrograd (the two moons).

# %%
import math

from autograd import Value, check_gradients, count_paths, diagram, exp, gradient, path_table
from autograd import exercise, worksheet  # for the exercises at the end


# %% [markdown]
# ## A Value remembers
#
# A `Value` is a number, with a name if you like. You compute with it as with any number.

# %%
x = Value(3.0, "x")
y = Value(-2.0, "y")
v = x * y
v.data

# %% [markdown]
# What sets it apart is that the result remembers how it came about: the **op** (the operation, here a multiplication),
# its **inputs** (what the op was applied to), and one **local derivative** for each input. A local derivative says how
# fast the result of this *one* op changes when this *one* input does:
#
# $$v = x\,y:\qquad \frac{\partial v}{\partial x} = y = -2, \qquad \frac{\partial v}{\partial y} = x = 3.$$
#
# (The curly $\partial$ marks a derivative by one variable while the others stand still.)

# %%
print("op:", v.op.name)
print("inputs:", [i.name for i in v.inputs])
print("local derivatives:", v.local_derivatives)

assert v.local_derivatives == (-2.0, 3.0)

# %% [markdown]
# These two numbers are all the calculus there is. The library knows the derivative of each single op, such as product,
# sum, power and exponential, and no formula for anything larger. All the rest is bookkeeping.

# %% [markdown]
# ## A graph and its picture
#
# Let us go on from `v`, the product. Each computation adds a **node** (a box), and an **edge** (an arrow) from each of
# its inputs. Together they are the **computation graph**.

# %%
f = v + x  # f = x·y + x
f.name = "f"
diagram(f)

# %% [markdown]
# Read it from left to right. Blue and rounded are the inputs we began with, which are called **leaves**. The green box
# with the double border is the result. A node without a name, such as our `v`, is called v1, v2, … in order of
# computation. The red number on each edge is its local derivative. A sum passes changes on as they are, hence the ones.
#
# Play it: the buttons, or the arrow keys, go through the computation one step at a time. (No buttons? Jupyter shows
# only the still picture until you run the cell, or choose *Trust Notebook* in the command palette.)

# %% [markdown]
# ## Backward
#
# Only a dot stands beside `grad` so far (a picture that cannot be played says 0). `grad` is meant to hold the derivative
# of the *final* result by that node: how fast $f$ changes, all in all, when the node does. One call fills in all of
# them:

# %%
f.backward()
diagram(f, engine="builtin", playable=False)

# %% [markdown]
# Check it by hand. Since $f = xy + x = x\,(y + 1)$,
#
# $$\frac{\partial f}{\partial x} = y + 1 = -1, \qquad \frac{\partial f}{\partial y} = x = 3,$$
#
# and these are the numbers in the two blue boxes. The list of all $\partial f/\partial(\text{leaf})$ is the
# **gradient** of $f$.

# %%
assert x.grad == y.data + 1 == -1.0
assert y.grad == x.data == 3.0
x.grad, y.grad

# %% [markdown]
# ## Where the numbers come from: a sum over paths
#
# Look at the picture again. From $x$ you can walk to $f$ along the arrows in two ways: straight there, or through v1.
# Such a walk is a **path**. Multiply the local derivatives along each path, then add up the paths:
#
# $$\frac{\partial f}{\partial x} \;=\; \sum_{\text{paths from } x \text{ to } f}\;\;
# \prod_{\text{edges of the path}} \text{local derivative}$$
#
# Here that is $(-2)\cdot 1 + 1 = -1$. Why is it so? Push $x$ by a tiny amount. The push travels along every path at
# once. Each edge scales it by its local derivative, so a path multiplies. Where paths meet, the pushes arrive together,
# so paths add. This is the chain rule, whole.
#
# `path_table` writes the sum out:

# %%
path_table(f, x)

# %% [markdown]
# A larger one, the example U1 of UCSD CSE 190, *Numerical Analysis for Artificial Intelligence*, week 4:
#
# $$f(x, y, z) = (x y + z)^2 + \mathrm{e}^{\,x - y z} \quad\text{at}\quad (x, y, z) = (1, 2, 0).$$
#
# Draw the graph on paper first, write the local derivatives on its edges, and find the two paths that start at $x$.

# %%
x, y, z = Value(1.0, "x"), Value(2.0, "y"), Value(0.0, "z")
f = (x * y + z) ** 2 + exp(x - y * z)
f.name = "f"
f.backward()
diagram(f)

# %% [markdown]
# The grey ellipse is a **constant**, the exponent 2. Constants get no derivative, so the edge from it bears no number.

# %%
assert round(x.grad, 3) == round(8 + math.e, 3) == 10.718
path_table(f, x)

# %% [markdown]
# The upper path goes through the square and carries $2 \cdot 1 \cdot 4 \cdot 1 = 8$. The lower one goes through the
# exponential and carries $\mathrm{e}$. Their sum is $8 + \mathrm{e} \approx 10.718$. For $y$ and $z$:

# %%
print(path_table(f, y), path_table(f, z), sep="\n\n")

# %% [markdown]
# The slide that goes with this exercise prints a result for each variable. Set it beside ours. (`gradient(f, x)` gives
# the derivative as a number and leaves every `grad` alone.)

# %%
e = math.e
printed = {x: 4 * 1 + e * 1, y: 0 + 4 * 2, z: 4 * 1 + e * -2}
for leaf, by_slide in printed.items():
    print(f"∂f/∂{leaf.name}   slide {by_slide:7.4f}   path sum {gradient(f, leaf):7.4f}")

assert math.isclose(gradient(f, x), 4 * 2 + e * 1)
assert math.isclose(gradient(f, y), 4 * 1 + 0)
assert math.isclose(gradient(f, z), printed[z])

# %% [markdown]
# The line for $z$ is right. In the other two the factors 1 and 2 have changed places: the path of $x$ through the
# square begins with $\partial(xy)/\partial x = y = 2$, that of $y$ with $\partial(xy)/\partial y = x = 1$. So it should
# read $4 \cdot 2 + \mathrm{e} \cdot 1$ and $4 \cdot 1 + 0$. A misprint is easy to find once the paths are written out.

# %% [markdown]
# ### An edge used twice
#
# In `x * x` both inputs are the same Value. There are two edges, hence two paths, each with the local derivative $x$,
# and $x + x = 2x$ is the rule from school.

# %%
x = Value(3.0, "x")
square = x * x
square.backward()
diagram(square, engine="builtin", playable=False)

# %%
assert count_paths(square, x) == 2
path_table(square, x)

# %% [markdown]
# ### More paths than anyone can walk
#
# Now double a number again and again: $b = a + a$, $c = b + b$, and so on. Each doubling gives two ways onward, so the
# number of paths doubles too.

# %%
a = Value(1.0, "a")
b = a + a
c = b + b
d = c + c
b.name, c.name, d.name = "b", "c", "d"
d.backward()

assert count_paths(d, a) == 2 * 2 * 2 == 8
diagram(d, engine="builtin", playable=False)

# %% [markdown]
# After 100 doublings there are $2^{100}$ paths. If you walked a thousand million of them each second, it would take
# about $4 \cdot 10^{13}$ years. Backward is done at once:

# %%
a = Value(1.0, "a")
node, edges = a, 0
for _ in range(100):
    node = node + node
    edges += len(node.inputs)
node.backward()

print(f"paths: {count_paths(node, a):,}")
print(f"edges: {edges}")
years = 2**100 / 1e9 / (365.25 * 24 * 3600)
assert round(years / 1e13) == 4
assert count_paths(node, a) == a.grad == 2**100
assert edges == 200

# %% [markdown]
# The reason is that paths share their ends. Suppose $\partial f/\partial v$ is known for every node $v$ that uses $u$.
# Then nobody needs to know how many paths lead on from there:
#
# $$\frac{\partial f}{\partial u} \;=\; \sum_{v \text{ uses } u} \frac{\partial f}{\partial v}\,
# \frac{\partial v}{\partial u}.$$
#
# So `backward()` starts at $f$, where the derivative is 1, and goes through the nodes in reverse order. Each node hands
# `grad` times local derivative to each of its inputs, which add up what they are given. That is one multiplication and
# one addition for each edge: here 200 of each for $2^{100}$ paths. The work grows with the size of the graph, not with
# the number of paths. This regrouping is all that **backpropagation** adds to the chain rule.

# %% [markdown]
# ## Gradients accumulate
#
# Call `backward()` on two results that share a leaf, and the leaf adds up both derivatives:

# %%
x = Value(3.0, "x")
(x * x).backward()  # adds 2x = 6
(5 * x).backward()  # adds 5
assert x.grad == 6 + 5 == 11
x.grad

# %% [markdown]
# This is meant: the derivative of a sum is the sum of the derivatives, so the parts of a sum can go backward one by
# one. It also means that you must clear the old gradient before you ask for a new one. Forgetting to is the commonest
# mistake in a training loop. For one Value write `x.grad = 0.0`; whatever owns many (a network, an optimizer) has a
# method `zero_grad()`, which we shall use below.

# %%
x.grad = 0.0
(x * x).backward()
assert x.grad == 6
x.grad

# %% [markdown]
# ## Trust, but check
#
# A derivative is the limit of a quotient of differences, so it can be estimated without any calculus. Move one input a
# small step $h$ up and down, and compare:
#
# $$\frac{\partial f}{\partial x} \approx \frac{f(x + h) - f(x - h)}{2h}.$$
#
# `check_gradients` does this for every input, choosing $h$ for each, and sets the result beside backprop's. We take the
# function from above:

# %%
report = check_gradients(lambda x, y, z: (x * y + z) ** 2 + exp(x - y * z), [1.0, 2.0, 0.0])
assert report
report

# %% [markdown]
# The relative error is not quite zero, because a difference quotient is only an estimate. Now a mistake that is easily
# made: `.data` takes the bare number out of a Value, and the graph with all its derivatives stays behind. Backprop then
# finds one path where there should be two:

# %%
report = check_gradients(lambda x: x * x.data, [3.0])
assert not report
report

# %% [markdown]
# ## A derivative of a derivative
#
# The local derivatives are made of products, sums and the like themselves. With `create_graph=True`, `gradient`
# computes with Values instead of numbers, and what you get is a Value with a graph of its own. For $f = x^3$, written
# as `x * x * x`:

# %%
x = Value(3.0, "x")
slope = gradient(x * x * x, x, create_graph=True)
slope.name = "slope"
diagram(slope, engine="builtin", playable=False)

# %% [markdown]
# (`gradient` leaves every `grad` alone, so these read 0.) The slope is a sum of three squares, one for each path from
# $x$ to $x \cdot x \cdot x$: the product rule, drawn. As the slope is a Value like any other, it can be differentiated
# again:
#
# $$f' = 3x^2 = 27, \qquad f'' = 6x = 18, \qquad f''' = 6 \qquad \text{at } x = 3.$$

# %%
curvature = gradient(slope, x, create_graph=True)
third = gradient(curvature, x)
assert (slope.data, curvature.data, third) == (27.0, 18.0, 6.0)
slope.data, curvature.data, third

# %% [markdown]
# ## A neuron
#
# A **neuron** multiplies each of its inputs by a **weight**, adds a number of its own, the **bias**, and bends the
# result with an **activation function** $\varphi$:
#
# $$z = w_1 x_1 + w_2 x_2 + b, \qquad a = \varphi(z), \qquad \text{here } \varphi(z) = \mathrm{ReLU}(z) = \max(0, z).$$
#
# Weights and bias are its **parameters**, the numbers that learning changes. They usually start at random. Here we set
# them to those of the first hidden unit in P2 of the sheet "Practical 1: pen and paper exercises", and feed the first
# of its samples.

# %%
from nn import SGD, Neuron

neuron = Neuron(2, rng=0)
neuron.w[0].data, neuron.w[1].data = 0.60, 0.01
a = neuron([Value(0.75, "x1"), Value(0.80, "x2")])
a.name = "a"
a.backward()
diagram(a)

# %% [markdown]
# Parameters are drawn as hexagons, so that you can tell what learning may change from what it may not. The weighted sum
# is one op, `dot`, whose local derivative by a weight is the input beside it, and the other way round. ReLU passes
# changes on where $z > 0$ (local derivative 1) and stops them elsewhere (0). Here
# $z = 0.60 \cdot 0.75 + 0.01 \cdot 0.80 = 0.458$, so $a = 0.458$ too, and $\partial a/\partial w_1 = x_1 = 0.75$.

# %%
assert round(a.data, 12) == round(0.60 * 0.75 + 0.01 * 0.80, 12) == 0.458
assert a.local_derivatives == (1.0,)
assert neuron.w[0].grad == 0.75

# %% [markdown]
# ### One step of learning
#
# Say we want $a = 1$ for this input. A **loss** measures by how much we miss it, here $L = \tfrac12 (a - 1)^2$. The
# gradient says which way each parameter pushes $L$ up, so we go a little the other way. This is **gradient descent**,
# and the factor $\eta$ is the **learning rate**:
#
# $$w \leftarrow w - \eta\,\frac{\partial L}{\partial w}.$$
#
# The four lines in the middle of the next cell are the heart of every training loop.


# %%
def compute_loss():
    return (neuron([0.75, 0.80]) - 1) ** 2 / 2


optimizer = SGD(neuron.parameters(), learning_rate=0.5)  # SGD: stochastic gradient descent

optimizer.zero_grad()  # forget what a.backward() left behind
loss = compute_loss()  # forward: compute, and remember how
loss.backward()  # backward: the gradient
optimizer.step()  # every parameter takes one step downhill

print(f"loss before {loss.data:.4f}, after {compute_loss().data:.4f}")
assert compute_loss().data < loss.data
assert math.isclose(neuron.w[0].data, 0.60 - 0.5 * neuron.w[0].grad)

# %% [markdown]
# ## Two moons
#
# Now the same with many neurons. The task is to tell apart two interleaved crescents of 50 points each, which no
# straight line can do. The network has two **layers** of 16 ReLU neurons, in which every neuron reads all outputs of
# the layer before it, and a last neuron without activation function whose output is a score. A score above 0 means
# class $+1$, below 0 class $-1$.

# %%
from nn.moons import network, picture, points, train

inputs, classes = points()
model = network()
print(f"{len(inputs)} points, {len(model.parameters())} parameters")

assert classes.count(1) == classes.count(-1) == 50
assert len(model.parameters()) == 16 * (2 + 1) + 16 * (16 + 1) + (16 + 1) == 337

# %% [markdown]
# For a point of class $t = \pm 1$ with score $s$ the loss is the **hinge loss** $\max(0,\, 1 - t s)$. It is 0 once the
# score is on the right side by at least 1, a safety distance called the **margin**. The whole loss is the mean over all
# points plus $10^{-4}\sum p^2$ over all parameters $p$, which keeps them small. Each of the 100 steps consists of the
# same four lines as above, with a learning rate that falls from 1 to about 0.1. (The demonstration comes from Andrej
# Karpathy's micrograd, with the same starting weights.) This takes some seconds.

# %%
history = list(train(model, inputs, classes))
for step in [*history[::20], history[-1]]:
    print(f"step {step.number:2d}   loss {step.loss:.4f}   accuracy {step.accuracy:.0%}")

assert len(history) == 100
assert [round(history[k].loss, 4) for k in (0, -1)] == [0.8958, 0.0110]
assert history[-1].accuracy == 1.0

# %% [markdown]
# The loss has fallen from 0.8958 to 0.0110, and every point is on its side. In the picture the thick line is where the
# score is 0, the **decision boundary**. Along the dashed lines it is $\pm 1$, the margin. (The cell's first line asks
# Jupyter to show Matplotlib's figures in the page.)

# %%
# %matplotlib inline
picture(model, inputs, classes, history)

# %% [markdown]
# The boundary is made of straight pieces, because a ReLU has a single bend and everything else in the network is a
# weighted sum. There was no new mathematics in this: 337 parameters, each with a derivative that is a sum over paths,
# and one hundred small steps.

# %% [markdown]
# ## Exercises
#
# Work these out on paper, then write your answer into the cell that holds the solution, and run the cell below it: it
# says whether you are right. Worked answers stand at the end.


# %%
def judge(name, truth, hint):
    """Say whether the answer that has this name is right."""
    answer = globals().get(name, ...)
    if answer is ... or answer is None:
        print(f"{name}: not answered yet")
    elif math.isclose(float(answer), truth, rel_tol=1e-3, abs_tol=1e-9):
        print(f"{name}: right")
    else:
        print(f"{name}: off; {hint}")


# %% [markdown]
# ### 1 · U1 at another point
#
# Take $f$ from the example U1 again, at $(x, y, z) = (2, 1, 0)$. What is $\partial f/\partial y$?

# %% tags=["solution"]
answer_1 = 8  # 2 · 1 · 4 · 1 through the square, 0 · (-1) · e² · 1 through the exponential

# %%
x, y, z = Value(2.0, "x"), Value(1.0, "y"), Value(0.0, "z")
sheet = worksheet((x * y + z) ** 2 + exp(x - y * z), [y], "totals")
sheet.check([globals().get("answer_1", ...)])

# %% [markdown]
# ### 2 · Squares of squares
#
# Square three times: $u = x \cdot x$, $v = u \cdot u$, $w = v \cdot v$. How many paths lead from $x$ to $w$?

# %% tags=["solution"]
answer_2 = 8  # each square doubles their number

# %%
x = Value(3.0, "x")
u = x * x
v = u * u
w = v * v
judge("answer_2", count_paths(w, x), "how many edges lead into each product?")

# %% [markdown]
# ### 3 · The neuron on another sample
#
# Feed the neuron of this notebook (weights 0.60 and 0.01, bias 0) the third sample of P2, $(-0.75, 0.80)$. What is
# $\partial a/\partial w_1$ now?

# %% tags=["solution"]
answer_3 = 0  # z = -0.442, where ReLU's local derivative is 0

# %%
neuron = Neuron(2, rng=0)
neuron.set([0.60, 0.01], 0.0)
truth = gradient(neuron([-0.75, 0.80]), neuron.w[0])
judge("answer_3", truth, "compute z first, and look at its sign")

# %% [markdown]
# ### 4 · Newton's method
#
# Newton's method looks for the bottom of a valley with two derivatives: $x \leftarrow x - f'(x)/f''(x)$. Where does one
# step lead from $x = 2$, for $f(x) = x^3 - 3x\,?$

# %% tags=["solution"]
answer_4 = 2 - 9 / 12

# %%
x = Value(2.0, "x")
slope = gradient(x**3 - 3 * x, x, create_graph=True)
judge("answer_4", x.data - slope.data / gradient(slope, x), "f' = 3x² - 3 and f'' = 6x, both at x = 2")

# %% [markdown]
# ### 5 · A sigmoid of your own
#
# The sigmoid $\sigma(s) = 1/(1 + \mathrm{e}^{-s})$ squeezes any number into $0 \dots 1$. Write a function
# `my_sigmoid(s)` with `exp` and arithmetic alone. The checker compares the derivative of your graph with that of the
# library's own op `sigmoid`.


# %% tags=["solution"]
def my_sigmoid(s):
    return 1 / (1 + exp(-s))


# %%
from autograd import sigmoid

s = Value(0.5, "s")
my_slope = gradient(my_sigmoid(s), s) if "my_sigmoid" in globals() else ...
judge("my_slope", gradient(sigmoid(s), s), "it should divide 1 by 1 + exp(-s)")

# %% [markdown]
# ### 6 · As many more as you like
#
# `exercise(level, seed)` makes up expressions with friendly numbers, from level 1 (a chain of two or three ops) to
# level 5 (a small network). Here is one of level 2. Answer with $\partial f/\partial x$ and $\partial f/\partial y$ in
# this order; then change the seed and go on.

# %%
task = exercise(level=2, seed=7)
task

# %% tags=["solution"]
answers = [-3, 2 + 2 * -3]  # f = xy + y², so ∂f/∂x = y and ∂f/∂y = x + 2y

# %%
task.worksheet("totals").check(globals().get("answers", []))

# %% [markdown] tags=["answers"]
# ### Answers
#
# <details>
# <summary>Show them</summary>
#
# 1. Through the square: $\partial(xy)/\partial y = x = 2$, and the square's local derivative is $2(xy + z) = 4$, so the
#    path carries $2 \cdot 1 \cdot 4 \cdot 1 = 8$. Through the exponential: $\partial(yz)/\partial y = z = 0$, so that
#    path carries 0. The sum is 8.
# 2. Two edges into each product: $2 \cdot 2 \cdot 2 = 8$ paths. Each carries the same, $x^7$, and so
#    $\partial w/\partial x = 8x^7$, as it should be for $w = x^8$.
# 3. $z = 0.60 \cdot (-0.75) + 0.01 \cdot 0.80 = -0.442 < 0$. ReLU's local derivative is 0 there, so the derivative by
#    every weight is 0. For this sample the neuron learns nothing.
# 4. $f' = 3x^2 - 3 = 9$ and $f'' = 6x = 12$, so $x = 2 - 9/12 = 1.25$. The bottom of the valley is at $x = 1$.
# 5. `return 1 / (1 + exp(-s))`. The graph is another, with more nodes; value and derivative are the same. That
#    derivative is $\sigma(s)\,(1 - \sigma(s))$, about 0.2350 at $s = 0.5$.
# 6. $f = y\,(x + y) = xy + y^2$, so $\partial f/\partial x = y = -3$ and $\partial f/\partial y = x + 2y = -4$.
#
# </details>

# %% jupyter={"source_hidden": true} tags=["answers"]
# The numbers in the answers, computed.
x, y, z = Value(2.0), Value(1.0), Value(0.0)
assert gradient((x * y + z) ** 2 + exp(x - y * z), y) == 8

x = Value(3.0)
u = x * x
v = u * u
w = v * v
assert count_paths(w, x) == 8
assert gradient(w, x) == 8 * 3.0**7

assert round(0.60 * -0.75 + 0.01 * 0.80, 12) == -0.442
assert gradient(neuron([-0.75, 0.80]), neuron.parameters()) == [0, 0, 0]

x = Value(2.0)
slope = gradient(x**3 - 3 * x, x, create_graph=True)
assert [slope.data, gradient(slope, x), 2 - 9 / 12] == [9, 12, 1.25]
x = Value(1.0)
assert gradient(x**3 - 3 * x, x) == 0

s = Value(0.5)
mine = 1 / (1 + exp(-s))
assert math.isclose(gradient(mine, s), mine.data * (1 - mine.data))
assert round(gradient(mine, s), 4) == 0.2350

assert gradient(task.f, task.xs) == [-3, -4]

# %% [markdown]
# ## Where to go next
#
# - Change a number above, guess what happens, and run the cell.
# - Draw an expression of your own and keep the picture: `diagram(f).save("f.svg")`.
# - Do it without writing a program: `python -m autograd "x*y + sin(x)" x=1 y=2` prints value, gradient, paths and
#   check.
# - Add an op of your own. It takes one row in `autograd/rules.py`: the function, and one local derivative for each
#   input.

# %% [markdown]
# ## Summary
#
# - A **Value** remembers its op, its inputs and one local derivative for each of them; together Values form a graph.
# - A **derivative** is a sum over all paths of the product of the local derivatives along the path.
# - **Backward** computes that sum with one multiplication and one addition for each edge, because paths share their
#   ends.
# - **Leaves accumulate**: clear the gradients before each new one.
# - **Check** a gradient by finite differences; **differentiate again** with `create_graph=True`.
# - **Learning** is: forward, backward, a small step downhill, and again.
#
# Next: [2 · The sum over paths](02_sum_over_paths.ipynb).
