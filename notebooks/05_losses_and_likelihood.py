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
# # 5 · Losses and likelihood
#
# A network only learns what its loss asks for. This notebook says where the usual losses come from, what each one sends
# back into the network, and which output activation belongs to which loss.
#
# After this notebook you can …
#
# - derive the squared error and the cross-entropies from one principle, **maximum likelihood**;
# - write down the δ that a loss hands to the last layer, and say why the rest of backpropagation stays the same;
# - finish the derivation of $\delta = y - t$ for softmax with cross-entropy;
# - compute such a loss for outputs of ±1000 without overflow;
# - recognise a pairing of loss and activation that stops learning where it is needed most.
#
# **Needed beforehand:** paths and local derivatives from [notebook 1](01_first_steps.ipynb). δ has its own notebook,
# [number 4](04_delta_errors.ipynb), and is explained again here.
#
# **Sources:** DTU 02456 *Deep Learning*, exercise 1, "Pen and paper" (after Bishop, *Pattern Recognition and Machine
# Learning*, chapter 5); Gerstner, *Artificial Neural Networks*, solutions for week 5; JKU Linz, *Deep Learning and
# Neural Networks I*; UCSD CSE 190, *Numerical Analysis for Artificial Intelligence*, week 4; "Practical 1: pen and
# paper exercises". Their letters differ. Here $z$ is the pre-activation of an output unit, $y = \varphi(z)$ the output
# and $t$ the target.

# %%
# %matplotlib inline
import math

from autograd import Value, check_gradients, diagram, exp, gradient, jacobian, log, path_table
from autograd import sigmoid, worksheet
from nn import MLP, Adam, deltas, fit, half_tanh, one_hot, softmax
from nn import gaussian_nll, half_squared_error, lp_error, squared_error
from nn import binary_cross_entropy, binary_cross_entropy_from_logit, relative_entropy
from nn import cross_entropy, cross_entropy_from_probabilities, normalized_cross_entropy
from nn import multiclass_hinge
from nn.plots import CLASSES, DASHES, grid, new_figure

# %% [markdown]
# ## What a loss sends back
#
# A **loss** $L$ is one number that says how wrong an output $y$ is for a target $t$. Backpropagation starts from it.
# What arrives at the last pre-activation is called its **delta**,
#
# $$\delta = \frac{\partial L}{\partial z} = \frac{\partial L}{\partial y} \cdot \varphi'(z),$$
#
# a product of two factors: what the loss wants, and what the activation lets through. Here it is for a sigmoid output
# with $z = 0$, target $t = 1$ and $L = \tfrac12 (y - t)^2$.

# %%
z = Value(0.0, "z")
y = sigmoid(z)
y.name = "y"
L = half_squared_error(y, 1)
L.name = "L"
L.backward()
print(path_table(L, z))
assert z.grad == (0.5 - 1) * 0.25

# %% [markdown]
# There is one path. Its first factor, 0.25, is $\varphi'(0) = \sigma(0)\,(1 - \sigma(0))$; the others together are
# $\partial L/\partial y = y - t = -0.5$. Change the loss and only these others change. All δ further inside follow from
# this one by the same rule as before.
#
# So this notebook is about one number for each output, the δ where the backward pass begins.

# %% [markdown]
# ## Squared error is a likelihood
#
# *(DTU 02456, exercise 1: D-e.)* Why square the error? Suppose the network's output $y$ is the truth and the measured
# target is that truth plus Gaussian noise of variance $\sigma^2$. The probability density of measuring $t$ is then
#
# $$p(t \mid y) = \frac{1}{\sqrt{2\pi\sigma^2}}\, \exp\!\left(-\frac{(y - t)^2}{2\sigma^2}\right).$$
#
# For $N$ samples of $D$ outputs with independent noise the densities multiply. The product, seen as a function of the
# weights, is the **likelihood**, and we look for weights under which the data are most likely. Products of many small
# numbers vanish, so one takes the logarithm, and the minus sign makes it something to minimise, the **negative
# log-likelihood**:
#
# $$-\log \prod_{n,k} p(t_{nk} \mid y_{nk}) = \frac{ND}{2} \log(2\pi\sigma^2) + \frac{E}{2\sigma^2},
# \qquad E = \sum_{n} \lVert y_n - t_n \rVert^2 .$$
#
# The next cell computes it three ways: density by density, by this formula, and with the library's `gaussian_nll`.

# %%
outputs = [[1.0, 5.0], [0.5, 2.0], [2.0, -1.0]]  # N = 3 samples, D = 2 outputs
targets = [[0.0, 2.0], [1.0, 2.5], [2.5, -1.5]]
variance = 4.0


