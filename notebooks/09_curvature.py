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
# # 9 · Curvature
#
# The gradient says which way is down. Second derivatives say how the ground bends, and with them you can take longer steps,
# tell a saddle from a minimum, find weights that nobody needs, and say how sure a prediction is. At the end stands a
# kind of network whose loss is known completely: minima, saddles and nothing else.
#
# After this notebook you can …
#
# - read a Hessian matrix, and say what its eigenvalues mean at a point where the gradient is zero;
# - approximate a loss by its second-order Taylor model, and measure how good that is;
# - use it for Newton's method, for pruning by saliency, and for error bars;
# - explain why every network has many copies of itself in weight space, and draw a piece of its loss surface;
# - compute the global minimum of a linear network without training, and recognise its saddles.
#
# **Needed beforehand:** second derivatives from [1 · First steps](01_first_steps.ipynb), local minima and saddle points from
# [7 · Perceptron, XOR and what is hard](07_perceptron_xor_and_what_is_hard.ipynb). Matrices appear; what is needed of them
# is said. Allow 20 minutes.
#
# **Sources:** JKU Linz, *Deep Learning and Neural Networks I* (J9, J11); UCSD CSE 190, *Numerical Analysis for Artificial
# Intelligence*, week 4 (U12), which presents Baldi and Hornik (1989); Li and others (2018), *Visualizing the Loss Landscape
# of Neural Nets*; Bishop, *Pattern Recognition and Machine Learning*, section 5.7.

# %%
# %matplotlib inline
import math
import random
from itertools import combinations, permutations, product

import numpy as np

from autograd import Value, gradient, hessian, worksheet
from nn import MLP, SGD, Adam, Standardizer, binary_cross_entropy_from_logit, half_squared_error
from nn import loss_surface, squared_error, squared_norm, toys
from nn.curvature import critical_point, error_bars, gradient_descent, hessian_eigenvalues, newton
from nn.curvature import plot_error_bars, plot_pruning, plot_taylor_error, plot_tracks
from nn.curvature import prune, saliency, taylor_error, taylor_model
from nn.curvature.pruning_curves import pruning_curves
from nn.plots import CLASSES, new_figure

# %% [markdown]
# ## The Hessian
#
# Our first network has only two weights, so that its loss can be drawn as a landscape: one input, one tanh unit, one linear
# output, no biases, $y = w_2 \tanh(w_1 x)$, and six data points.

# %%
net = MLP(1, [1, 1], activation="tanh", bias=False, rng=0)
w1, w2 = net.parameters()
points = [(-2, -1.25), (-1, -1.10), (-0.5, -0.47), (0.5, 0.67), (1, 0.95), (2, 1.33)]


def loss():
    return sum(half_squared_error(net([x]), t) for x, t in points) / len(points)


def at(a, b):
    """Put the weights there, and give the loss."""
    w1.data, w2.data = a, b
    return loss()


# %% [markdown]
# The **Hessian** $H$ (J9) is the table of all second derivatives of the loss by the weights,
#
# $$H_{ij} = \frac{\partial^2 L}{\partial w_i\, \partial w_j}.$$
#
# On the diagonal stands how the slope along one weight changes as that weight moves; off the diagonal, how it changes as
# *another* weight moves. The order of differentiation does not matter, so the table is symmetric. `hessian` takes it
# exactly, as gradients of a gradient.

# %%
H = hessian(at(0.5, 0.5), [w1, w2])
for row in H:
    print("  ".join(f"{entry:7.4f}" for entry in row))
assert H[0][1] == H[1][0]

slope = gradient(loss(), w1, create_graph=True)  # the first row, entry by entry
assert np.allclose(H[0], gradient(slope, [w1, w2]))

