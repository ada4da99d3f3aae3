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
# # 7 · Perceptron, XOR and what is hard
#
# The first learning machine had one unit and a rule that never fails, on problems that one unit can solve. XOR is the
# smallest problem that it cannot. A hidden layer can, but then learning is no longer safe. This notebook follows that
# story, up to a proof that three units are enough to make training hard in a precise sense.
#
# After this notebook you can …
#
# - train a perceptron, and say which problems it can learn and why XOR is not among them;
# - solve XOR with one hidden layer, with weights by hand and with weights found by training;
# - show each difficulty of training on an example small enough to see it: no convexity, local minima, saddle points,
#   dependence on the start;
# - turn a puzzle about sets into a training problem for three units, and back;
# - compare sigmoid and ReLU networks fairly, over many random starts.
#
# **Needed beforehand:** gradients and gradient descent from [notebook 1](01_first_steps.ipynb); the squared error is treated in
# [notebook 5](05_losses_and_likelihood.ipynb).
#
# **Sources:** UCSD CSE 190, *Numerical Analysis for Artificial Intelligence*, week 4; JKU Linz, *Deep Learning and Neural
# Networks I*, basic architectures; A. L. Blum and R. L. Rivest, "Training a 3-node neural network is NP-complete"
# (1992).

# %%
# %matplotlib inline
import itertools
import math
import random
import statistics

from autograd import Value, diagram, sigmoid, worksheet
from nn import MLP, SGD, Perceptron, binary_cross_entropy, decision_boundary, fit, squared_error, toys
from nn.boundary import draw_boundary
from nn.curvature import critical_point, gradient_descent, plot_tracks
from nn.plots import CLASSES, DASHES, grid, new_figure

# %% [markdown]
# ## A unit that decides
#
# *(UCSD CSE 190, week 4: U6.)* A **perceptron** is a unit with the Heaviside function as its activation: it says 1 if
# $w \cdot x + b > 0$, else 0. The places where $w \cdot x + b = 0$ form a straight line (with more inputs a plane),
# with all ones on one side and all zeros on the other.
#
# Its derivative is 0 wherever it has one, so there is no gradient to follow. It learns by a rule of its own, sample
# after sample, with output $a$ and target $t$:
#
# $$w \leftarrow w + (t - a)\, x, \qquad b \leftarrow b + (t - a).$$
#
# Nothing happens where the answer is right. After a wrong one the line moves so that this sample comes nearer to its
# side. If some line separates the two classes, the task is called **linearly separable**, and then the rule finds such
# a line after finitely many mistakes (a theorem of the 1960s). Here it learns AND and OR.

# %%
corners, xor_targets = toys.xor()
units = {}
for name, targets in {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1]}.items():
    units[name] = unit = Perceptron(2)
    epochs = unit.learn(corners, targets)
    print(f"{name:3} learned after {epochs} epochs: w = {[w.data for w in unit.w]}, b = {unit.b.data}")
    assert [unit(x) for x in corners] == targets

# %% [markdown]
# (An **epoch** is one pass over all samples; the last one found no mistake.)

# %%
units["XOR"] = Perceptron(2)
units["XOR"].learn(corners, xor_targets)  # tries for 1000 epochs

figure = new_figure(9, 3.2)
for axes, (name, unit) in zip(figure.subplots(1, 3), units.items()):
    targets = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "XOR": xor_targets}[name]
    w, b = [w.data for w in unit.w], unit.b.data
    draw_boundary(axes, lambda x, w=w, b=b: w[0] * x[0] + w[1] * x[1] + b, corners, targets)
    axes.get_legend().remove()
    axes.set_title(name)
    axes.locator_params(nbins=4)
figure

# %% [markdown]
# Circles are zeros, triangles ones; the tint says what the unit answers. A sample exactly on the line counts as 0. In
# the third panel, after a thousand epochs, two answers are wrong. That is where the next section begins.

# %% [markdown]
# ## XOR is not separable
#
# *(JKU Linz: J1; UCSD: U6.)* XOR is 1 if exactly one of two inputs is 1. On it the rule never comes to rest.

# %%
stubborn, states = Perceptron(2), []
for _ in range(4):
    assert stubborn.learn(corners, xor_targets, epochs=1) is None
    states.append((*[w.data for w in stubborn.w], stubborn.b.data))