def density(y, t):
    return math.exp(-((y - t) ** 2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)


product = math.prod(density(y, t) for ys, ts in zip(outputs, targets) for y, t in zip(ys, ts))
E = sum(squared_error(ys, ts) for ys, ts in zip(outputs, targets))
formula = 6 / 2 * math.log(2 * math.pi * variance) + E / (2 * variance)
library = sum(gaussian_nll(ys, ts, variance) for ys, ts in zip(outputs, targets))

print(f"E = {E:g}   likelihood {product:.3e}")
print(f"-log likelihood: {-math.log(product):.6f}, {formula:.6f}, {library:.6f}")
assert E == 11
assert math.isclose(-math.log(product), formula) and math.isclose(formula, library)

# %% [markdown]
# The weights occur only in $E$. Minimising the squared error *is* maximising this likelihood.

# %% [markdown]
# ## The best variance
#
# *(DTU 02456, exercise 1: D-f.)* Two claims follow. **First**, the best weights do not depend on $\sigma^2$. In the
# formula $\sigma^2$ only divides the gradient by a constant, and a constant does not move the place where the gradient
# is zero.

# %%
points, values = [0.0, 1.0, 2.0, 3.0], [0.1, 0.9, 2.3, 2.7]
best_w = 13.6 / 14  # of the line y = w x: Σ x t / Σ x²
assert math.isclose(best_w * sum(x * x for x in points), sum(x * t for x, t in zip(points, values)))


def slope_of_nll(w, variance):
    w = Value(w, "w")
    return gradient(sum(gaussian_nll(w * x, t, variance) for x, t in zip(points, values)), w)


for s2 in (0.25, 1.0, 9.0):
    at_best, elsewhere = slope_of_nll(best_w, s2), slope_of_nll(0.5, s2)
    print(f"variance {s2:4}: slope {abs(at_best):.3f} at w = {best_w:.4f}, {elsewhere:7.3f} at w = 0.5")
    assert abs(at_best) < 1e-12
    assert math.isclose(elsewhere * s2, slope_of_nll(0.5, 1.0))

# %% [markdown]
# **Second**, given the weights, the best variance is the mean squared error. Set the derivative by $\sigma^2$ to zero:
#
# $$\frac{ND}{2\sigma^2} - \frac{E}{2\sigma^4} = 0 \quad\Longrightarrow\quad \sigma^2 = \frac{E}{ND}.$$
#
# `gaussian_nll` takes the variance as a Value too, so that the engine can confirm it for the data above.

# %%
best = Value(E / 6, "variance")
nll = sum(gaussian_nll(ys, ts, best) for ys, ts in zip(outputs, targets))
assert abs(gradient(nll, best)) < 1e-12

figure = new_figure(7, 3.5)
axes = figure.subplots()
spreads = grid(0.5, 8.0, 150)
curve = [3 * math.log(2 * math.pi * s2) + E / (2 * s2) for s2 in spreads]
axes.plot(spreads, curve, color=CLASSES[0][1])
label = f"E / (N·D) = 11/6 = {best.data:.3f}"
axes.plot(best.data, nll.data, "*", color=CLASSES[1][1], markersize=14, label=label, linestyle="")
axes.set(xlabel="variance σ²", ylabel="negative log-likelihood")
axes.grid(alpha=0.3)
axes.legend()
figure

# %% [markdown]
# The curve is steep on the left: being too sure of oneself costs more than being too modest.
#
# Both can be learned together. Below, a line and the logarithm $s$ of its variance are trained on the four points; with
# $\sigma^2 = e^s$ the variance stays positive whatever $s$ does.

# %%
line, s = MLP(1, [1], rng=0), Value(0.0, "s")
optimizer = Adam([*line.parameters(), s], learning_rate=0.05)
data = ([[x] for x in points], values)
fit(line, data, lambda y, t: gaussian_nll(y, t, exp(s)), optimizer, 600, progress=False)

mean_error = sum((line([x]).data - t) ** 2 for x, t in zip(points, values)) / 4
print(f"learned variance {math.exp(s.data):.4f}, mean squared error {mean_error:.4f}")
assert math.isclose(math.exp(s.data), mean_error, rel_tol=1e-3)

# %% [markdown]
# ## Other powers of the error
#
# *(Gerstner, week 5, "Other error functions": G3.)* The square is a choice. With $L = |t - y|^p$ the delta becomes
#
# $$\delta = -p\,(t - y)\,|t - y|^{p-2}\, \varphi'(z),$$
#
# that is $-2(t - y)\varphi'(z)$ for $p = 2$ and $-\operatorname{sign}(t - y)\,\varphi'(z)$ for $p = 1$. Let us check
# the formula on a sigmoid unit and draw it for a linear one, where $\varphi' = 1.$

# %%
for p in (1, 1.5, 2, 3):
    z, t = Value(0.7, "z"), 0.2
    y = sigmoid(z)
    by_hand = -p * (t - y.data) * abs(t - y.data) ** (p - 2) * y.data * (1 - y.data)
    assert math.isclose(gradient(lp_error(y, t, p), z), by_hand)


def delta_of_error(error, p):
    y = Value(error)
    return gradient(lp_error(y, 0.0, p), y)


figure = new_figure(7, 3.5)
axes = figure.subplots()
errors = grid(-2.0, 2.0, 200)
for i, p in enumerate((1, 1.5, 2, 3)):
    deltas_of_p = [delta_of_error(error, p) for error in errors]
    axes.plot(errors, deltas_of_p, DASHES[i], color=CLASSES[i][1], label=f"p = {p}")
axes.set(xlabel="error y − t", ylabel="δ of a linear output", ylim=(-4.5, 4.5))
axes.grid(alpha=0.3)
axes.legend()
figure

# %% [markdown]
# For $p = 1$ every error pulls equally hard, however large it is. For $p = 3$ large errors pull very hard and small
# ones hardly at all. It shows in what a single constant learns from data with an **outlier**, a value far off:
# with $p = 2$ the best constant is the mean, with $p = 1$ the median (the value in the middle).

# %%
sample = [1.0, 2.0, 3.0, 4.0, 20.0]


def pull(constant, p):
    c = Value(constant, "c")
    return gradient(sum(lp_error(c, t, p) for t in sample), c)


assert pull(6.0, 2) == 0 and sum(sample) / 5 == 6  # the mean
assert pull(3.0, 1) == 0 and sorted(sample)[2] == 3  # the median
print("p = 2 is at rest at the mean, 6; p = 1 at the median, 3")

# %% [markdown]
# Whatever the loss, the step from layer to layer stays the same (this is the point of G3). Below, a network gets three
# losses in turn. Each time the hidden δ are computed by hand from the output δ alone,
# $\delta_j = \delta_{\text{out}}\, w_j\, \varphi'(z_j)$, and compared with the engine's.

# %%
model = MLP(2, [3, 1], activation="tanh", output="half_tanh", rng=5)
w_out = model.layers[1].weights[0]
for name, loss in {
    "p = 2": lambda y: lp_error(y, 1, 2),
    "p = 1": lambda y: lp_error(y, 1, 1),
    "cross-entropy": lambda y: relative_entropy(y, 1),
}.items():
    loss(model([0.5, -1.0])).backward()
    hidden, (out,) = deltas(model).layers
    by_hand = [out.delta * w * (1 - unit.a**2) for w, unit in zip(w_out, hidden)]
    print(f"{name:13}  δ out {out.delta:8.5f}   δ hidden", *[f"{unit.delta:8.5f}" for unit in hidden])
    assert all(math.isclose(unit.delta, d) for unit, d in zip(hidden, by_hand))

# %% [markdown]
# ## Two outcomes
#
# *(Gerstner, week 5: G3, second part.)* Now $y$ is to be the **probability** of something that happens ($t = 1$) or
# does not ($t = 0$). Its likelihood is $y^t (1-y)^{1-t}$, and the negative logarithm is the **binary cross-entropy**
# $-t \log y - (1-t) \log(1-y)$. Gerstner's version subtracts what the target itself costs, so that a perfect output
# has loss 0 even for a target such as 0.3:
#
# $$E = t \log\frac{t}{y} + (1-t) \log\frac{1-t}{1-y}, \qquad
# \delta = -\left[\frac{t}{y} - \frac{1-t}{1-y}\right] \varphi'(z).$$
#
# For $t = 0$ or $t = 1$ one of the terms reads $0 \cdot \log 0$. Its limit is 0, and the library leaves the term out.

# %%
for t in (0, 0.3, 1):
    z = Value(0.4, "z")
    y = sigmoid(z)
    loss = relative_entropy(y, t)
    delta = -(t / y.data - (1 - t) / (1 - y.data)) * y.data * (1 - y.data)
    plain = binary_cross_entropy(y, t)
    print(f"t = {t:<3}  loss {loss.data:.4f}  plain cross-entropy {plain.data:.4f}  δ {delta:.4f}")
    assert math.isclose(gradient(loss, z), delta) and math.isclose(gradient(plain, z), delta)

assert relative_entropy(0.3, 0.3) == 0

# %% [markdown]
# The difference between the two losses is a constant, so they have the same δ.
#
# The course then takes the activation $\varphi(z) = \tfrac12 [1 + \tanh z]$ (`half_tanh` here), and everything
# cancels. Since $\varphi' = \tfrac12(1 - \tanh^2 z) = 2y(1-y)$,
#
# $$\delta = -\frac{t(1-y) - (1-t)y}{y(1-y)} \cdot 2y(1-y) = -2\,(t - y).$$
#
# And this $\varphi$ is no stranger: it is the logistic sigmoid of $2z$. That is where the factor 2 comes from.

# %%
for number in (-3.0, -0.5, 0.0, 0.8, 2.5):
    for t in (0, 0.3, 1):
        z = Value(number, "z")
        y = half_tanh(z)
        assert math.isclose(gradient(relative_entropy(y, t), z), -2 * (t - y.data), abs_tol=1e-15)
    assert math.isclose(half_tanh(number), sigmoid(2 * number), rel_tol=1e-14)
print("δ = −2 (t − y) at every point tried, and ½ (1 + tanh z) = σ(2z)")

# %% [markdown]
# ## Many classes
#
# *(DTU 02456, exercise 1: D-g.)* With $K$ classes the network gives $K$ numbers $z_k$, called **logits**. **Softmax**
# turns them into probabilities, positive and with sum 1:
#
# $$y_k = \frac{\exp(z_k)}{\sum_j \exp(z_j)}.$$
#
# The target is **one-hot**: 1 for the right class, 0 for the others. The likelihood of sample $n$ is
# $\prod_k y_k^{t_{nk}}$, which picks the probability of the right class, and over all samples the negative logarithm
# is the **cross-entropy**
#
# $$E = -\sum_n \sum_k t_{nk} \log y_k(x_n).$$

# %%
logits = [[2.0, 1.0, 0.0], [0.5, 0.5, 3.0]]
labels = [0, 2]  # the right classes; one-hot: [1, 0, 0] and [0, 0, 1]
assert one_hot(labels, 3) == [[1, 0, 0], [0, 0, 1]]

probabilities = [softmax(zs) for zs in logits]
for zs, ys, label in zip(logits, probabilities, labels):
    print("logits", zs, " probabilities", [round(y, 3) for y in ys], " right class", label)
    assert math.isclose(sum(ys), 1)

likelihood = probabilities[0][0] * probabilities[1][2]
E = sum(cross_entropy_from_probabilities(ys, t) for ys, t in zip(probabilities, labels))
print(f"-log({likelihood:.4f}) = {-math.log(likelihood):.4f}   cross-entropy {E:.4f}")
assert math.isclose(-math.log(likelihood), E)

# %% [markdown]
# ## The derivation, finished
#
# *(DTU 02456, exercise 1: D-i.)* What is δ for softmax with cross-entropy? Put softmax into the loss for one sample.
# The logarithm undoes the exponential, and as the $t_k$ add up to 1,
#
# $$L = -\sum_k t_k \log \frac{\exp z_k}{\sum_j \exp z_j} = -\sum_k t_k z_k + \log \sum_j \exp z_j .$$
#
# This is how `cross_entropy` computes it, from the logits, with the second term as one op, `logsumexp`. For three
# classes and the second one right the graph is small. Play it backwards, and watch what reaches $z_2$.

# %%
zs = [Value(1.0, "z1"), Value(2.0, "z2"), Value(0.0, "z3")]
L = cross_entropy(zs, 1)
L.name = "L"
L.backward()
diagram(L, engine="builtin")

# %% [markdown]
# The source's worked solution stops here, before the last step. Here it is. By the chain rule
#
# $$\frac{\partial}{\partial z_j} \log \sum_k \exp z_k = \frac{\exp z_j}{\sum_k \exp z_k} = y_j :$$
#
# the local derivatives of `logsumexp` *are* the softmax. The other term contributes $-t_j$. Together
#
# $$\delta_j = \frac{\partial L}{\partial z_j} = y_j - t_j ,$$
#
# one path for every class, and a second one, worth $-1$, for the right class.

# %%
print(path_table(L, zs[1]))
print()
print(path_table(L, zs[0]))
ys = softmax([1.0, 2.0, 0.0])
assert all(math.isclose(z.grad, y - t) for z, y, t in zip(zs, ys, [0, 1, 0]))

# %% [markdown]
# The δ of all classes add up to 0: what the right class gains, the others lose. The longer way, through softmax and
# then $-\log y$, has the same δ, since it is the same function.

# %%
zs = [Value(1.0), Value(2.0), Value(0.0)]
longer = gradient(cross_entropy_from_probabilities(softmax(zs), 1), zs)
direct = gradient(cross_entropy(zs, 1), zs)
print("δ =", [round(d, 4) for d in direct])
assert all(math.isclose(a, b) for a, b in zip(longer, direct))
assert abs(sum(direct)) < 1e-15

# %% [markdown]
# ## Logits of ±1000
#
# *(DTU 02456, exercise 1: D-i, continued.)* Early in training, or with unscaled inputs, logits can be large. The
# formulas as they stand on paper fail then: $e^{1000}$ is more than a floating-point number can hold (about
# $1.8 \cdot 10^{308}$), and a probability that is rounded to 0 has no logarithm.

# %%
large = [Value(1000.0, "z1"), Value(-1000.0, "z2")]
for words, attempt in {
    "exp(z1)": lambda: exp(large[0]),
    "-log of the second probability": lambda: -log(softmax(large)[1]),
}.items():
    try:
        attempt()
    except (OverflowError, ValueError) as error:
        print(f"{words}: {type(error).__name__}, {error}")

# %% [markdown]
# The remedy is to take out the largest logit $m$ before anything is exponentiated,
#
# $$\log \sum_j \exp z_j = m + \log \sum_j \exp(z_j - m), \qquad m = \max_j z_j ,$$
#
# so that every exponent is 0 or below, and never to form the probability itself on the way to the loss.
# `cross_entropy` and `binary_cross_entropy_from_logit` do that. (For two outcomes the same idea reads
# $\log(1 + e^z) = \max(z, 0) + \log(1 + e^{-|z|})$.)

# %%
for label in (0, 1):
    zs = [Value(1000.0), Value(-1000.0)]
    L = cross_entropy(zs, label)
    print(f"softmax, class {label}:  loss {L.data:6g}   δ {gradient(L, zs)}")
    assert (L.data, gradient(L, zs)) == [(0.0, [0.0, 0.0]), (2000.0, [1.0, -1.0])][label]
for number in (1000.0, -1000.0):
    for t in (0, 1):
        z = Value(number)
        L = binary_cross_entropy_from_logit(z, t)
        print(f"sigmoid, z = {number:5g}, t = {t}:  loss {L.data:5g}   δ {gradient(L, z):g}")
        assert L.data == (1000 if (number > 0) != t else 0)
        assert gradient(L, z) == (number > 0) - t

# %% [markdown]
# All finite, and δ is what it should be: 0 where the network is right, ±1 where it is entirely wrong.

# %% [markdown]
# ## Pairs of loss and activation
#
# *(JKU Linz, basic architectures: J3.)* Three pairs of loss and output activation have come up, and all of them have
# the same δ, output minus target (the sheet writes $\delta = a - y$):
#
# | what is predicted | output activation | loss | δ |
# |---|---|---|---|
# | any number | linear | $\tfrac12 (y - t)^2$ | $y - t$ |
# | one yes or no | sigmoid | $-t \log y - (1-t) \log (1-y)$ | $y - t$ |
# | one of $K$ classes | softmax | $-\sum_k t_k \log y_k$ | $y_k - t_k$ |

# %%
for number in (-4.0, -0.5, 1.5):
    z = Value(number)
    assert math.isclose(gradient(half_squared_error(z, 1), z), number - 1)
    y = sigmoid(z)
    assert math.isclose(gradient(binary_cross_entropy(y, 1), z), y.data - 1)
    zs = [z, Value(0.3), Value(-1.0)]
    ys = softmax(zs)
    slopes = gradient(cross_entropy_from_probabilities(ys, 0), zs)
    assert all(math.isclose(d, y.data - t) for d, y, t in zip(slopes, ys, [1, 0, 0]))
print("δ = y − t for all three pairs")

# %% [markdown]
# The sheet asks what may go wrong with other combinations. Take the squared error with a sigmoid. Then
# $\delta = (y - t)\, y\, (1 - y)$, and the last factors are close to 0 when the unit is **saturated**, far out on one
# of the sigmoid's flat ends. If it is saturated on the *wrong* side, $y \approx 0$ where $t = 1$, the error is as
# large as it can be and δ is nearly zero.

# %%
z = Value(-8.0, "z")
y = sigmoid(z)
paired = gradient(binary_cross_entropy(y, 1), z)
badly_paired = gradient(half_squared_error(y, 1), z)
print(f"y = {y.data:.6f}, target 1")
print(f"cross-entropy δ = {paired:.6f}\nsquared error δ = {badly_paired:.6f}")
assert paired < -0.999 and -0.0004 < badly_paired < 0

# %% [markdown]
# One unit, started at $z = -6$, shows what that means for training.


# %%
def outputs_while_learning(loss, start=-6.0, rate=1.0, steps=200):
    z, seen = Value(start), []
    for _ in range(steps):
        y = sigmoid(z)
        seen.append(y.data)
        z.data -= rate * gradient(loss(y, 1), z)
    return seen


pairs = {"cross-entropy": binary_cross_entropy, "squared error": half_squared_error}
figure = new_figure(9, 3.5)
left, right = figure.subplots(1, 2)
at = [Value(v) for v in grid(-8.0, 4.0, 150)]
for i, (name, loss) in enumerate(pairs.items()):
    style = {"color": CLASSES[i][1], "linestyle": DASHES[i], "label": name}
    left.plot([z.data for z in at], [gradient(loss(sigmoid(z), 1), z) for z in at], **style)
    right.plot(outputs_while_learning(loss), **style)
left.set(title="δ of a sigmoid unit, target 1", xlabel="pre-activation z", ylabel="δ")
right.set(title="gradient descent from z = −6", xlabel="step", ylabel="output y")
for axes in (left, right):
    axes.grid(alpha=0.3)
left.legend(loc="lower right")
figure

# %% [markdown]
# With the cross-entropy the unit is right within a dozen steps. With the squared error it has hardly moved after two
# hundred: it learns slowest where it is most wrong. (It does get there, after more than four hundred. Starting from
# $z = -8$ or further out it takes far longer.)

# %%
half_way = [y > 0.5 for y in outputs_while_learning(binary_cross_entropy)].index(True)
stuck = outputs_while_learning(half_squared_error)[-1]
late = [y > 0.5 for y in outputs_while_learning(half_squared_error, steps=1000)].index(True)
print(f"cross-entropy: y passes ½ at step {half_way}")
print(f"squared error: y = {stuck:.4f} after 200 steps, passes ½ at step {late}")
assert half_way < 12 and stuck < 0.01 and 400 < late < 500
assert outputs_while_learning(half_squared_error, start=-8.0, steps=1000)[-1] < 0.01

# %% [markdown]
# Other mismatches are stopped at once. A cross-entropy needs probabilities, and a linear output is none:

# %%
try:
    binary_cross_entropy(Value(1.7), 1)
except ValueError as error:
    print(error)

# %% [markdown]
# ## Normalised outputs
#
# *(UCSD CSE 190, week 4: U11.)* Softmax is not the only way to probabilities. A network whose last layer is ReLU has
# activations $a_k \ge 0$, and dividing by their sum **normalises** them:
#
# $$y_k = \frac{a_k}{\sum_j a_j}, \qquad L = -\log y_{\text{right}} .$$
#
# This costs one more step in backprop, the division, before the layers are reached. Its local derivatives are a whole
# matrix, because each $y_k$ depends on all $a_j$: $\partial y_k / \partial a_j = ([k = j] - y_k) / \sum_i a_i$, where
# $[k = j]$ is 1 if $k = j$ and else 0.

# %%
activations = [Value(1.0, "a1"), Value(3.0, "a2"), Value(4.0, "a3")]
total = sum(activations)
ys = [a / total for a in activations]
J = jacobian(ys, activations)
print("y =", [y.data for y in ys])
for k, row in enumerate(J):
    print(f"∂y{k + 1}/∂a =", row)
    assert row == [((k == j) - ys[k].data) / 8 for j in range(3)]

# %% [markdown]
# Now the whole loss, with class 2 right. From $a_2$ two paths lead to $L$: one through the numerator, one through the
# sum. Every other activation has the second path only. So $\partial L / \partial a_k = 1/\sum_j a_j - t_k / a_k$.

# %%
L = normalized_cross_entropy(activations, 1)
L.name = "L"
L.backward()
print(path_table(L, activations[1]))
assert [a.grad for a in activations] == [1 / 8, 1 / 8 - 1 / 3, 1 / 8]

# %%
diagram(L, engine="builtin", paths_from=activations[1], playable=False)

# %% [markdown]
# Without the extra step the loss would be $-\log a_2$. It could be lowered for ever by making $a_2$ larger, and the
# wrong classes would hear nothing: their gradient would be 0. The path through the sum is what tells them to shrink.
#
# In a whole ReLU network all of this lies in front of the usual layers. Every weight's gradient agrees with
# finite differences (more on those in [notebook 6](06_checking_gradients_and_jacobians.ipynb)):

# %%
relu_net = MLP(2, [4, 3], activation=["relu", "relu"], rng=44)
x = [0.8, -0.5]
report = check_gradients(lambda: normalized_cross_entropy(relu_net(x), 0), relu_net.parameters())
print("activations", [round(a.data, 3) for a in relu_net(x)])
print(report.verdict)
assert report and len(report.rows) == 27

# %% [markdown]
# There is a catch. A ReLU may give exactly 0, and if that is the right class, the loss is infinite. Softmax has no such
# hole, which is one reason why it is the usual choice.

# %%
try:
    normalized_cross_entropy([Value(0.0), Value(1.0)], 0)
except ValueError as error:
    print(error)

# %% [markdown]
# ## Softmax with a hinge
#
# *("Practical 1: pen and paper exercises": P3.)* The last loss does not ask for the highest probability but only for a
# safe lead. With outputs (logits) $o$, $p = \operatorname{softmax}(o)$ and the right class $y$,
#
# $$L = \sum_{j \ne y} \max(0,\; p_j - p_y + m),$$
#
# where $m$ is the **margin**. A wrong class costs nothing once $p_y$ is ahead of it by $m$. So samples
# that are safely right no longer pull on the weights, and the network can attend to the others. Probabilities differ by
# at most 1, so margins below 1 make sense.
#
# The gradient comes in two steps. By the probabilities: $g_j = 1$ for each wrong class inside the margin, 0 for
# one outside, and $g_y = -(\text{number inside})$. Then through softmax, whose Jacobian is
# $\partial p_k / \partial o_j = p_k([k = j] - p_j)$:
#
# $$\frac{\partial L}{\partial o_j} = \sum_k g_k\, p_k\,([k = j] - p_j) = p_j \Big(g_j - \sum_k g_k\, p_k\Big).$$

# %%
o, right, margin = [Value(2.0, "o1"), Value(1.4, "o2"), Value(-1.0, "o3")], 0, 0.5
p = softmax([v.data for v in o])
inside = [j != right and p[j] - p[right] + margin > 0 for j in range(3)]
g = [-sum(inside) if j == right else int(inside[j]) for j in range(3)]
mean = sum(a * b for a, b in zip(g, p))
by_hand = [p[j] * (g[j] - mean) for j in range(3)]

found = gradient(multiclass_hinge(o, right, margin), o)
print("p =", [round(v, 4) for v in p], "  inside the margin:", inside, "  g =", g)
print("∂L/∂o =", [round(v, 4) for v in found])
assert inside == [False, True, False]
assert all(math.isclose(a, b) for a, b in zip(found, by_hand))

# %% [markdown]
# Only class 2 is too close. Class 3 is out of the margin, and yet it gets a gradient: softmax ties all outputs
# together.
#
# For two classes everything depends on the lead $d = o_y - o_{\text{other}}$, so the hinge can be drawn beside the
# cross-entropy.

# %%
two = {
    "cross-entropy": lambda o: cross_entropy(o, 0),
    "hinge, margin 0.5": lambda o: multiclass_hinge(o, 0, 0.5),
}
figure, leads = new_figure(9, 3.5), grid(-6.0, 6.0, 200)
left, right_panel = figure.subplots(1, 2)
for i, (name, loss) in enumerate(two.items()):
    style = {"color": CLASSES[i][1], "linestyle": DASHES[i], "label": name}
    o = [[Value(d), 0.0] for d in leads]
    left.plot(leads, [loss(pair).data for pair in o], **style)
    right_panel.plot(leads, [gradient(loss(pair), pair[0]) for pair in o], **style)
left.set(title="loss", xlabel="lead d", ylabel="L")
right_panel.set(title="sent back to the right class", xlabel="lead d", ylabel="∂L/∂o")
left.legend()
for axes in (left, right_panel):
    axes.grid(alpha=0.3)
figure

# %% [markdown]
# Right of $d = \log 3 \approx 1.1$ (where $p_y = 0.75$ and $p_{\text{other}} = 0.25$, half apart) the hinge sends back
# exactly nothing, while the cross-entropy never quite lets go. On the far left the hinge sends back almost nothing
# either. A sample with a wrong label will not spoil much, but a network that starts out badly wrong learns slowly:
# softmax is saturated there, as the sigmoid was above.

# %%
for d in (math.log(3.0) + 1e-9, -6.0):
    o = [Value(d), Value(0.0)]
    let_go, held = gradient(multiclass_hinge(o, 0, 0.5), o)[0], gradient(cross_entropy(o, 0), o)[0]
    print(f"d = {d:6.3f}: hinge sends back {let_go:.4f}, cross-entropy {held:.4f}")
    assert (let_go == 0 and held < -0.24) if d > 0 else (-0.006 < let_go < 0 and held < -0.99)

# %% [markdown]
# ## Exercises
#
# Cells with a solution stand before a cell that checks it. Try first on paper.
#
# **1.** Another three activations, to be normalised: $a = (2, 1, 1)$, and class 1 is right. Fill in the products
# along the paths and their sums. (Answers may be numbers, or texts such as `"1/3"`.)

# %%
activations = [Value(2.0, "a1"), Value(1.0, "a2"), Value(1.0, "a3")]
loss = normalized_cross_entropy(activations, 0)
loss.name = "L"
sheet = worksheet(loss, activations, blanks=["products", "totals"])
sheet

# %% tags=["solution"]
answers = {1: "-1/2", 2: "1/4", 3: "1/4", 4: "1/4", 5: "-1/4", 6: "1/4", 7: "1/4"}

# %%
sheet.check(globals().get("answers", {}))

# %% [markdown]
# **2.** Write the cross-entropy of a list of logits and the number of the right class yourself, from `exp`, `log`
# and arithmetic, in such a way that logits of ±1000 work. (`max(zs, key=float)` finds the largest; take its `.data`, so
# that it counts as a constant.)


# %% tags=["solution"]
def my_cross_entropy(zs, label):
    m = max(zs, key=float).data
    return m + log(sum(exp(z - m) for z in zs)) - zs[label]


# %%
def judge_cross_entropy(mine):
    for numbers in ([1.0, 2.0, 0.0], [1000.0, -1000.0, 3.0], [-1000.0, -1000.0, -1000.0]):
        for label in range(3):
            zs = [Value(v) for v in numbers]
            try:
                loss, truth = mine(zs, label), cross_entropy(zs, label)
            except (ArithmeticError, ValueError) as error:
                return f"off: for logits {numbers} it stops with: {error}"
            if loss in (None, ...):
                return "not answered yet: return the loss"
            pairs = zip([loss.data, *gradient(loss, zs)], [truth.data, *gradient(truth, zs)])
            if not all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs):
                return f"off: for logits {numbers}, class {label}, loss or gradient differ"
    return "right: losses and gradients agree, large logits included"