# %% [markdown]
# How the loss bends in *any* direction $v$ of length 1 is $v^\top H v = \sum_{ij} v_i H_{ij} v_j$. Among all directions
# there is one with the greatest bend and, at right angles, one with the least. These are the **eigenvectors** of $H$, and
# the bends along them its **eigenvalues**. Where the gradient is zero, their signs tell what is there: all positive, a
# minimum; all negative, a maximum; both kinds, a **saddle**. (A zero among them leaves the question open.)
#
# Our loss has a saddle at $w_1 = w_2 = 0$, and minima elsewhere.

# %%
saddle = critical_point(at(0, 0), [w1, w2])
print(saddle)
assert saddle.kind == "saddle"

at(1.0, 1.2)
newton(loss, [w1, w2])  # explained below
minimum = (w1.data, w2.data)
point = critical_point(loss(), [w1, w2])
least, greatest = point.eigenvalues
print(f"\n{point.kind} at w1 = {w1.data:.3f}, w2 = {w2.data:.3f}")
print(f"eigenvalues {least:.3f} and {greatest:.3f}")
assert point.kind == "minimum"

# %% [markdown]
# Here is the landscape around both. The star is the saddle; from it the ground falls along one diagonal and rises along the
# other, and these diagonals are the eigenvectors. The crosses are two minima. That there are two is no accident, as we
# shall see.

# %%
at(0, 0)
figure = loss_surface(loss, [w1, w2], span=2.2, cells=30, directions=([1, 0], [0, 1]))
figure.axes[0].plot(*zip(minimum, [-number for number in minimum]), "x", color="white", markersize=9, mew=2.5)
figure.axes[0].set(xlabel="w1", ylabel="w2")
assert math.isclose(at(*minimum).data, at(-minimum[0], -minimum[1]).data)
figure

# %% [markdown]
# ## The Taylor model
#
# Near a point $w_0$ a smooth loss $R$ is nearly a parabola in every direction. With the gradient $g$ and the Hessian $H$ at
# $w_0$, the **second-order Taylor model** (J9) is
#
# $$R(w) \;\approx\; R(w_0) + (w - w_0)^\top g + \tfrac12\, (w - w_0)^\top H\, (w - w_0).$$

# %%
model = taylor_model(at(0.5, 0.5), [w1, w2])
step = [0.1, 0.2]
by_hand = model.value
by_hand += sum(s * g for s, g in zip(step, model.gradient))
by_hand += sum(s * h * t for s, row in zip(step, model.hessian) for h, t in zip(row, step)) / 2

assert math.isclose(by_hand, model(step))
print(f"model {model(step):.5f}, true loss {at(0.6, 0.7).data:.5f}, loss at the start {model.value:.5f}")

# %% [markdown]
# How good is it? What is left out starts with the cube of the distance $t$. So ten times closer should make the error a
# thousand times smaller, a hundred times for the first-order model (value and gradient), ten times for the
# constant (order 0). On logarithmic axes these are lines of slope 3, 2 and 1:

# %%
at(0.5, 0.5)
error = taylor_error(loss, [w1, w2])
assert [round(slope) for slope in error.slopes().values()] == [1, 2, 3]
plot_taylor_error(error)

# %% [markdown]
# ## Newton's method
#
# Gradient descent takes a step of a length that somebody has to choose. The Taylor model offers one: go where the
# model is flat. Setting its gradient $g + H (w - w_0)$ to zero gives **Newton's method** (J9),
#
# $$w \leftarrow w - H^{-1} g.$$
#
# For a loss that *is* a parabola one step suffices. For ours, watch the distance to the minimum:

# %%
at(1.0, 1.2)
track = newton(loss, [w1, w2])
distances = [math.dist(point, minimum) for point in track.points[:5]]
for i, distance in enumerate(distances):
    print(f"after {i} steps   distance to the minimum {distance:.1e}")

assert distances[4] < 1e-7 and all(b < a for a, b in zip(distances, distances[1:]))

# %% [markdown]
# Near the end, the number of right digits about doubles with each step. Gradient descent gains a constant factor per step,
# and needs many:

# %%
at(1.0, 1.2)
descent = gradient_descent(loss, [w1, w2], learning_rate=0.5, steps=100)
print(f"gradient descent, after 100 steps: distance {math.dist(descent.points[-1], minimum):.1e}")
assert math.dist(descent.points[-1], minimum) > 1e-3