print("(w1, w2, b) after each epoch:", *states)
assert states[1] == states[2] == states[3]
assert sum(units["XOR"](x) != t for x, t in zip(corners, xor_targets)) == 2

# %% [markdown]
# From the second epoch on it ends where it began. Same weights, same samples, same mistakes: it goes round in circles
# for ever. And no other rule could do better. For $f(x) = w \cdot x + b$ the bias cancels in
#
# $$f(0,0) + f(1,1) = w_1 + w_2 + 2b = f(0,1) + f(1,0).$$
#
# XOR asks for the left side to be at most 0 (both terms) and the right side to be above 0 (both terms). They are
# equal, so no line exists. How special is that? There are 16 ways to label the four corners.

# %%
failures = [t for t in itertools.product([0, 1], repeat=4) if Perceptron(2).learn(corners, t) is None]
print(f"{16 - len(failures)} of 16 labellings learned; not learned: {failures}")
assert failures == [(0, 1, 1, 0), (1, 0, 0, 1)]

# %% [markdown]
# Only XOR and its opposite. With a smooth unit and a squared error things are no better: gradient descent on a linear
# unit ends with ½ everywhere, undecided.

# %%
linear = MLP(2, [1], activation=["linear"], rng=0)
optimizer = SGD(linear.parameters(), 0.3)
history = fit(linear, (corners, xor_targets), squared_error, optimizer, 300, progress=False)
print("outputs", [round(linear(x).data, 3) for x in corners])
print(f"mean squared error {history.loss[-1]:.3f}")
assert all(math.isclose(linear(x).data, 0.5, abs_tol=1e-3) for x in corners)

# %% [markdown]
# ## One hidden layer suffices
#
# *(UCSD: U6, with a correction; JKU Linz: J1.)* The slide says that XOR takes two hidden layers. One is enough. With
# perceptrons: XOR is "OR but not AND".

# %%
final = Perceptron(2)
for w, number in zip(final.w, (1.0, -1.0)):
    w.data = number
final.b.data = -0.5  # fires for OR = 1, AND = 0 alone


def two_layers(x):
    return final([units["OR"](x), units["AND"](x)])


print([two_layers(x) for x in corners])
assert [two_layers(x) for x in corners] == xor_targets

# %% [markdown]
# With ReLU it takes two hidden units too. The JKU sheet prints the weights of $w^T \max(0, Wx + b)$:
#
# $$W = \begin{pmatrix} 1 & 1 \\ 1 & 1 \end{pmatrix}, \qquad b = \begin{pmatrix} 0 \\ -1 \end{pmatrix}, \qquad
# w = \begin{pmatrix} 1 \\ -2 \end{pmatrix}.$$

# %%
printed = MLP(2, [2, 1], rng=0)
printed.layers[0].set([[1, 1], [1, 1]], [0, -1])
printed.layers[1].set([[1, -2]], [0])
for x, t in zip(corners, xor_targets):
    hidden = [h.data for h in printed.layers[0](x)]
    print(f"x = {x}   hidden {hidden}   output {printed(x).data}   target {t}")
    assert printed(x).data == t

# %% [markdown]
# Here is the network with the input $(1, 1)$, a box for each unit. Both hidden units see the sum of the inputs; the
# second one only wakes up at 2, and then takes back twice what has become too much.

# %%
output = printed([Value(1.0, "x1"), Value(1.0, "x2")])
output.backward()
diagram(output, engine="builtin", model=printed, fold="neuron", playable=False)

# %% [markdown]
# Why does it work? Look at where the hidden layer puts the four corners. It folds the square: $(0,1)$ and $(1,0)$ land
# on the same point, and in the new coordinates one line is enough.

# %%
figure = new_figure(9, 3.6)
left, right = figure.subplots(1, 2)
draw_boundary(left, printed, corners, xor_targets, threshold=0.5)
folded = [[h.data for h in printed.layers[0](x)] for x in corners]
draw_boundary(right, lambda h: h[0] - 2 * h[1], folded, xor_targets, threshold=0.5)
left.set(title="inputs")
left.locator_params(nbins=5)
right.locator_params(nbins=5)
right.set(title="the same points in the hidden layer", xlabel="a1", ylabel="a2")
right.legend(loc="upper left")
left.get_legend().remove()
assert folded == [[0, 0], [1, 0], [1, 0], [2, 1]]
figure