if "my_cross_entropy" in globals():
    print(judge_cross_entropy(my_cross_entropy))
else:
    print("not answered yet: define my_cross_entropy")

# %% [markdown]
# **3.** Noise with heavier tails than Gaussian is often modelled by the Laplace density
# $p(t \mid y) = \frac{1}{2b} \exp(-|y - t| / b)$. Which of the losses above is its negative log-likelihood, up to a
# constant and a factor? And given the errors $y - t$, which $b$ is the best? Write the function.


# %% tags=["solution"]
def best_b(errors):  # the loss is lp_error with p = 1; N/b − Σ|e|/b² = 0 gives the mean of |e|
    return sum(abs(e) for e in errors) / len(errors)


# %%
def judge_b(mine, errors=(0.5, -1.0, 2.0, -4.5)):
    found = mine(errors)
    if found in (None, ...):
        return "not answered yet: return a number"
    b = Value(found, "b")
    slope = gradient(sum(log(2 * b) + abs(e) / b for e in errors), b)
    if abs(slope) > 1e-9:
        return f"off: at b = {found:g} the slope by b is {slope:.3g}, not 0"
    return "right: the slope by b is 0 there"


print(judge_b(best_b) if "best_b" in globals() else "not answered yet: define best_b")

# %% [markdown]
# **4.** A sigmoid output, target 1, squared error $\tfrac12 (y - 1)^2$. At which output $y$ is the pull $|\delta|$
# the strongest? (Write $\delta$ as a function of $y$, and use school calculus.)