# %% [markdown]
# That is the good news. The bad news: "where the model is flat" need not be low. From other starting points Newton runs
# straight into the saddle, which is flat too.

# %%
for start in [(0.3, 0.2), (-0.5, 1.0)]:
    at(*start)
    plain = newton(loss, [w1, w2])
    kind = critical_point(loss(), [w1, w2]).kind
    print(f"from {start}: loss {plain.losses[0]:.3f} → {plain.losses[-1]:.3f}, a {kind}")
    assert kind == "saddle"

# %% [markdown]
# The cure is **damping**: use $H + \lambda I$, that is, add $\lambda$ to every eigenvalue. If $\lambda$ is large
# enough to lift the most negative one above zero, all are positive and each step points downhill. A large $\lambda$ turns Newton
# into gradient descent with learning rate $1/\lambda$.

# %%
at(0.3, 0.2)
print("eigenvalues at the start:", [round(e, 2) for e in hessian_eigenvalues(loss(), [w1, w2])])
plain = newton(loss, [w1, w2])
at(0.3, 0.2)
damped = newton(loss, [w1, w2], steps=60, damping=1.5, line_search=True)
print(f"plain: loss {plain.losses[-1]:.4f}, damped: loss {damped.losses[-1]:.4f}")
assert math.isclose(damped.losses[-1], at(*minimum).data, rel_tol=1e-2)
plot_tracks({"plain Newton": plain, "damped Newton": damped}, loss, [w1, w2])

# %% [markdown]
# Eigenvalues also say how large a learning rate may be. Along an eigenvector with eigenvalue $\lambda$, gradient descent
# multiplies the distance to the minimum by $1 - \eta\lambda$ in each step. That shrinks it only for $\eta < 2/\lambda$, and
# the largest eigenvalue is the strictest.

# %%
at(*minimum)
limit = 2 / hessian_eigenvalues(loss(), [w1, w2])[-1]
print(f"2/λ = {limit:.3f}")
for rate in (0.95 * limit, 1.05 * limit):
    at(minimum[0] + 0.01, minimum[1] + 0.01)
    reached = gradient_descent(loss, [w1, w2], rate, steps=300).points[-1]
    there = math.dist(reached, minimum) < 1e-6
    where = "at the minimum" if there else "farther away than before"
    print(f"learning rate {rate:.3f}: after 300 steps {where}")
    assert there == (rate < limit) and (there or math.dist(reached, minimum) > 0.1)

# %% [markdown]
# ## Pruning by saliency
#
# Which weights could go? The smallest ones, one might think. Better ask the Taylor model (J9). At a minimum the gradient is
# zero, and to set $w_k$ to 0 is a step of $-w_k$. If one looks at each weight by itself, the loss grows by about
#
# $$s_k = \tfrac12 H_{kk} w_k^2,$$
#
# the **saliency** of the weight. The method is known as *optimal brain damage* (LeCun and others, 1990). A large weight on
# flat ground may go, and a small one on steep ground must stay. Here is a network on the two moons, with eight hidden
# units, trained to a minimum of the cross-entropy plus $0.001 \lVert w \rVert^2$.

# %%
x, y = toys.moons(30, noise=0.1, rng=0)
x = Standardizer().fit(x).transform(x)
moons = MLP(2, [8, 1], activation="tanh", rng=0)


def moons_loss():
    misses = sum(binary_cross_entropy_from_logit(moons(row), label) for row, label in zip(x, y))
    return misses / len(y) + 0.001 * squared_norm(moons.parameters())


adam = Adam(moons.parameters(), 0.05)  # gradient descent with a step size of its own for each weight
for _ in range(200):
    adam.zero_grad()
    moons_loss().backward()
    adam.step()

assert moons_loss().data < 0.16
plot_pruning(moons, moons_loss, points=24)