# %% [markdown]
# ## The warm-up data
#
# *(JKU Linz: J1.)* The same sheet has eight noisy points near the corners, and two to predict. A perceptron
# fails here as well; a network with one hidden layer learns them.

# %%
x, y, to_predict = toys.noisy_xor()
assert Perceptron(2).learn(x, y) is None

learner = MLP(2, [3, 1], activation="tanh", output="sigmoid", rng=3)
optimizer = SGD(learner.parameters(), 1.0)
history = fit(learner, (x, y), binary_cross_entropy, optimizer, 300, progress=False)
print(f"loss {history.loss[0]:.3f} → {history.loss[-1]:.3f}")
assert [round(learner(point).data) for point in x] == y
for point in to_predict:
    with_printed = printed(point).data
    print(f"{point}: trained network {learner(point).data:.2f}, printed weights {with_printed:.2f}")
    assert round(learner(point).data) == round(with_printed)

# %%
figure = decision_boundary(learner, x, y, threshold=0.5)
axes = figure.axes[0]
axes.plot(*zip(*to_predict), "*", color="black", markersize=11, label="to predict")
axes.legend(loc="upper right")
assert [round(learner(point).data) for point in to_predict] == [1, 0]
figure

# %% [markdown]
# Class 1 for $(1.00, 0.01)$ and class 0 for $(-0.04, 0.03)$, from the trained network and from the printed weights
# alike.

# %% [markdown]
# ## Why training is hard
#
# *(UCSD CSE 190, week 4: U7.)* For one unit there is a rule that cannot fail. For networks there is gradient descent,
# which can. The course names four difficulties. Each can be seen on something tiny.
#
# ### Not convex
#
# A function is **convex** if between any two points it never rises above the straight line that joins their values.
# Then there are no traps, and going downhill leads to the bottom. Losses of networks are not convex, and it is easy to
# see why: exchange the two hidden units of the XOR network above, with all their weights. It computes the same, so its
# loss is 0 as well. If the loss were convex, it would have to be 0 half-way between the two. It is not.


# %%
def set_printed(share):
    """Share 0: the printed weights; 1: the hidden units exchanged; between them, a mixture."""
    printed.layers[0].set([[1, 1], [1, 1]], [0 - share, -1 + share])
    printed.layers[1].set([[1 - 3 * share, -2 + 3 * share]])


def xor_loss(model):
    return sum(squared_error(model(x), t) for x, t in zip(corners, xor_targets))


shares, losses = grid(0.0, 1.0, 40), []
for share in shares:
    set_printed(share)
    losses.append(xor_loss(printed).data)
set_printed(0)

figure = new_figure(7, 3.2)
axes = figure.subplots()
axes.plot(shares, losses, color=CLASSES[0][1])
axes.set(xlabel="share of the way to the exchanged network", ylabel="loss")
axes.grid(alpha=0.3)
assert (losses[0], losses[20], losses[-1]) == (0, 6.75, 0)
figure

# %% [markdown]
# ### A local minimum
#
# A **local minimum** is lower than everything near it, but not the lowest of all. One sigmoid unit with one weight and
# two samples is enough: $x = 1$ with target 0.9, and $x = 10$ with target 0. The loss
# $(\sigma(w) - 0.9)^2 + \sigma(10 w)^2$ has two valleys, and the start decides in which one gradient descent ends.

# %%
w = Value(0.0, "w")


def two_samples():
    return (sigmoid(w) - 0.9) ** 2 + sigmoid(10 * w) ** 2


def at(number):
    w.data = number
    return two_samples().data


ways = {}
for start in (-2.0, 1.0):
    w.data = start
    ways[start] = gradient_descent(two_samples, [w], learning_rate=0.5, steps=2500)
    kind = critical_point(two_samples(), [w]).kind
    print(f"from {start:4}: w = {w.data:6.3f}, loss {ways[start].losses[-1]:.4f}, a {kind}")
    assert kind == "minimum"
assert ways[-2.0].losses[-1] < 0.22 and 0.999 < ways[1.0].losses[-1] < 1.001

