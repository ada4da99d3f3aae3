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
# # 8 · Deep networks
#
# On its way back to the first layer, δ is multiplied by a matrix at every layer. Many small factors make almost nothing,
# many large ones make something enormous. This notebook measures both, says exactly what bounds them, and shows how the
# choice of the first random weights keeps a deep network between the two.
#
# After this notebook you can …
#
# - name the usual activation functions, draw them, and say how large their derivatives get;
# - measure how $\lVert\delta\rVert$ changes from layer to layer, and recognise vanishing and exploding gradients;
# - state the bound $\lVert\delta^{[1]}\rVert \le k^{L-1} \lVert\delta^{[L]}\rVert$ with the right $k$, and show what goes
#   wrong with a smaller one;
# - derive why initial weights get the variance $2/J$ for ReLU and $1/J$ otherwise, and draw them from three distributions.
#
# **Needed beforehand:** [4 · Delta errors](04_delta_errors.ipynb), where the recursion for δ and its matrix form are
# derived. Allow 20 minutes.
#
# **Sources:** JKU Linz, *Deep Learning and Neural Networks I*, basic architectures (J5, J7, J10).

# %%
# %matplotlib inline
import math
import random

import numpy as np

from autograd import Value, gradient, jacobian, sigmoid, worksheet
from nn import ACTIVATIONS, MLP, SGD, Standardizer
from nn import binary_cross_entropy_from_logit, deltas, fit, half_squared_error
from nn import initializers, learning_curves, plots, selu, softmax, toys
from nn.plots import CLASSES, DASHES, grid, new_figure

# %% [markdown]
# ## Activations and their derivatives
#
# An **activation function** $\varphi$ turns the pre-activation $z$ of a unit into its activation $a = \varphi(z)$. These
# are the ones of the JKU course (J5):
#
# | name | $\varphi(z)$ | $\varphi'(z)$ |
# |---|---|---|
# | linear | $z$ | $1$ |
# | sigmoid | $\sigma(z) = 1/(1 + \mathrm{e}^{-z})$ | $\sigma(z)\,(1 - \sigma(z))$ |
# | tanh | $\tanh z$ | $1 - \tanh^2 z$ |
# | ReLU | $\max(0, z)$ | $1$ for $z > 0$, else $0$ |
# | SELU | $\lambda z$ for $z > 0$, else $\lambda\alpha\,(\mathrm{e}^z - 1)$ | $\lambda$ for $z > 0$, else $\lambda\alpha\,\mathrm{e}^z$ |
#
# with $\lambda \approx 1.0507$ and $\alpha \approx 1.6733$. (Softmax, the sixth, needs a whole layer and comes below.)
# In the picture the dashed curves are the derivatives. None was typed in: the engine took them, point by point.

# %%
NAMES = ["linear", "sigmoid", "tanh", "relu", "selu"]
plots.activations(NAMES)

# %% [markdown]
# For what follows, the height of the dashed curves matters most, so let us have it in numbers. (The grid has points at 0
# and just left of it, where SELU is steepest.)

# %%
zs = [*grid(-6.0, 6.0, 1200), -1e-9]


def slope(name, z):
    leaf = Value(z)
    return gradient(ACTIVATIONS[name].function(leaf), leaf)


steepest = {name: max(slope(name, z) for z in zs) for name in NAMES}
for name in NAMES:
    print(f"{name:8} steepest slope {steepest[name]:.4f}   slope at z = -4: {slope(name, -4.0):.4f}")

assert [round(steepest[name], 4) for name in NAMES] == [1, 0.25, 1, 1, 1.7581]
assert math.isclose(steepest["selu"], 1.0507009873554805 * 1.6732632423543772, rel_tol=1e-8)  # λα

# %% [markdown]
# Two things to remember. The sigmoid never passes on more than a **quarter** of what arrives. And every curve but the
# straight line has a region where it is (nearly) flat: to the left, and for sigmoid and tanh to the right as well. A unit
# that sits there is called **saturated**, or **dead** in the case of ReLU, where the slope is exactly 0.
#
# SELU's two odd constants are chosen for one purpose: if the $z$ of a layer are distributed like a standard Gaussian
# (mean 0, variance 1), then the activations have mean 0 and variance 1 again. That can be checked by adding up over a fine
# grid, each $z$ weighted with the Gaussian density:

# %%
step = 0.001
line = np.arange(-9, 9, step) + step / 2
density = np.exp(-(line**2) / 2) / math.sqrt(2 * math.pi) * step
bent = np.array([selu(z) for z in line.tolist()])
mean, variance = (bent * density).sum(), (bent**2 * density).sum()

assert math.isclose(density.sum(), 1) and abs(mean) < 1e-6 and abs(variance - 1) < 1e-6
print(f"mean {abs(mean):.4f}, variance {variance:.4f}")

# %% [markdown]
# ### Softmax
#
# **Softmax** (also J5) takes all pre-activations of a layer at once and gives positive numbers that add up to 1,
# $a_k = \mathrm{e}^{z_k} / \sum_j \mathrm{e}^{z_j}$. So it has no curve of its own but a matrix of derivatives:
#
# $$\frac{\partial a_k}{\partial z_k} = a_k (1 - a_k), \qquad \frac{\partial a_k}{\partial z_j} = -a_k a_j
# \quad\text{for } j \ne k.$$
#
# To draw it anyway, hold two of three pre-activations at 0 and let the first run.

# %%
runs, curves = grid(-6.0, 6.0, 120), {"a₁": [], "∂a₁/∂z₁": [], "∂a₂/∂z₁": []}
for z in runs:
    leaves = [Value(z), Value(0.0), Value(0.0)]
    a = softmax(leaves)
    J = jacobian(a, leaves)
    assert math.isclose(J[0][0], a[0].data * (1 - a[0].data))
    assert math.isclose(J[1][0], -a[1].data * a[0].data)
    for curve, y in zip(curves.values(), (a[0].data, J[0][0], J[1][0])):
        curve.append(y)

figure = new_figure(7, 3.2)
axes = figure.subplots()
for i, (name, curve) in enumerate(curves.items()):
    axes.plot(runs, curve, DASHES[i], color=CLASSES[i][1], label=name)
axes.set(title="softmax of (z₁, 0, 0)", xlabel="z₁")
axes.grid(alpha=0.3)
axes.legend()
figure

# %% [markdown]
# The slope of $a_1$ by its own $z_1$ is the sigmoid's once more, shifted, and at most a
# quarter. What the first output gains, the others
# lose: each column of the matrix adds up to 0.

# %% [markdown]
# ## The way back, measured
#
# Notebook 4 derived how $\delta = \partial L/\partial z$ goes from layer $l$ to the layer before it:
#
# $$\delta^{[l-1]\top} = \delta^{[l]\top} J^{[l]}, \qquad J^{[l]} = W^{[l]}\, \mathrm{diag}\bigl(\varphi'(z^{[l-1]})\bigr).$$
#
# Read it as two multiplications: by the weights, and by the slopes of the activations. With $L$ layers there are $L - 1$
# such steps between the last δ and the first. Here are six layers of four sigmoid units (J7). The length
# $\lVert\delta\rVert = \sqrt{\delta_1^2 + \delta_2^2 + \dots}$ of the list of a layer's δ is its **norm**.


# %%
def after_backward(activation, gain, depth, width=16, seed=0, init=initializers.normal):
    """A network of equal layers with random weights of variance gain/width, after one backward pass."""
    rng = random.Random(seed)
    model = MLP(width, [width] * depth, activation=[activation] * depth, init=init(gain), rng=rng)
    x, target = ([rng.gauss(0, 1) for _ in range(width)] for _ in "xt")
    half_squared_error(model(x), target).backward()
    return model


report = deltas(after_backward("sigmoid", 1, depth=6, width=4))
print(f"‖δ[1]‖ / ‖δ[6]‖ = {report.vanishing_ratio:.2g}")
assert report.vanishing_ratio < 1e-3 and not report.saturated
report.plot()

# %% [markdown]
# The axis is logarithmic: each layer gets a small share of what the one after it had. No unit is saturated; a quarter at
# each step is enough. Since the gradient of a weight is $\delta_j a_i$, the first layer learns about a thousand times
# more slowly than the last. This is the **vanishing gradient**. Now four activations, 20 layers of 16 units, and the norm layer
# by layer, divided by that of the last. The weights have the variances that are derived below,
# under “Initial weights”.