# %%
curves = pruning_curves(moons, moons_loss, points=24)
better = sum(a <= b for a, b in zip(curves.saliency, curves.magnitude))
print(f"saliency does as well as magnitude or better at {better} of {len(curves.counts)} counts")
assert better >= 22 and curves.saliency[8] < 1.25 * curves.saliency[0]
assert all(abs(p - s) < 0.01 for p, s in zip(curves.predicted[:8], curves.saliency))

# %% [markdown]
# Seven or eight of the 24 weights can go before the loss grows by much, if saliency chooses. The dashed line is what the
# saliencies promise. It is right at first, and no guide later: the model knows nothing of what happens far away, nor of
# weights that stand in for each other. That is why one prunes a little, trains the rest again, and goes on.

# %%
trained = [w.data for w in moons.parameters()]
report = prune(moons, moons_loss, count=8)
print("set to 0:", ", ".join(w.name for w in report.pruned))
after = moons_loss().data

adam = Adam(report.kept, 0.05)  # the other weights; those at 0 stay there
for _ in range(60):
    adam.zero_grad()
    moons_loss().backward()
    adam.step()
print(f"loss {curves.saliency[0]:.4f}, pruned {after:.4f}, trained again {moons_loss().data:.4f}")
assert moons_loss().data < 1.02 * curves.saliency[0] < after
assert sum(w.data == 0 for w in moons.parameters()) == 8

# %% [markdown]
# ## Error bars
#
# A trained network gives a number, and it would be good to know how sure it is. Where the loss is sharply curved, the data
# hold the weights fast; where it is flat, other weights would have done as well. Make that quantitative (J9): with
# noise of variance $\sigma^2$ in the targets, and $\tfrac{\alpha}{2} \lVert w \rVert^2$ to keep the weights small, the
# weights have about a Gaussian distribution around the minimum with the matrix of variances $A^{-1}$, where
#
# $$A = \alpha I + \frac{1}{\sigma^2} H, \qquad H \text{ the Hessian of } E = \tfrac12 \sum_n (y_n - t_n)^2 .$$
#
# An output changes with the weights as $g = \partial y/\partial w$ says, so its variance is the sum of two parts, the noise
# and what the weights leave open:
#
# $$\mathrm{Var}(y) = \sigma^2 + g^\top A^{-1} g .$$
#
# (Bishop's section 5.7 has the derivation.) The data: a sine with noise, and a gap in the middle.

# %%
noise, alpha, rng = 0.1, 0.1, random.Random(3)
xs = [v for v in np.linspace(-2, 2, 20).tolist() if v < -0.3 or v > 0.9]
ts = [math.sin(1.5 * v) + rng.gauss(0, noise) for v in xs]
curve = MLP(1, [3, 1], activation="tanh", rng=4)


def posterior():
    misses = sum(half_squared_error(curve([v]), t) for v, t in zip(xs, ts))
    return misses / noise**2 + alpha / 2 * squared_norm(curve.parameters())


adam = Adam(curve.parameters(), 0.05)  # roughly there, then precisely
for _ in range(500):
    adam.zero_grad()
    posterior().backward()
    adam.step()
track = newton(posterior, curve.parameters(), steps=40, tolerance=1e-8, line_search=True)
point = critical_point(posterior(), curve.parameters())
print(f"Newton: loss {track.losses[0]:.3f} → {track.losses[-1]:.3f}, a {point.kind}")
assert point.kind == "minimum"

# %%
places = np.linspace(-3, 3, 61).tolist()
bars = error_bars(curve, xs, ts, places, noise=noise, prior=alpha)
figure = plot_error_bars(bars, xs, ts)
figure.axes[0].set_ylim(-3.2, 4.6)
figure

# %%
inside, gap, outside = (bars.weights[np.argmin(np.abs(np.array(places) - v))] for v in (-1.2, 0.3, 3.0))
print(f"σ from the weights: {inside:.2f} among the data, {gap:.2f} in the gap, {outside:.2f} far outside")
assert outside > gap > 2 * inside