figure = new_figure(7, 3.5)
axes = figure.subplots()
axes.plot(grid(-2.5, 4.0, 200), [at(number) for number in grid(-2.5, 4.0, 200)], color="#222222")
for i, (start, way) in enumerate(ways.items()):
    marker, color, _ = CLASSES[i]
    track = [p[0] for p in way.points]
    axes.plot(track, way.losses, marker, color=color, markersize=4, label=f"start at {start:g}")
axes.set(xlabel="w", ylabel="loss")
axes.grid(alpha=0.3)
axes.legend()
figure

# %% [markdown]
# The one on the right fits the first sample perfectly and has given up on the second: there the unit is saturated, and
# the gradient that would say so is practically 0. Both ends are true minima, with a positive second derivative.
#
# ### A saddle point
#
# At a **saddle point** the gradient is zero too, but the loss falls in some directions and rises in others. The
# smallest deep network has one weight in each of two linear layers, $y = w_2 w_1 x$. For the sample $x = 1$, $t = 1$
# the loss is $\tfrac12 (1 - w_1 w_2)^2$.

# %%
w1, w2 = Value(0.0, "w1"), Value(0.0, "w2")


def product_loss():
    return (1 - w1 * w2) ** 2 / 2


point = critical_point(product_loss(), [w1, w2])
print(point)
assert point.kind == "saddle" and point.eigenvalues == [-1, 1]

# %% [markdown]
# The **eigenvalues** are the second derivatives along the two principal directions: one falls away (−1), one rises
# (+1). Gradient descent from near by is drawn to the saddle, slows down there, and leaves at last, to one side or the
# other. It would have to start exactly on the line $w_2 = -w_1$ to stay.

# %%
tracks = {}
starts = {"just above": (0.9, -0.89), "just below": (0.89, -0.9), "on the line": (-0.9, 0.9)}
for name, start in starts.items():
    w1.data, w2.data = start
    tracks[name] = gradient_descent(product_loss, [w1, w2], learning_rate=0.1, steps=150)
assert tracks["just above"].losses[-1] < 1e-4 and tracks["just below"].losses[-1] < 1e-4
assert math.isclose(tracks["on the line"].losses[-1], 0.5, abs_tol=1e-6)
plot_tracks(tracks, product_loss, [w1, w2])

# %% [markdown]
# The long flat stretch of the loss on the left is the visit at the saddle. Learning curves of large networks show such
# plateaus too.
#
# ### The start decides
#
# Now the XOR network with two ReLU units. Twelve random starts, the same data, the same learning rate.

# %%
curves = []
for seed in range(12):
    model = MLP(2, [2, 1], activation="relu", rng=seed)
    optimizer = SGD(model.parameters(), 0.1)
    history = fit(model, (corners, xor_targets), squared_error, optimizer, 300, progress=False)
    curves.append(history.loss)

figure = new_figure(7, 3.5)
axes = figure.subplots()
for i, curve in enumerate(curves):
    axes.plot(curve, DASHES[i % 4], color=CLASSES[i % len(CLASSES)][1], linewidth=1.3)
axes.set(xlabel="step", ylabel="mean squared error", ylim=(-0.02, 0.6))
axes.grid(alpha=0.3)
solved = sum(curve[-1] < 0.01 for curve in curves)
ends = sorted({round(curve[-1], 3) for curve in curves})
print(f"{solved} of 12 starts solve XOR; the final losses are {ends}")
assert solved == 2 and 0.125 in ends and 0.25 in ends
figure

# %% [markdown]
# Two find the solution that we know exists. The others come to rest at certain heights: at loss
# 0.25, for example, all outputs are ½, as for the linear unit.

# %% [markdown]
# ## Three units are hard to train
#
# *(UCSD CSE 190, week 4, after Blum and Rivest: U8.)* Could a cleverer method than gradient descent always find the
# weights, if there are any? Consider the smallest network worth the name: two units that read the inputs, and a third
# that says + where *both* of them fire (an AND). The question is whether given samples can all be classified correctly
# by some choice of weights. Blum and Rivest proved that this is **NP-complete**: a solution is quick to check, but a
# method that always finds one quickly would solve thousands of other problems quickly for which nobody knows such a
# method.
#
# The proof translates one of those problems, **Set-Splitting**, into training. Given things $s_1 \dots s_n$ and some
# groups $c_j$ of them, divide the things into two parts so that no group lies within one part. The
# translation has one input for each thing and these samples:
#
# - the origin is +;
# - each unit point $e_i$ (input $i$ is 1, the others 0) is −;
# - for each group the point with ones at its members, $\sum_{s_i \in c_j} e_i$, is +.