# %% tags=["solution"]
strongest_y = 1 / 3  # δ = −(1 − y)² y; its derivative −(1 − y)(1 − 3y) is 0 at y = 1/3


# %%
def judge_strongest(y):
    if y in (None, ...):
        return "not answered yet: give a number between 0 and 1"
    pulls = {v: (1 - v) * v * (1 - v) for v in (y - 0.01, y, y + 0.01)}
    if max(pulls, key=pulls.get) != y:
        return "off: 0.01 further to one side the pull is stronger"
    return "right: to either side the pull is weaker"


print(judge_strongest(globals().get("strongest_y")))

# %% [markdown]
# ## Summary
#
# - A loss enters backpropagation through one number for each output,
#   $\delta = \partial L/\partial y \cdot \varphi'(z)$. From there on nothing changes.
# - Squared error is the negative log-likelihood of Gaussian noise; the best variance is $E/(ND)$, and the best
#   weights do not depend on it.
# - $|t - y|^p$: $p = 2$ seeks the mean, $p = 1$ the median.
# - Cross-entropies are negative log-likelihoods of outcomes. With the sigmoid or softmax, as for squared error with a
#   linear output, $\delta = y - t$.
# - The local derivatives of $\log\sum\exp$ are the softmax; take out the largest logit and nothing overflows.
# - A squared error behind a saturated sigmoid hardly learns, however wrong it is.
# - Normalised outputs cost one more step back; a hinge on probabilities lets go of what is safely right.
#
# Next: [6 · Checking gradients and Jacobians](06_checking_gradients_and_jacobians.ipynb).