# %%
def norms(model):
    """‖δ‖ of each layer, first to last."""
    return [math.hypot(*[unit.last[0].grad for unit in layer.neurons]) for layer in model.layers]


def typical(rows):
    """The geometric mean, column by column: the mean of the logarithms."""
    return [math.exp(sum(map(math.log, column)) / len(column)) for column in zip(*rows)]


GAINS = {"sigmoid": 1.0, "tanh": 1.0, "relu": 2.0, "selu": 1.0}
by_layer = {}
for name, gain in GAINS.items():
    rows = [norms(after_backward(name, gain, depth=20, seed=seed)) for seed in range(5)]
    by_layer[name] = typical([[norm / row[-1] for norm in row] for row in rows])
    print(f"{name:8} ‖δ[1]‖ / ‖δ[20]‖ = {by_layer[name][0]:.1e}")

# %%
figure = learning_curves({ACTIVATIONS[name].label: curve for name, curve in by_layer.items()})
figure.axes[0].set(title="‖δ‖ by layer, the last being 1", xlabel="layer", ylabel="‖δ[l]‖ / ‖δ[20]‖")
figure

# %% [markdown]
# The sigmoid loses twelve powers of ten over 20 layers; the other three lose or gain about one. Exactly how much
# depends on luck, since the weights are random; what is drawn is typical of five draws.

# %%
per_layer = by_layer["sigmoid"][0] ** (1 / 19)
print(f"sigmoid: a factor {per_layer:.3f} for each layer")
assert 1e-13 < by_layer["sigmoid"][0] < 1e-11
assert 0.2 < per_layer < 0.25
assert all(0.03 < by_layer[name][0] < 30 for name in ("tanh", "relu", "selu"))

# %% [markdown]
# ## The bound and its constant
#
# The course writes this down as a bound (J7),
#
# $$\lVert\delta^{[1]}\rVert \;\le\; k^{L-1}\, \lVert\delta^{[L]}\rVert,$$
#
# next to the remark that $\sigma' \le \tfrac14$. It is tempting to put the two together and take $k = \tfrac14$. That is
# not what holds. One step multiplies by the slopes *and* by the weights, so $k$ has to bound the whole factor $J^{[l]}$:
#
# $$\lVert\delta^{[l-1]}\rVert \le \lVert J^{[l]}\rVert \cdot \lVert\delta^{[l]}\rVert
# \qquad\Longrightarrow\qquad k = \max_{2 \le l \le L} \lVert J^{[l]}\rVert
# \;\le\; \max_z \lvert\varphi'(z)\rvert \cdot \max_l \lVert W^{[l]}\rVert .$$
#
# The **norm of a matrix** is the most by which it can stretch an arrow (its *spectral norm*; `np.linalg.norm(J, 2)`).
# With $\tfrac14$ in place of $k$ the statement is right if no $W^{[l]}$ stretches anything, $\lVert W^{[l]}\rVert \le 1$,
# and can be wrong otherwise. A chain of single units shows it, worked out by hand. Take $w = 8$, $b = -4$, input $\tfrac12$.
# Then $z = 8 \cdot \tfrac12 - 4 = 0$ and $a = \sigma(0) = \tfrac12$, which is the next unit's input, and so on.
# Every slope is a quarter, the largest there is, and each step back multiplies by $8 \cdot \tfrac14 = 2$.

# %%
chain = MLP(1, [1] * 10, activation=["sigmoid"] * 10, rng=0)
for layer in chain.layers:
    layer.set([[8.0]], [-4.0])
half_squared_error(chain([0.5]), 0.0).backward()
ratio = norms(chain)[0] / norms(chain)[-1]

print(f"ten sigmoid units: ‖δ[1]‖ / ‖δ[10]‖ = {ratio:g}, and (1/4)^9 = {0.25**9:.1e}")
assert ratio == 2**9 == 512

# %% [markdown]
# A gradient that *explodes* through sigmoids, each slope being at most a quarter. Now the same question for random networks
# of ten layers, with the right $k$ beside the tempting one, the largest slope alone:


# %%
def steps_back(model, activation):
    """J[2], …, J[L]."""
    found = []
    for below, layer in zip(model.layers, model.layers[1:]):
        slopes = [slope(activation, unit.last[0].data) for unit in below.neurons]
        found.append(np.array(layer.weights) * slopes)  # column i times φ'(z_i)
    return found


print("           gain   measured        k     k^9   slope^9")
for name in GAINS:
    for gain in (1.0, 4.0):
        model = after_backward(name, gain, depth=10)
        measured = norms(model)[0] / norms(model)[-1]
        k = max(np.linalg.norm(J, 2) for J in steps_back(model, name))
        tempting = steepest[name] ** 9
        verdict = "" if measured <= tempting else "  ← larger than slope^9"
        print(f"{name:8} {gain:6g} {measured:10.1e} {k:8.2f} {k**9:7.0e}   {tempting:7.0e}{verdict}")
        assert measured <= k**9
        assert (measured > tempting) == (gain == 4.0 and name != "selu")

# %% [markdown]
# (The *gain* is the variance of the weights times the width.) The bound with the right $k$ holds in every row; the largest
# slope alone fails in three. Two more lessons stand in the table:
#
# - As long as $k$ stays below 1, the gradient *must* vanish as the network gets deeper. That is what the bound proves.
# - For $k > 1$ it *may* explode, and need not. A matrix stretches few directions as much as its norm allows, and δ seldom
#   points there: with tanh at gain 1, $k^9$ is a thousand while the gradient got smaller.

# %% [markdown]
# ## Depth and scale
#
# How does the ratio depend on the depth, and on the size of the initial weights (J7)? Each panel is one activation, each
# curve one variance: the recommended one (the line with circles), a quarter of it, and four times as much, which means
# weights half and twice as large. (Three draws each; more would take longer and look the same.)

# %%
DEPTHS = [2, 5, 10, 20, 30]
figure = new_figure(9, 3.8)
panels = figure.subplots(1, 4, sharey=True)
at_30, scales = {}, {1: "recommended", 0.25: "a quarter of it", 4: "four times it"}
for (name, gain), axes in zip(GAINS.items(), panels):
    for i, (factor, label) in enumerate(scales.items()):
        style = {"color": CLASSES[i][1], "markersize": 5, "label": label}
        draws = [[norms(after_backward(name, factor * gain, d, seed=s)) for d in DEPTHS] for s in range(3)]
        curve = typical([[n[0] / n[-1] for n in draw] for draw in draws])
        at_30[name, factor] = curve[-1]
        axes.semilogy(DEPTHS, curve, CLASSES[i][0] + DASHES[i], **style)
    axes.set(title=ACTIVATIONS[name].label, xlabel="layers L")
    axes.grid(alpha=0.3)
panels[0].set_ylabel("‖δ[1]‖ / ‖δ[L]‖")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
figure

# %%
for name in GAINS:
    found = "   ".join(f"variance × {f:g}: {at_30[name, f]:.0e}" for f in (0.25, 1, 4))
    print(f"{name:8} 30 layers   {found}")

assert all(at_30["sigmoid", factor] < 1e-10 for factor in (0.25, 1, 4))
assert all(0.01 < at_30[name, 1] < 100 for name in ("tanh", "relu", "selu"))
assert at_30["relu", 4] > 1e6 and at_30["selu", 4] > 1e4 and at_30["tanh", 4] < 1e4
assert all(at_30[name, 0.25] < 1e-4 for name in ("tanh", "relu", "selu"))

# %% [markdown]
# Straight lines on a logarithmic axis: vanishing and exploding are both exponential in the depth. For ReLU and SELU the
# scale of the weights decides, and a factor of 2 in the weights is the difference between working and hopeless. Tanh is
# more forgiving upward, because larger weights saturate it, which makes its slopes smaller. The sigmoid vanishes at every
# one of these scales. That is one reason why hidden layers of
# sigmoids have gone out of use.