# %%
def samples(n, groups):
    """The points of a puzzle and their classes, 1 for + and 0 for −; things are numbered from 0."""
    points = [[0.0] * n, *[[float(i == k) for i in range(n)] for k in range(n)]]
    points += [[float(i in group) for i in range(n)] for group in groups]
    return points, [1] + [0] * n + [1] * len(groups)


n, groups = 3, [{0, 1}, {1, 2}]  # the slide: s1, s2, s3 with c1 = {s1, s2} and c2 = {s2, s3}
points, classes = samples(n, groups)
for sign in (1, 0):
    chosen = ["".join(str(int(a)) for a in p) for p, c in zip(points, classes) if c == sign]
    print("+" if sign else "−", *sorted(chosen))
assert {tuple(p) for p, c in zip(points, classes) if c} == {(0, 0, 0), (1, 1, 0), (0, 1, 1)}

# %% [markdown]
# These are the slide's six points.
#
# ### From a splitting to a network
#
# Suppose the parts $S_1$ and $S_2$ split all groups. Unit 1 fires where $\sum_i a_i x_i > -\tfrac12$, with $a_i = -1$
# for $s_i \in S_1$ and $a_i = n$ for the others; unit 2 likewise with $S_2$. (The paper's units say ±1, the library's
# perceptrons 1 and 0, which changes nothing here.)
#
# - At the origin both sums are $0 > -\tfrac12$: +.
# - At $e_i$ with $s_i \in S_1$ the first sum is $-1$, so unit 1 is silent: −. For $s_i \in S_2$ it is unit 2.
# - A group has at least one member outside $S_1$, which adds $n$, while at most $n - 1$ others take off 1 each. So the
#   first sum is at least 1, the second likewise: +.


# %%
def network_from(n, parts):
    planes = [Perceptron(n), Perceptron(n)]
    for plane, part in zip(planes, parts):
        plane.b.data = 0.5
        for i, w in enumerate(plane.w):
            w.data = -1.0 if i in part else float(n)
    return planes


both = Perceptron(2)
both.w[0].data, both.w[1].data, both.b.data = 1.0, 1.0, -1.5


def classifies(planes, points, classes):
    return all(both([plane(p) for plane in planes]) == c for p, c in zip(points, classes))


planes = network_from(3, [{1}, {0, 2}])  # s2 alone, s1 with s3: each group is split
print("all six points right:", classifies(planes, points, classes))
assert classifies(planes, points, classes)
assert not classifies(network_from(3, [{0, 1}, {2}]), points, classes)  # this does not split c1

# %% [markdown]
# In three dimensions it can be drawn. Each unit's plane cuts off the corners of its part; + is what remains on the
# origin's side of both.

# %%
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

figure = new_figure(8, 4.6)
axes = figure.add_subplot(1, 3, (1, 2), projection="3d")
for a, b in itertools.combinations(itertools.product([0, 1], repeat=3), 2):
    if math.dist(a, b) == 1:
        axes.plot(*zip(a, b), color="#888888", linewidth=0.8)  # an edge of the cube
cuts = {
    "unit 1: 3x₁ − x₂ + 3x₃ = −½": [(0, 0.5, 0), (1 / 6, 1, 0), (0, 1, 1 / 6)],
    "unit 2: −x₁ + 3x₂ − x₃ = −½": [(0.5, 0, 0), (1, 1 / 6, 0), (1, 0.5, 1), (0, 1 / 6, 1), (0, 0, 0.5)],
}
for i, ((name, polygon), plane) in enumerate(zip(cuts.items(), planes)):
    for corner in polygon:  # on the plane indeed
        assert abs(sum(w.data * c for w, c in zip(plane.w, corner)) + plane.b.data) < 1e-12
    face = Poly3DCollection([polygon], alpha=0.35, facecolor=CLASSES[i + 2][1], label=name)
    axes.add_collection3d(face)