# %% [markdown]
# The band is narrow where there are data, wider in the gap, and opens outside. It is an approximation around one
# minimum: it does not know of other minima, and it takes the loss for a parabola. For a model that is linear in its
# weights it is exact, and then there is a formula to compare with:

# %%
straight = MLP(1, [1], activation=["linear"], rng=0)


def line_posterior():
    misses = sum(half_squared_error(straight([v]), t) for v, t in zip(xs, ts))
    return misses / noise**2 + alpha / 2 * squared_norm(straight.parameters())


newton(line_posterior, straight.parameters(), steps=1)  # a parabola: one step
found = error_bars(straight, xs, ts, places, noise=noise, prior=alpha)
X, P = np.array([[v, 1.0] for v in xs]), np.array([[v, 1.0] for v in places])
covariance = np.linalg.inv(alpha * np.eye(2) + X.T @ X / noise**2)
assert np.allclose(found.weights, np.sqrt(np.einsum("ni,ij,nj->n", P, covariance, P)))
assert np.allclose(found.mean, P @ covariance @ X.T @ ts / noise**2)
print("Bayesian linear regression gives the same means and deviations")

# %% [markdown]
# ## Symmetries of weight space
#
# The network with three tanh units has ten parameters. Change the sign of everything that enters a hidden unit and of the
# weight that leaves it: since $\tanh(-z) = -\tanh z$, the output stays as it was. Or let two hidden units change places,
# with all their weights: the sum they enter does not care about the order. So a layer of $M$ tanh units gives
# $2^M \cdot M!$ points in weight space with the very same function (J11). For $M = 3$ these are 48. All of them:

# %%
hidden, out = curve.layers
rows = [(neuron.w[0].data, neuron.b.data, w.data) for neuron, w in zip(hidden.neurons, out.neurons[0].w)]
last_bias = out.neurons[0].b.data


def place(units):
    """Set the three hidden units to these (weight in, bias, weight out)."""
    hidden.set([[u[0]] for u in units], [u[1] for u in units])
    out.set([[u[2] for u in units]], [last_bias])
    return [p.data for p in curve.parameters()]


copies = []
for order in permutations(rows):
    for signs in product((1, -1), repeat=3):
        copies.append(place([[s * number for number in unit] for s, unit in zip(signs, order)]))
        assert math.isclose(posterior().data, track.losses[-1], rel_tol=1e-9)
        assert math.isclose(curve([places[0]]).data, bars.mean[0])

print(f"{len({tuple(copy) for copy in copies})} different points with the same function and the same loss")
assert len({tuple(copy) for copy in copies}) == 48 == 2**3 * math.factorial(3)

# %% [markdown]
# Each copy of a minimum is a minimum as deep as the first. Between them there are hills, so such a loss cannot be convex:
# on a convex surface the straight line between two minima would stay low. The lines from our minimum to two of its copies:

# %%
start = np.array(place(rows))
exchanged = np.array(place([rows[1], rows[0], rows[2]]))
flipped = np.array(place([rows[0], rows[1], [-number for number in rows[2]]]))


def losses_between(one, other, steps=60):
    found = []
    for share in np.linspace(0, 1, steps + 1):
        for p, number in zip(curve.parameters(), one + share * (other - one)):
            p.data = number
        found.append(posterior().data)
    return found


figure = new_figure(7, 3.5)
axes = figure.subplots()
for i, (name, other) in enumerate({"units 1 and 2 exchanged": exchanged, "unit 3 flipped": flipped}.items()):
    heights = losses_between(start, other)
    axes.semilogy(np.linspace(0, 1, 61), heights, "-:"[i], color=CLASSES[i][1], label=name)
    assert math.isclose(heights[0], heights[-1]) and max(heights) > 10 * heights[0]
axes.set(title="loss on the way to a copy", xlabel="share of the way", ylabel="loss")
axes.grid(alpha=0.3)
axes.legend(loc="lower center")
figure