# %% [markdown]
# ## Initial weights
#
# The recipe of the course (J10) is to draw the weights at random with mean 0 and with a variance that depends on the
# **fan-in** $J$, the number of inputs of the unit:
#
# $$\mathrm{Var}(w) = \frac{2}{J}\ \text{ for ReLU}, \qquad \mathrm{Var}(w) = \frac{1}{J}\ \text{ otherwise.}$$
#
# Where that comes from takes four lines. Let $z = \sum_{i=1}^{J} w_i a_i$ with independent weights of mean 0. The mixed
# terms of $z^2$ average out, and what remains is
#
# $$\mathrm{E}[z^2] = J \cdot \mathrm{Var}(w) \cdot \mathrm{E}[a^2].$$
#
# For tanh near 0, $a \approx z$. So $\mathrm{Var}(w) = 1/J$ hands $\mathrm{E}[z^2]$ on to the next layer as it is. A ReLU
# sets half of all $z$ to zero, hence $\mathrm{E}[a^2] = \tfrac12 \mathrm{E}[z^2]$, and the missing factor 2 has to come
# from the weights. Going backward the same count applies with the fan-out, the number of units that read $a_i$; in layers
# of equal width that is the same number.
#
# Forward, then, layer by layer, for a ReLU network of width 32 (the root of the mean of $a^2$ over the units and five
# inputs):


# %%
def root_mean_square(gain, depth=20, width=32):
    """√(mean a²) of each layer of a ReLU network."""
    rng = random.Random(1)
    model = MLP(width, [width] * depth, activation=["relu"] * depth, init=initializers.normal(gain), rng=rng)
    squares = np.zeros(depth)
    for _ in range(5):
        model([rng.gauss(0, 1) for _ in range(width)])
        a = [[unit.last[1].data for unit in layer.neurons] for layer in model.layers]
        squares += np.mean(np.square(a), axis=1)
    return np.sqrt(squares / 5).tolist()


signal = {f"variance {gain}/J": root_mean_square(gain) for gain in (1, 2, 4)}
figure = learning_curves(signal)
figure.axes[0].set(title="size of the activations by layer", xlabel="layer", ylabel="root mean square of a")
figure

# %%
small, right, large = signal.values()
print(f"after 20 layers: {small[-1]:.1e}, {right[-1]:.2f}, {large[-1]:.0f}")
assert 0.2 < right[-1] < 2
assert math.isclose(small[-1], right[-1] * 0.5**10, rel_tol=1e-9)  # weights √½ as large, 20 layers
assert math.isclose(large[-1], right[-1] * 2**10, rel_tol=1e-9)

# %% [markdown]
# Half the variance costs a factor of $2^{10}$ over 20 layers, exactly, because $\mathrm{ReLU}(cz) = c\,\mathrm{ReLU}(z)$
# for $c > 0$ and the three networks have the same random numbers, scaled.
#
# ### Three distributions
#
# The recipe says nothing about the shape. Gaussian, uniform and truncated Gaussian are all in use (J10), and all three
# are in `nn.initializers`. A uniform distribution over $\pm c$ has the variance $c^2/3$, so $c = \sqrt{3 \cdot 2/J}$. A
# **truncated Gaussian** is a Gaussian whose tails beyond two standard deviations are drawn again, so that no weight is
# unusually large.

# %%
SHAPES = {
    "Gaussian": initializers.normal,
    "uniform": initializers.scaled_uniform,
    "truncated Gaussian": initializers.truncated_normal,
}
J, rng = 50, random.Random(0)
figure = new_figure(9, 2.8)
for (name, made), axes in zip(SHAPES.items(), figure.subplots(1, 3, sharex=True, sharey=True)):
    draw = made(2.0)
    weights = [draw(J, rng) for _ in range(20000)]
    variance = sum(w * w for w in weights) / len(weights)
    axes.hist(weights, 60, range=(-0.8, 0.8), color=CLASSES[0][1])
    axes.set(title=name, xlabel="weight")
    print(f"{name:18} variance {variance:.3f} (wanted {2 / J}), largest {max(map(abs, weights)):.2f}")
    assert abs(variance - 2 / J) < 0.001
figure

# %% [markdown]
# One trap: cutting off tails makes the variance smaller. Cut at two standard deviations, a Gaussian keeps 77 % of it.
# The library divides by that share. If you leave that out, a deep network notices:

# %%
c = 2
left = 1 - 2 * c * math.exp(-c * c / 2) / math.sqrt(2 * math.pi) / math.erf(c / math.sqrt(2))
print(f"variance left after the cut: {left:.4f}")
print(f"size of the activations after 20 layers without the correction: {left**10:.3f} of what it should be")
assert round(left, 4) == 0.7737 and round(left**10, 3) == 0.077

# %% [markdown]
# With the correction, the shape makes no difference that matters for the gradients of our 20-layer ReLU network:

# %%
for name, made in SHAPES.items():
    rows = [norms(after_backward("relu", 2.0, depth=20, seed=seed, init=made)) for seed in range(5)]
    ratio = typical([[row[0] / row[-1]] for row in rows])[0]
    print(f"{name:18} ‖δ[1]‖ / ‖δ[20]‖ = {ratio:.2f}")
    assert 0.03 < ratio < 30

# %% [markdown]
# ### Why random at all
#
# Suppose all weights of a layer start equal. Then all its units compute the same, receive the same δ, and take the same
# step. They stay equal forever, and the layer is worth one unit.

# %%
x, y = toys.moons(40, noise=0.1, rng=0)
equal = MLP(2, [4, 1], activation="tanh", init=initializers.constant(0.5))
fit(equal, (x, y), binary_cross_entropy_from_logit, SGD(equal.parameters(), 0.5), 50, progress=False)
rows = equal.layers[0].weights
print("the four hidden units' weights after 50 epochs:")
print(*[[round(w, 3) for w in row] for row in rows])
assert rows.count(rows[0]) == 4 and rows[0] != [0.5, 0.5]

# %% [markdown]
# Hence random weights. Biases may start at 0, since the weights already make the units different.

# %% [markdown]
# ## What it does to learning
#
# A vanishing gradient matters because of the steps that follow from it. Here are four networks of eight hidden layers of
# six units on the two moons (30 points), with the recommended variances, the same learning rate and the same data. (An **epoch** is
# one pass through the data; [10 · Training well](10_training_well.ipynb) is about how to organise them.)

# %%
x, y = toys.moons(30, noise=0.1, rng=0)
x = Standardizer().fit(x).transform(x)
histories = {}
for name in GAINS:
    model = MLP(2, [6] * 8 + [1], activation=name, rng=1)
    sgd = SGD(model.parameters(), 0.05)
    loss = binary_cross_entropy_from_logit
    histories[ACTIVATIONS[name].label] = fit(model, (x, y), loss, sgd, 25, 5, seed=0, progress=False).loss

learning_curves(histories)

# %%
final = {name: losses[-1] for name, losses in histories.items()}
print(f"log 2 = {math.log(2):.3f};  " + ", ".join(f"{name} {loss:.3f}" for name, loss in final.items()))
assert abs(final["sigmoid"] - math.log(2)) < 0.02
assert all(final[name] < 0.5 for name in ("tanh", "ReLU", "SELU"))

# %% [markdown]
# The sigmoid network stays at $\log 2$, which is the loss of answering "one half" to everything. Its last layer learned
# that much, and next to nothing reached the layers before it. The others learn.
#
# ## Exercises
#
# Cells with a solution stand before a cell that checks it. Try first on paper.
#
# **1.** A chain of two sigmoid units: $z_1 = 8x - 4$, $a_1 = \sigma(z_1)$, $z_2 = -2 a_1 + 1$, $f = \sigma(z_2)$, at
# $x = \tfrac12$. What is $\partial f/\partial x$? Does the gradient shrink or grow on the way?

# %%
x1 = Value(0.5, "x")
f = sigmoid(1 - 2 * sigmoid(8 * x1 - 4))
f.name = "f"
sheet = worksheet(f, [x1], blanks="totals")
sheet

# %% tags=["solution"]
answer_1 = "1/4 * -2 * 1/4 * 8"  # both z are 0, where the slope is 1/4

# %%
sheet.check([globals().get("answer_1", ...)])

# %% [markdown]
# **2.** Leaky ReLU is $z$ for $z > 0$ and $s z$ for $z \le 0$, with a small slope $s$. Which gain, that is
# $J \cdot \mathrm{Var}(w)$, keeps $\mathrm{E}[z^2]$ as it is? Write it as a function of $s$. (For $s = 0$ it must be 2,
# for $s = 1$ it must be 1.)