for sign, (marker, color, _) in zip((0, 1), CLASSES):
    chosen = [p for p, c in zip(points, classes) if c == sign]
    name = "+" if sign else "−"
    axes.scatter(*zip(*chosen), marker=marker, color=color, s=60, label=name, depthshade=False)
axes.set(xlabel="x₁", ylabel="x₂", zlabel="x₃", xticks=[0, 1], yticks=[0, 1], zticks=[0, 1])
axes.view_init(elev=24, azim=52)
axes.set_box_aspect(None, zoom=0.9)
axes.grid(False)
figure.legend(loc="center right")
figure

# %% [markdown]
# ### From a network to a splitting
#
# The other direction has to work for *any* network that classifies the samples, however it was found. Put $s_i$ into
# $S_1$ if unit 1 is silent at $e_i$, else into $S_2$; then unit 2 must be silent there. Why does this split every
# group? Unit 1 fires where $a \cdot x > a_0$, and it fires at the origin, so $a_0 < 0$. If a whole group were in
# $S_1$, each of its members would have $a_i \le a_0$. Their sum would then be at most $a_0$ as well, unit 1 would be
# silent at the group's point, and that point would not be +. For $S_2$ the same holds with unit 2.


# %%
def splitting_from(n, planes):
    part = {i for i in range(n) if planes[0]([float(i == k) for k in range(n)]) == 0}
    return [part, set(range(n)) - part]


def splits(parts, groups):
    return all(group & parts[0] and group & parts[1] for group in groups)


assert splitting_from(3, planes) == [{1}, {0, 2}]

rng, found, tries = random.Random(0), 0, 15000
stray = [Perceptron(3), Perceptron(3)]
for _ in range(tries):  # networks with random weights: nobody told them about sets
    for plane in stray:
        for w in plane.w:
            w.data = rng.gauss(0.0, 1.0)
        plane.b.data = rng.gauss(0.0, 0.1)
    if classifies(stray, points, classes):
        found += 1
        assert splits(splitting_from(3, stray), groups)
print(f"{found} of {tries} random networks classify the six points; each contains a splitting")
assert found > 5

# %% [markdown]
# ### Random puzzles
#
# Now both ways on random puzzles. Whether one can be split at all is found by trying every division. If it can, a
# network is built from the splitting, checked on all points, and the splitting read off again. If it cannot, then by
# the argument above no three-node network exists for it.


# %%
def first_splitting(n, groups):
    for bits in itertools.product([0, 1], repeat=n - 1):  # thing 0 in the first part: no mirror images
        part = {0} | {i for i, bit in enumerate(bits, 1) if bit}
        if splits([part, set(range(n)) - part], groups):
            return [part, set(range(n)) - part]
    return None


rng, solvable = random.Random(7), 0
for _ in range(100):
    n = rng.randint(3, 7)
    groups = [set(rng.sample(range(n), rng.choice([2, 2, 3]))) for _ in range(n + 1)]
    parts = first_splitting(n, groups)
    if parts:
        solvable += 1
        net = network_from(n, parts)
        assert classifies(net, *samples(n, groups))
        assert splitting_from(n, net) == parts
print(f"{solvable} of 100 puzzles can be split; network and splitting led to each other every time")
assert 20 < solvable < 80
assert first_splitting(3, [{0, 1}, {1, 2}, {0, 2}]) is None  # three things, every pair a group

# %% [markdown]
# Trying every division is the catch. For $n$ things there are $2^{n-1}$ of them: 64 for 7 things, and more than
# $10^{29}$ for 100. There are cleverer methods, but all that are known still take exponentially many steps on some
# puzzles, and the same therefore goes for training three nodes. This is about the worst case. In practice, with more
# units than strictly necessary, gradient descent often gets through, as the last section shows.

# %%
assert 2 ** (7 - 1) == 64 and 2 ** (100 - 1) > 10**29

# %% [markdown]
# ## Sigmoid or ReLU
#
# *(UCSD CSE 190, week 4: U13.)* Which networks does gradient descent train easily? We take one hidden layer of 8 units
# on XOR, with sigmoid, with ReLU and, for comparison, with tanh, which is a sigmoid stretched to $-1 \dots 1$. To be
# fair each gets its best learning rate of three, by the median final loss of six short runs.