# %% [markdown]
# ## The loss surface
#
# A surface over two weights can be drawn as it is, as the landscape at the top of this notebook: its two minima are the
# $2^1 \cdot 1! = 2$ copies of each other that a single hidden unit gives. Over ten or a million weights one draws the
# surface over a plane, $L(\theta + \alpha d_1 + \beta d_2)$ with two random directions $d_1$ and $d_2$ through the weights
# $\theta$ (J11).
#
# There is a catch. Units may have weights of very different size, and one and the same step means a lot to small weights
# and nothing to large ones. Li and others (2018) therefore give the random direction, unit by unit, the length that the
# unit's own weights have. In `loss_surface` that is what a list of lists asks for. Here is the moons network at its
# minimum before pruning:

# %%
for w, number in zip(moons.parameters(), trained):
    w.data = number
units = [[*neuron.w, neuron.b] for layer in moons.layers for neuron in layer.neurons]
loss_surface(moons_loss, units, span=1.0, cells=20)

# %% [markdown]
# Read such pictures with care. Two directions out of 33 are shown, and a way down may lie in any of the others; another
# pair of directions gives another picture.

# %% [markdown]
# ## Linear networks
#
# For one kind of network the whole landscape is known (U12). Take linear units only: $f(x) = A B x$, with $p$ hidden units
# between $n$ inputs and $m$ outputs, so that $B$ is $p \times n$ and $A$ is $m \times p$. As a function it is one matrix
# $W = AB$ (notebook 4), though one that squeezes everything through $p$ numbers. But its loss is not
# convex in $A$ and $B$, for it has symmetries such as those above. Baldi and Hornik (1989) showed that it has no bad local minima all the same.
#
# Write $\Sigma_{XX}$ for the mean of $x x^\top$ over the data, $\Sigma_{YX}$ for that of $y x^\top$, and so on, and let
# $\lambda_1 > \lambda_2 > \dots$, all different, be the eigenvalues of
#
# $$\Sigma = \Sigma_{YX}\, \Sigma_{XX}^{-1}\, \Sigma_{XY},$$
#
# with eigenvectors $u_1, u_2, \dots$ (we assume that $\Sigma_{XX}$ is invertible). Then the least mean
# squared error and the $W$ that reaches it are
#
# $$E = \mathrm{tr}\,\Sigma_{YY} - \sum_{i \le p} \lambda_i, \qquad
# W = P_U\, \Sigma_{YX} \Sigma_{XX}^{-1}, \qquad P_U = \sum_{i \le p} u_i u_i^\top .$$
#
# In words: do the ordinary least squares fit, and keep of its outputs the $p$ directions that matter most. (The *trace*
# tr is the sum of the diagonal.) Three inputs, three outputs, two hidden units:

# %%
rng = np.random.default_rng(0)
X = rng.normal(size=(25, 3))
Y = X @ rng.normal(size=(3, 3)) * [3.0, 1.0, 0.3] + 0.1 * rng.normal(size=(25, 3))
XX, YX, YY = X.T @ X / 25, Y.T @ X / 25, Y.T @ Y / 25
fit_all = YX @ np.linalg.inv(XX)
eigenvalues, U = np.linalg.eigh(fit_all @ YX.T)
eigenvalues, U = eigenvalues[::-1], U[:, ::-1]  # the largest first
least = np.trace(YY) - eigenvalues[:2].sum()
print("eigenvalues " + ", ".join(f"{e:.4f}" for e in eigenvalues) + f"   least loss {least:.6f}")

# %% [markdown]
# Now gradient descent, which knows none of this, from three random starts:

# %%
linear = MLP(3, [2, 3], activation=["linear", "linear"], bias=False, rng=0)
B, A = linear.layers
weights = linear.parameters()


def linear_loss():
    return sum(squared_error(linear(row), target) for row, target in zip(X.tolist(), Y.tolist())) / 25