# %% tags=["solution"]
def leaky_gain(s):
    return 2 / (1 + s**2)  # E[a²] = ½ E[z²] + ½ s² E[z²]


# %%
def judge_gain(mine):
    for s in (0.0, 0.1, 0.5, 1.0):
        found = mine(s)
        if found in (None, ...):
            return "not answered yet: return a number"
        rng = random.Random(0)
        squares = [max(z, s * z) ** 2 for z in (rng.gauss(0, 1) for _ in range(40000))]
        kept = found * sum(squares) / len(squares)
        if abs(kept - 1) > 0.03:
            return f"off: for s = {s}, one layer multiplies E[z²] by about {kept:.2f}, not by 1"
    return "right: one layer leaves E[z²] as it is"


print(judge_gain(leaky_gain) if "leaky_gain" in globals() else "not answered yet: define leaky_gain")

# %% [markdown]
# **3.** A tighter bound than $k^{L-1}$: multiply the norms of the single steps instead of taking the largest for all.
# Write `product_bound(Js)`, which takes the list of matrices $J^{[2]}, \dots, J^{[L]}$ and gives the factor.


# %% tags=["solution"]
def product_bound(Js):
    return math.prod(np.linalg.norm(J, 2) for J in Js)


# %%
def judge_bound(mine):
    for name, gain in GAINS.items():
        model = after_backward(name, gain, depth=8, seed=5)
        Js = steps_back(model, name)
        found = mine(Js)
        if found is None or found is ...:
            return "not answered yet: return a number"
        if found < norms(model)[0] / norms(model)[-1]:
            return f"off: for {name} the measured ratio is larger than your bound"
        if not math.isclose(found, np.prod([np.sqrt(np.linalg.eigvalsh(J.T @ J)[-1]) for J in Js])):
            return f"off: for {name} your number is a bound perhaps, but not the product of the norms"
    return "right: it holds, and it is never above k^(L-1)"


print(judge_bound(product_bound) if "product_bound" in globals() else "not answered yet: define product_bound")

# %% [markdown]
# **4.** A network has 10 layers of sigmoid units, and every weight matrix has the norm $\lVert W \rVert = 2$. What is the
# smallest factor that you can be sure $\lVert\delta^{[1]}\rVert / \lVert\delta^{[10]}\rVert$ does not exceed? And how large
# would $\lVert W \rVert$ have to be before this argument no longer proves that the gradient vanishes?

# %% tags=["solution"]
sure_factor = (2 * 0.25) ** 9
critical_norm = 4  # from there on ‖W‖ · ¼ ≥ 1

# %%
for name, truth, hint in (
    ("sure_factor", 1 / 512, "nine steps, each at most ‖W‖ · ¼"),
    ("critical_norm", 4, "where ‖W‖ · ¼ reaches 1"),
):
    answer = globals().get(name, ...)
    if answer is None or answer is ...:
        print(f"{name}: not answered yet")
    else:
        print(f"{name}:", "right" if math.isclose(answer, truth, rel_tol=1e-3) else f"off; {hint}")

# %% [markdown]
# ## Summary
#
# - One step back multiplies δ by $J^{[l]} = W^{[l]}\,\mathrm{diag}(\varphi')$: weights and slopes both count.
# - $\lVert\delta^{[1]}\rVert \le k^{L-1}\lVert\delta^{[L]}\rVert$ holds for $k = \max \lVert J^{[l]}\rVert$. The largest
#   slope alone is no such $k$ unless $\lVert W^{[l]}\rVert \le 1$: ten sigmoids with $w = 8$ make the gradient 512 times
#   larger.
# - $k < 1$ proves vanishing; $k > 1$ proves nothing.
# - Both are exponential in the depth. Sigmoid networks vanish at every usual scale; for the others the scale decides.
# - Weights of variance $2/J$ (ReLU) or $1/J$ (otherwise) keep the signal's size from layer to layer, whatever the shape of
#   the distribution. Equal weights never become different.
#
# Next: [9 · Curvature](09_curvature.ipynb).