# %%
def losses(activation, rate, seed, steps):
    model = MLP(2, [8, 1], activation=activation, rng=seed)
    optimizer = SGD(model.parameters(), rate)
    return fit(model, (corners, xor_targets), squared_error, optimizer, steps, progress=False).loss


rates = {}
for activation in ("sigmoid", "ReLU", "tanh"):
    medians = {
        rate: statistics.median(losses(activation, rate, seed, 100)[-1] for seed in range(100, 106))
        for rate in (0.03, 0.1, 0.3)
    }
    rates[activation] = min(medians, key=medians.get)
print("best learning rates:", rates)

# %% [markdown]
# Then twenty random starts each, other than those above. Thin lines are single runs, the thick one is their median at
# each step.

# %%
runs = {name: [losses(name, rate, seed, 200) for seed in range(20)] for name, rate in rates.items()}

figure = new_figure(9, 3.5)
for i, (axes, (name, curves)) in enumerate(zip(figure.subplots(1, 3, sharey=True), runs.items())):
    for curve in curves:
        axes.plot(curve, color=CLASSES[i][1], linewidth=0.6, alpha=0.5)
    axes.plot([statistics.median(step) for step in zip(*curves)], color="#222222", linewidth=2.2)
    axes.set(title=f"{name}, rate {rates[name]:g}", xlabel="step", yscale="log", ylim=(1e-4, 5))
    axes.grid(alpha=0.3)
figure.axes[0].set_ylabel("mean squared error")
figure

# %%
solved = {name: sum(curve[-1] < 0.01 for curve in curves) for name, curves in runs.items()}
for name, count in solved.items():
    worst = max(curve[-1] for curve in runs[name])
    print(f"{name:8} {count:2} of 20 starts below 0.01 after 200 steps; worst {worst:.3f}")
assert solved["ReLU"] > 15 and solved["tanh"] > 15 and solved["sigmoid"] == 0

patient = [losses("sigmoid", rates["sigmoid"], seed, 1200)[-1] for seed in range(3)]
print("sigmoid after 1200 steps, first three starts:", *[f"{loss:.4f}" for loss in patient])
assert max(patient) < 0.01

# %% [markdown]
# ReLU trains easily from almost every start. The sigmoid networks sit near 0.25, where every output is ½, for a long
# time. They are slow rather than lost, as the last line shows. Two things are usually blamed: the sigmoid's slope is
# at most ¼, and its values are all positive, around ½, so that all hidden units pull on the output in much the same
# way. tanh, a sigmoid stretched and centred on 0, has neither trait and does well here, so the S-shape alone is not to
# blame.
#
# Compare ReLU with the section on starts: with two units it mostly failed, with eight it mostly succeeds. And mind that
# this is one small task.

# %% [markdown]
# ## Exercises
#
# **1.** The smallest deep network again, $L = \tfrac12 (1 - w_1 w_2)^2$, now at $(w_1, w_2) = (2, 1)$. Fill in the
# local derivatives and the gradient.

# %%
w1, w2 = Value(2.0, "w1"), Value(1.0, "w2")
loss = (1 - w1 * w2) ** 2 / 2
loss.name = "L"
sheet = worksheet(loss, [w1, w2], blanks=["local derivatives", "totals"])
sheet

# %% tags=["solution"]
answers = {1: 1, 2: 2, 3: -1, 4: -2, 5: "1/2", 6: 1, 7: 2}

# %%
sheet.check(globals().get("answers", {}))

# %% [markdown]
# **2.** Give weights and bias of a perceptron for NAND, which is 0 only if both inputs are 1. Paper first; no training.

# %% tags=["solution"]
nand_w, nand_b = [-1.0, -1.0], 1.5


# %%
def judge_nand():
    if any(globals().get(name) in (None, ...) for name in ("nand_w", "nand_b")):
        return "not answered yet: define nand_w, a list of two numbers, and nand_b"
    unit = Perceptron(2)
    for w, number in zip(unit.w, nand_w):
        w.data = number
    unit.b.data = nand_b
    wrong = [x for x, t in zip(corners, [1, 1, 1, 0]) if unit(x) != t]
    return f"off: wrong at {wrong}" if wrong else "right at all four corners"