runs = {}
for seed in range(3):
    draw = random.Random(seed)
    for w in weights:
        w.data = draw.gauss(0, 0.5)
    sgd, losses = SGD(weights, 0.03, momentum=0.9), []
    for _ in range(160):
        sgd.zero_grad()
        losses.append(linear_loss())
        losses[-1].backward()
        sgd.step()
    runs[seed] = [v.data for v in losses]
    W = np.array(A.weights) @ np.array(B.weights)
    gap = abs(W - U[:, :2] @ U[:, :2].T @ fit_all).max()
    print(f"start {seed}: loss {linear_loss().data:.6f}, largest entry of W - formula {gap:.0e}")
    assert math.isclose(linear_loss().data, least, rel_tol=1e-3) and linear_loss().data > least * (1 - 1e-9)

# %%
figure = new_figure(7, 3.5)
axes = figure.subplots()
for i, curve_of_run in enumerate(runs.values()):
    axes.semilogy(curve_of_run, color=CLASSES[i][1], label=f"start {i}")
axes.axhline(least, color="#222222", linestyle="--", label="the formula's minimum")
axes.set(title="linear network", xlabel="step", ylabel="loss")
axes.grid(alpha=0.3)
axes.legend()
figure

# %% [markdown]
# What about the other points where the gradient is zero? If $AB$ has full rank $p$, they are the same formula with another
# choice of $p$ eigenvectors, and each such choice that is not the best one is a saddle. Build them and ask the Hessian. A
# choice is written into the weights as $A = U_I$ (the chosen eigenvectors as columns) and
# $B = U_I^\top \Sigma_{YX} \Sigma_{XX}^{-1}$.

# %%
for chosen in combinations(range(3), 2):
    A.set(U[:, chosen].tolist())
    B.set((U[:, chosen].T @ fit_all).tolist())
    point = critical_point(linear_loss(), weights)
    skipped = [(i, j) for i in chosen for j in range(3) if j not in chosen and j < i]
    names = " and ".join(str(i + 1) for i in chosen)
    print(f"eigenvectors {names}: loss {point.loss:8.4f}, {point.kind}, directions down: {point.negative}")
    assert math.isclose(point.loss, np.trace(YY) - eigenvalues[list(chosen)].sum(), rel_tol=1e-9)
    assert (point.kind == "minimum") == (chosen == (0, 1)) and point.zero == 4
    assert point.negative == len(skipped)

# %% [markdown]
# Each pair of a chosen eigenvalue and a larger one that was passed over gives one direction that leads down. The four
# flat directions are a symmetry again, a continuous one: for any invertible $2 \times 2$ matrix $C$, the weights $AC$
# and $C^{-1}B$ give the same $W$, and $C$ has four entries. Critical points where $AB$ has a lower rank are saddles too; all
# weights zero is one.

# %%
for w in weights:
    w.data = 0.0
zero = critical_point(linear_loss(), weights)
assert zero.kind == "saddle" and math.isclose(zero.loss, np.trace(YY))
print(zero)

# %% [markdown]
# So why would anyone train a linear network? To understand the others: here is a loss that is not convex, and yet only
# saddles stand in the way, where gradient descent may linger (notebook 7) but does not end.
#
# ## Exercises
#
# Cells with a solution stand before a cell that checks it. Try first on paper.
#
# **1.** For $f = x^2 y + y^3$ at $(x, y) = (2, 1)$, let $g = \partial f/\partial x$. The sheet below shows the graph of $g$
# that the engine made. Fill in $\partial g/\partial x$ and $\partial g/\partial y$, the first row of the Hessian.

# %%
xv, yv = Value(2.0, "x"), Value(1.0, "y")
f = xv * xv * yv + yv**3
g = gradient(f, xv, create_graph=True)
g.name = "g"
sheet = worksheet(g, [xv, yv], blanks="totals")
sheet

# %% tags=["solution"]
answers_1 = [2, "2 + 2"]  # y + y, x + x

# %%
sheet.check(globals().get("answers_1", [..., ...]))

# %% [markdown]
# **2.** One Newton step for $L(w) = w^4$ from $w = 1$: where does it lead? And by which factor does each step shrink $w$?
# (The digits do not double here. Why?)