print(judge_nand())

# %% [markdown]
# **3.** XNOR is the opposite of XOR. Keep the hidden layer of the JKU network and choose the output's weights and bias
# so that $w^T \max(0, Wx + b) + b_{\text{out}}$ is XNOR.

# %% tags=["solution"]
xnor_w, xnor_b = [-1.0, 2.0], 1.0  # 1 − XOR


# %%
def judge_xnor():
    if any(globals().get(name) in (None, ...) for name in ("xnor_w", "xnor_b")):
        return "not answered yet: define xnor_w, a list of two numbers, and xnor_b"
    model = MLP(2, [2, 1], rng=0)
    model.layers[0].set([[1, 1], [1, 1]], [0, -1])
    model.layers[1].set([xnor_w], [xnor_b])
    outputs = [round(model(x).data, 6) for x in corners]
    verdict = "right" if outputs == [1, 0, 0, 1] else "off"
    return f"{verdict}: the outputs are {outputs}, wanted [1, 0, 0, 1]"


print(judge_xnor())

# %% [markdown]
# **4.** Write the perceptron rule yourself: `one_epoch(w, b, xs, ts)` goes through the samples once and gives the new
# `w` (a list) and `b`.


# %% tags=["solution"]
def one_epoch(w, b, xs, ts):
    for x, t in zip(xs, ts):
        a = int(sum(wi * xi for wi, xi in zip(w, x)) + b > 0)
        w = [wi + (t - a) * xi for wi, xi in zip(w, x)]
        b += t - a
    return w, b


# %%
def judge_epoch(mine):
    reference, w, b = Perceptron(2), [0.0, 0.0], 0.0
    for epoch in range(1, 5):
        reference.learn(corners, [0, 1, 1, 1], epochs=1)
        result = mine(w, b, corners, [0, 1, 1, 1])
        if result in (None, ...):
            return "not answered yet: return w and b"
        w, b = result
        wanted = [v.data for v in reference.w], reference.b.data
        if (list(w), b) != wanted:
            return f"off: after epoch {epoch} of OR you have {list(w), b}, the library {wanted}"
    return "right: the same weights as the library after each epoch"


print(judge_epoch(one_epoch) if "one_epoch" in globals() else "not answered yet: define one_epoch")

# %% [markdown]
# **5.** Five things, and the groups $\lbrace 1,2 \rbrace$, $\lbrace 2,3 \rbrace$, $\lbrace 3,4 \rbrace$,
# $\lbrace 4,5 \rbrace$, $\lbrace 1,3,5 \rbrace$ (numbered from 1). Find a splitting, or answer `None` if there is
# none. The checker builds the network from it.

# %% tags=["solution"]
my_splitting = None  # neighbours must alternate: 1, 3, 5 in one part, and these are a group


# %%
def judge_splitting():
    if globals().get("my_splitting", ...) is ...:
        return "not answered yet: define my_splitting, as [{1, …}, {…}] or None"
    groups = [{0, 1}, {1, 2}, {2, 3}, {3, 4}, {0, 2, 4}]
    exists = first_splitting(5, groups) is not None
    if my_splitting is None:
        return "off: there is one" if exists else "right: there is none, and so no such network either"
    net = network_from(5, [{i - 1 for i in part} for part in my_splitting])
    wrong = [p for p, c in zip(*samples(5, groups)) if both([plane(p) for plane in net]) != c]
    return f"off: the network is wrong at {wrong}" if wrong else "right"


print(judge_splitting())

# %% [markdown]
# ## Summary
#
# - A perceptron separates by a line, and its rule learns whatever can be separated so. XOR cannot.
# - One hidden layer is enough for XOR, with perceptrons or with ReLU: it folds the plane.
# - Losses of networks are not convex: exchanging hidden units gives equal minima with a hill between them.
# - There are local minima, saddle points with long plateaus, and starts from which training ends badly.
# - Finding the weights of three units is NP-complete: a puzzle about splitting sets hides in it, and both directions of
#   the translation can be run.
# - With some units to spare, ReLU (and tanh) networks train from nearly every start where the sigmoid is slow.
#
# Next: [8 · Deep networks](08_deep_networks.ipynb), and why their gradients vanish.