# %% tags=["solution"]
newton_factor = 2 / 3  # w − 4w³/12w² = w − w/3; at the minimum H = 0, so the model has no parabola to offer

# %%
w = Value(1.0, "w")
truth = newton(lambda: w**4, [w], steps=1).points[1][0]
answer = globals().get("newton_factor", ...)
if answer is None or answer is ...:
    print("not answered yet: define newton_factor")
else:
    print("right" if math.isclose(answer, truth, rel_tol=1e-3) else "off; L' = 4w³ and L'' = 12w²")

# %% [markdown]
# **3.** Write `my_saliencies(loss, parameters)` from `hessian` alone.


# %% tags=["solution"]
def my_saliencies(loss, parameters):
    H = hessian(loss, parameters)
    return [0.5 * H[k][k] * p.data**2 for k, p in enumerate(parameters)]


# %%
def judge_saliencies(mine):
    at(0.6, 1.1)
    found, truth = mine(loss(), [w1, w2]), saliency(loss(), [w1, w2])
    if found in (None, ...):
        return "not answered yet: return a list of numbers"
    if len(found) != 2 or not np.allclose(found, truth):
        return f"off: at (0.6, 1.1) it should give {truth[0]:.4f} and {truth[1]:.4f}"
    return "right"


if "my_saliencies" in globals():
    print(judge_saliencies(my_saliencies))
else:
    print("not answered yet: define my_saliencies")

# %% [markdown]
# **4.** A network has two hidden layers, of 5 and of 4 tanh units. How many points in weight space give its function by
# exchanging units and flipping signs? And how many if the units are ReLUs and only exchanges count?

# %% tags=["solution"]
tanh_copies = 2**9 * 120 * 24
relu_copies = 120 * 24

# %%
for name, truth, hint in (
    ("tanh_copies", 2**9 * math.factorial(5) * math.factorial(4), "multiply the numbers of both layers"),
    ("relu_copies", math.factorial(5) * math.factorial(4), "5! orders of the one layer, 4! of the other"),
):
    answer = globals().get(name, ...)
    if answer is None or answer is ...:
        print(f"{name}: not answered yet")
    else:
        print(f"{name}:", "right" if answer == truth else f"off; {hint}")

# %% [markdown]
# **5.** A linear network with $p = 1$ hidden unit, data with $\mathrm{tr}\,\Sigma_{YY} = 10$ and eigenvalues 6, 3 and 0.5.
# What is the least loss? What is the loss of the highest critical point with $AB$ of rank 1, and how many ways lead down
# from there?

# %% tags=["solution"]
least_loss, highest_loss, ways_down = 10 - 6, 10 - 0.5, 2

# %%
for name, truth, hint in (
    ("least_loss", 4, "the trace less the largest eigenvalue"),
    ("highest_loss", 9.5, "the trace less the smallest eigenvalue"),
    ("ways_down", 2, "count the larger eigenvalues that were passed over"),
):
    answer = globals().get(name, ...)
    if answer is None or answer is ...:
        print(f"{name}: not answered yet")
    else:
        print(f"{name}:", "right" if answer == truth else f"off; {hint}")

# %% [markdown]
# ## Summary
#
# - The Hessian holds all second derivatives. Its eigenvalues are the bends of the loss; where the gradient is zero, their
#   signs tell a minimum from a saddle.
# - The second-order Taylor model is wrong by the cube of the distance.
# - Newton goes where the model is flat: very fast near a minimum, and into saddles elsewhere, unless damped.
# - $\tfrac12 H_{kk} w_k^2$ estimates what a weight is worth; $\sigma^2 + g^\top A^{-1} g$, how sure an output is.
# - A layer of $M$ tanh units has $2^M M!$ equivalent copies, with hills between them.
# - A linear network's loss has one minimum value, known from eigenvalues, and otherwise saddles.
#
# Next: [10 · Training well](10_training_well.ipynb).
