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
# # 4 · Delta errors
#
# The δ of notebook 3, now for networks of any depth, written first with sums and then with matrices. Three courses
# arrive at the same two lines of algebra on different roads; here they meet, and each line is set beside the engine.
#
# After this notebook you can …
#
# - write a network of $L$ layers as a nested formula and as a recursion, with the bias as one more weight;
# - show why a network without non-linearities is one single layer in disguise;
# - derive and program the δ recursion, and read off the gradient of any single weight;
# - write the same recursion as a product of matrices;
# - say what changes for classification, regression and several data points, and what does not.
#
# **Needed beforehand:** [2 · The sum over paths](02_sum_over_paths.ipynb) and
# [3 · One network by hand](03_one_network_by_hand.ipynb). Matrices are explained where they first stand. Allow 20
# minutes.
#
# **Sources:** Gerstner, *Artificial Neural Networks*, week 5 (G1); JKU Linz, *Deep Learning and Neural Networks I* (J2,
# J6); DTU 02456 *Deep Learning*, exercise 1, "Pen and paper" (D-a, D-b, D-c, D-d, D-j, D-k, D-l), which follows Bishop,
# *Pattern Recognition and Machine Learning*, chapter 5.
#
# The letters differ from course to course. Here is the dictionary; we use the first column.
#
# | | here | JKU, deep networks | DTU and Bishop | Practical 1 |
# |---|---|---|---|---|
# | pre-activation | $z$ | $s$ | $a$ | $s$ |
# | activation | $a = \varphi(z)$ | $a = f(s)$ | $z = h(a)$ | $z = f(s)$ |

# %%
import math

import numpy as np
from autograd import check_gradients, count_paths, diagram, exercise
from nn import MLP, SGD, cross_entropy, deltas, half_squared_error, softmax
from nn import layer_jacobian, loss_gradient, plot_jacobian


def close(found, expected, rel_tol=1e-12):
    """Whether two nested lists of numbers agree to 12 digits."""
    return np.allclose(found, expected, rtol=rel_tol, atol=1e-15)


# %% [markdown]
# ## A network as one formula
#
# The first three questions of DTU 02456, exercise 1 (D-a, D-b, D-c) ask for a network as a formula. With **one layer**
# of weights (D-a), output $k$ is
#
# $$y_k = \varphi\Bigl(\sum_{i=1}^{D} w_{ki} x_i + b_k\Bigr) = \varphi\Bigl(\sum_{i=0}^{D} w_{ki} x_i\Bigr)
# \qquad\text{with } x_0 = 1,\; w_{k0} = b_k.$$
#
# The second form treats the bias as the weight of an extra input that is always 1, which saves a letter in everything
# that follows. With **two layers** (D-b) the outputs of the first are the inputs of the second, so the formula is
# nested:
#
# $$y_k = \varphi_2\Bigl(\sum_{j=0}^{M} w^{(2)}_{kj}\, \varphi_1\Bigl(\sum_{i=0}^{D} w^{(1)}_{ji} x_i\Bigr)\Bigr).$$
#
# With **$L$ layers** (D-c) nobody nests any more. A recursion says it in two lines, starting at $a^{(0)} = x$ and
# ending at $y = a^{(L)}$, each layer again with an extra $a^{(l-1)}_0 = 1$:
#
# $$z^{(l)}_j = \sum_{i \ge 0} w^{(l)}_{ji}\, a^{(l-1)}_i, \qquad a^{(l)}_j = \varphi_l\bigl(z^{(l)}_j\bigr).$$
#
# With `bias="x0"` the library builds exactly this: each row of weights begins with that of the extra input.

# %%
two = MLP(2, [3, 1], activation="tanh", output="tanh", bias="x0", rng=0)
two.layers[0].set([[0.1, 0.5, -0.3], [-0.2, 0.8, 0.4], [0.0, -0.6, 0.9]])
two.layers[1].set([[0.3, 0.7, -0.5, 0.2]])

(W1, W2), x = [layer.weights for layer in two.layers], [1.0, 0.7, -0.4]  # x0 = 1 in front
hidden = [math.tanh(sum(w * v for w, v in zip(row, x))) for row in W1]
nested = math.tanh(sum(w * v for w, v in zip(W2[0], [1.0, *hidden])))

assert math.isclose(nested, two([0.7, -0.4]).data, rel_tol=1e-12)
print(f"nested formula {nested:.6f}   library {two([0.7, -0.4]).data:.6f}")


# %%
def recursion(layers, x):
    """a of the last layer, for layers of tanh units whose weights begin with that of the extra input."""
    a = x
    for rows in layers:
        a = [1.0, *a]
        a = [math.tanh(sum(w * v for w, v in zip(row, a))) for row in rows]
    return a


one = MLP(2, [1], activation=["tanh"], bias="x0", rng=2)
deep = MLP(2, [5, 4, 3, 1], activation=["tanh"] * 4, bias="x0", rng=1)
for layer in (*one.layers, *deep.layers):
    for neuron in layer.neurons:
        neuron.w[0].data = 0.25  # they start at 0, as biases do

for model in (one, two, deep):
    (found,), y = recursion([layer.weights for layer in model.layers], [0.7, -0.4]), model([0.7, -0.4])
    assert math.isclose(found, y.data, rel_tol=1e-12)
    print(f"layers: {len(model.layers)}   recursion {found:9.6f}   library {y.data:9.6f}")

# %% [markdown]
# ## Without non-linearities
#
# What if $\varphi$ is left out? This is question D-d of the DTU sheet, and JKU's notes on deep networks (J6) make the
# same point. A **matrix** $W$ is a rectangle of numbers, here the weights with a row for each unit; $W a$ is the list
# of sums $\sum_i w_{ji} a_i$, one for each row, and the **product** $W_2 W_1$ of two matrices is the matrix that does
# what $W_1$ and then $W_2$ would do. So without $\varphi$, and for now without biases,
#
# $$y = W_L \bigl( \cdots W_2 (W_1 x)\bigr) = (W_L \cdots W_2 W_1)\, x.$$
#
# All layers together are one matrix: a single layer. And a single matrix gives a function that is **linear** in $x$,
# which means $f(\alpha u + \beta v) = \alpha f(u) + \beta f(v)$. (NumPy writes the product as `@`.)


# %%
def outputs(model, x):
    return np.array([y.data for y in model(list(x))])


u, v = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.1, -1.0])
for name in ("linear", "tanh"):
    model = MLP(3, [5, 4, 2], activation=[name] * 3, bias=False, rng=0)
    together = outputs(model, 2 * u - 3 * v)
    apart = 2 * outputs(model, u) - 3 * outputs(model, v)
    print(f"{name:6}   f(2u - 3v) = {together.round(4)}   2 f(u) - 3 f(v) = {apart.round(4)}")
    assert close(together, apart) == (name == "linear")

# %%
model = MLP(3, [5, 4, 2], activation=["linear"] * 3, bias=False, rng=0)
W1, W2, W3 = (np.array(layer.weights) for layer in model.layers)
product = W3 @ W2 @ W1
assert close(product @ u, outputs(model, u))
print(f"{W1.size + W2.size + W3.size} weights in three layers do what these {product.size} do:")
print(product.round(4))

# %% [markdown]
# With biases (the extra $x_0 = 1$) a constant is added, and nothing else changes. So it is the bend in $\varphi$ that
# makes depth worth having.
#
# ## The backward pass by delta
#
# JKU's notes on the multilayer perceptron (J2) give the backward pass in three rules. Let
# $\delta = \partial L/\partial z$, one number for each unit and each sample.
#
# **Output.** The loss depends on $z_k$ through $a_k = \varphi(z_k)$ alone:
#
# $$\delta_k = \frac{\partial L}{\partial a_k}\, \varphi'(z_k).$$
#
# **Hidden.** Unit $j$ reaches the loss through all units $i$ of the next layer. One path segment leads from $z_j$
# through $a_j$ to each $z_i$, with the local derivatives $\varphi'(z_j)$ and $w_{ij}$. Segments in a row multiply,
# parallel ones add:
#
# $$\delta_j = \varphi'(z_j) \sum_i w_{ij}\, \delta_i.$$
#
# **Weights.** The weight $w_{ij}$ from $j$ to $i$ enters $z_i$ with the local derivative $a_j$, so
#
# $$\frac{\partial L}{\partial w_{ij}} = \delta_i\, a_j, \qquad \frac{\partial L}{\partial b_i} = \delta_i, \qquad
# \Delta w_{ij} = -\eta\, \delta_i\, a_j.$$
#
# Three rules, three functions, in plain Python:

# %%
PHI = {"tanh": math.tanh, "sigmoid": lambda z: 1 / (1 + math.exp(-z)), "linear": lambda z: z}
SLOPE = {  # φ'(z)
    "tanh": lambda z: 1 - math.tanh(z) ** 2,
    "sigmoid": lambda z: PHI["sigmoid"](z) * (1 - PHI["sigmoid"](z)),
    "linear": lambda z: 1.0,
}


def forward(weights, biases, names, x):
    """z of every layer, and a of every layer after the input."""
    zs, activations = [], [list(x)]
    for rows, bias, name in zip(weights, biases, names):
        below = activations[-1]
        zs.append([sum(w * a for w, a in zip(row, below)) + b for row, b in zip(rows, bias)])
        activations.append([PHI[name](z) for z in zs[-1]])
    return zs, activations


def backward(weights, names, zs, delta):
    """δ of every layer, from that of the last layer down."""
    found = [delta]
    for rows, name, z in zip(weights[:0:-1], names[-2::-1], zs[-2::-1]):
        arriving = [sum(d * row[j] for d, row in zip(found[0], rows)) for j in range(len(z))]
        found.insert(0, [SLOPE[name](v) * g for v, g in zip(z, arriving)])
    return found


def weight_gradients(found, activations):
    """∂L/∂w_ij = δ_i a_j, for each layer."""
    return [[[d * a for a in below] for d in delta] for delta, below in zip(found, activations)]


# %% [markdown]
# (The slice `weights[:0:-1]` runs from the last layer down to the second.) Beside the engine, for a network with a bias
# in each unit and a different $\varphi$ in each layer:


# %%
def numbers_of(model):
    """Weights, biases and the names of the activations, layer by layer, as plain numbers."""
    weights = [layer.weights for layer in model.layers]
    biases = [[neuron.b.data for neuron in layer.neurons] for layer in model.layers]
    return weights, biases, [layer.activation.name for layer in model.layers]


model = MLP(3, [4, 3, 2], activation=["tanh", "sigmoid", "tanh"], rng=7)
x, targets = [0.9, -0.4, 0.2], [0.5, -0.5]
weights, biases, names = numbers_of(model)

zs, activations = forward(weights, biases, names, x)
output = [(a - t) * SLOPE[names[-1]](z) for a, t, z in zip(activations[-1], targets, zs[-1])]
by_hand = backward(weights, names, zs, output)

loss = half_squared_error(model(x), targets)
loss.backward()
report = deltas(model)
assert all(close([unit.delta for unit in layer], row) for layer, row in zip(report.layers, by_hand))
report

# %%
by_rule = weight_gradients(by_hand, activations)
by_engine = loss_gradient(loss, model)
for layer in range(3):
    assert close(by_engine.weights[layer], by_rule[layer])
    assert close(by_engine.biases[layer], by_hand[layer])  # ∂L/∂b = δ

SGD(model.parameters(), learning_rate=0.1).step()
for layer, rows, gradient in zip(model.layers, weights, by_rule):
    assert close(layer.weights, np.array(rows) - 0.1 * np.array(gradient))
print("δ, weight gradients, bias gradients and the updated weights agree to 12 digits")

# %% [markdown]
# ## The weight from input 2 to unit 5
#
# Gerstner, *Artificial Neural Networks*, week 5 (G1) has two hidden layers,
#
# $$\hat y_n = \varphi_3\Bigl(\sum_i w^{(3)}_{ni}\, \varphi_2\Bigl(\sum_j w^{(2)}_{ij}\, \varphi_1\Bigl(\sum_k w^{(1)}_{jk}
# x_k\Bigr)\Bigr)\Bigr), \qquad E = \tfrac12 \sum_\mu \sum_n \bigl(t^\mu_n - \hat y^\mu_n\bigr)^2,$$
#
# and asks for a single number: $\partial E/\partial w^{(1)}_{52}$, the derivative by the weight from the second input
# to the fifth unit of the first layer. ($\mu$ counts the patterns, which is another word for samples or data points.)
#
# Take one pattern first. G1 works from the output down:
#
# $$\begin{aligned}
# \delta^{(3)}_n &= -(t_n - \hat y_n)\, \varphi_3'\bigl(z^{(3)}_n\bigr)\\
# \delta^{(2)}_i &= \varphi_2'\bigl(z^{(2)}_i\bigr) \sum_n \delta^{(3)}_n w^{(3)}_{ni}\\
# \delta^{(1)}_5 &= \varphi_1'\bigl(z^{(1)}_5\bigr) \sum_i \delta^{(2)}_i w^{(2)}_{i5}
# \end{aligned} \qquad\qquad \frac{\partial E}{\partial w^{(1)}_{52}} = \delta^{(1)}_5\, x_2.$$
#
# The exercise leaves the sizes open. We take 3 inputs, 6 and 4 hidden units, and 2 outputs.

# %%
model = MLP(3, [6, 4, 2], activation=["tanh", "sigmoid", "tanh"], rng=2)
x, targets = [0.5, -1.5, 0.25], [0.3, -0.6]
ys = model(x)
E = half_squared_error(ys, targets)
E.backward()
deltas(model)

# %%
delta_5 = deltas(model).layers[0][4].delta  # layer 1, unit 5; Python counts from 0
weight = model.parameter("w1_52")

print(f"δ of unit 5 times x2:     {delta_5:.6f} · {x[1]} = {delta_5 * x[1]:.6f}")
print(f"gradient of the weight:   {weight.grad:.6f}")
print(f"paths from w1_52 to E:    {count_paths(E, weight)}")
assert math.isclose(delta_5 * x[1], weight.grad, rel_tol=1e-12)
assert count_paths(E, weight) == 4 * 2

# %% [markdown]
# The 8 paths are the two nested sums of G1, multiplied out: from unit 5 to any of 4 units, and on to either of 2
# outputs. The picture shows the δ of every unit, and on each arrow the weight by which it goes from layer to layer (the
# loss, to the right of it, is left out):

# %%
diagram(ys, model=model, fold="neuron", digits=3, engine="builtin", playable=False)

# %% [markdown]
# ### Summing over patterns
#
# $E$ is a sum over patterns, so its derivative is a sum too. Each pattern has its own z, its own a, and its own δ:
#
# $$\frac{\partial E}{\partial w^{(1)}_{52}} = \sum_\mu \delta^{(1)\mu}_5\, x^\mu_2.$$

# %%
patterns = [([0.5, -1.5, 0.25], [0.3, -0.6]), ([-1.0, 0.4, 0.8], [-0.2, 0.9]), ([0.1, 0.7, -0.3], [0.5, 0.5])]
terms = []
for x, targets in patterns:
    half_squared_error(model(x), targets).backward()
    terms.append(deltas(model).layers[0][4].delta * x[1])

E = sum(half_squared_error(model(x), targets) for x, targets in patterns)
gradient = loss_gradient(E, model).weights[0][4][1]
print(" + ".join(f"({term:.6f})" for term in terms), f"= {sum(terms):.6f}")
assert math.isclose(gradient, sum(terms), rel_tol=1e-12)

# %% [markdown]
# ## The recursion with matrices
#
# JKU's notes on deep networks (J6) write a whole layer at once, $z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}$, and the
# backward rule as a product of matrices:
#
# $$\delta^{(l-1)\,T} \;=\; \delta^{(l)\,T}\; \underbrace{W^{(l)}\, \mathrm{diag}\bigl(\varphi'(z^{(l-1)})\bigr)}_{J^{(l)}}
# \;=\; \delta^{(l)\,T} J^{(l)}.$$
#
# The small $T$ says that δ is written as a row. $\mathrm{diag}(\dots)$ is a square matrix that has these numbers on its
# diagonal and 0 elsewhere; multiplying by it from the right scales each column. In words: the sums over the next layer
# first ($\delta^T W$), then each entry times its own $\varphi'$, which is the rule of J2. The matrix $J^{(l)}$ holds
# all $\partial z^{(l)}_i/\partial z^{(l-1)}_j$; a matrix of derivatives is called a **Jacobian**.

# %%
x, targets = patterns[0]
half_squared_error(model(x), targets).backward()
report = deltas(model)
W = [np.array(layer.weights) for layer in model.layers]
z = [np.array([unit.z for unit in layer]) for layer in report.layers]
delta = [np.array([unit.delta for unit in layer]) for layer in report.layers]

slope1 = 1 - np.tanh(z[0]) ** 2  # tanh'
slope2 = np.exp(-z[1]) / (1 + np.exp(-z[1])) ** 2  # sigmoid'
J2, J3 = W[1] @ np.diag(slope1), W[2] @ np.diag(slope2)

assert close(delta[1], delta[2] @ J3)
assert close(delta[0], delta[1] @ J2)
assert close(delta[0], delta[2] @ J3 @ J2)
print("δ(1)           ", delta[0].round(5))
print("δ(3) J(3) J(2) ", (delta[2] @ J3 @ J2).round(5))

# %% [markdown]
# So from the last layer to the first it is one product, $\delta^{(1)\,T} = \delta^{(L)\,T} J^{(L)} \cdots J^{(2)}$. It
# is the sum over all paths through the layers, regrouped: multiplied out, it has one term for each path. The library's
# `layer_jacobian` is a close relative. It takes the derivative of a layer's *activations* by its inputs,
# $\mathrm{diag}(\varphi'(z^{(l)}))\, W^{(l)}$, so the same two factors appear, grouped the other way:

# %%
a1 = [unit.a for unit in report.layers[0]]
assert close(layer_jacobian(model.layers[1], a1), np.diag(slope2) @ W[1])
assert J2.shape == np.array(layer_jacobian(model.layers[1], a1)).shape == (4, 6)
assert not close(layer_jacobian(model.layers[1], a1), J2)

# %% [markdown]
# As a picture, $J^{(2)}$ is $W^{(2)}$ with each column scaled by the slope of one unit. Columns 3 and 4 keep nearly all
# of their weights, for these units are near the middle of their tanh (slopes 0.87 and 0.98). Column 6 has faded: unit 6
# sits at $z = -2.01$, where tanh is nearly flat (slope 0.07).

# %%
assert slope1[[2, 3, 5]].round(2).tolist() == [0.87, 0.98, 0.07] and round(z[0][5], 2) == -2.01
# %matplotlib inline
plot_jacobian(J2, "J(2), the derivatives of z(2) by z(1)", rows="unit of layer 2", columns="unit of layer 1")

# %% [markdown]
# ## Classification
#
# The DTU sheet (D-j) asks for the backward pass of a **classifier**: the outputs go through softmax, which makes them
# probabilities $y_k$, and the loss is the cross-entropy $E = -\sum_k t_k \log y_k$ with a target $t$ that is 1 for the
# right class and 0 for the others. [The next notebook](05_losses_and_likelihood.ipynb) derives what comes out of the
# output layer, $\delta_k = y_k - t_k$. Granted that, D-j is the rule we know, in Bishop's letters (there $a$ is the
# pre-activation, $z = h(a)$):
#
# $$\delta^{(l)}_j = h'\bigl(a^{(l)}_j\bigr) \sum_k \delta^{(l+1)}_k w^{(l+1)}_{kj}, \qquad
# \frac{\partial E}{\partial w^{(l)}_{ji}} = \delta^{(l)}_j\, z^{(l-1)}_i.$$

# %%
classifier = MLP(2, [4, 3], activation="tanh", rng=3)  # three linear outputs; softmax is part of the loss
x, t = [0.1, -0.7], [1.0, 0.0, 0.0]
weights, biases, names = numbers_of(classifier)

zs, activations = forward(weights, biases, names, x)
y = softmax(zs[-1])
found = backward(weights, names, zs, [p - k for p, k in zip(y, t)])

E = cross_entropy(classifier(x), t)
E.backward()
print("y - t:      ", [round(p - k, 5) for p, k in zip(y, t)])
print("δ, output:  ", [round(unit.delta, 5) for unit in deltas(classifier).layers[1]])
assert close([unit.delta for unit in deltas(classifier).layers[1]], found[1])
assert close([unit.delta for unit in deltas(classifier).layers[0]], found[0])
assert close(loss_gradient(E, classifier).weights[0], weight_gradients(found, activations)[0])

# %% [markdown]
# ## Regression
#
# Question D-k asks for the same with **regression**, where the outputs are numbers to be hit: a linear output,
# $y_k = z_k$, and $E = \tfrac12 \sum_k (y_k - t_k)^2$. Now $\delta_k = \partial E/\partial z_k = y_k - t_k$ at once
# (without the ½ it would be twice that). It looks the same as in D-j, though $y$ means another thing, and below the
# output layer *everything* is the same: the very same function `backward`.

# %%
E = half_squared_error(classifier(x), t)
E.backward()
found = backward(weights, names, zs, [y - k for y, k in zip(zs[-1], t)])

for layer, by_rule in zip(deltas(classifier).layers, found):
    assert close([unit.delta for unit in layer], by_rule)
assert close(loss_gradient(E, classifier).weights[0], weight_gradients(found, activations)[0])
print("regression: δ of the hidden units", [round(d, 5) for d in found[0]])

# %% [markdown]
# A different loss changes the δ of the output layer, and nothing else in the recursion.
#
# ## More than one data point
#
# The last question (D-l): what if there are $N$ data points and $E = \sum_n E_n$? Each point has its own forward pass,
# hence its own $a$, $z$ and δ, and the weights are shared. So δ keeps an index $n$, and only the weight gradients are
# summed:
#
# $$\delta^{(l)}_{nj} = h'\bigl(a^{(l)}_{nj}\bigr) \sum_k \delta^{(l+1)}_{nk} w^{(l+1)}_{kj}, \qquad
# \frac{\partial E}{\partial w^{(l)}_{ji}} = \sum_n \delta^{(l)}_{nj}\, z^{(l-1)}_{ni}.$$

# %%
points = [([0.1, -0.7], [1.0, 0.0, 0.0]), ([1.2, 0.4], [0.0, 0.0, 1.0])]
passes = []
for x, t in points:
    zs, activations = forward(weights, biases, names, x)
    output = [p - k for p, k in zip(softmax(zs[-1]), t)]
    passes.append((backward(weights, names, zs, output), activations, zs))

summed = sum(np.array(weight_gradients(found, activations)[0]) for found, activations, _ in passes)

E = sum(cross_entropy(classifier(x), t) for x, t in points)
engine = np.array(loss_gradient(E, classifier).weights[0])
assert close(summed, engine)
print("∂E/∂w of the first layer, summed over the points:")
print(engine.round(5))

# %% [markdown]
# ### Two slips in the source's solution
#
# The worked solution that comes with D-l has two slips. The first: it **sums δ itself over the points**. A sum of
# products is not the product of the sums. Compare $\sum_n \delta_n x_n$ with $(\sum_n \delta_n)(\sum_n x_n)$, for the
# first hidden unit and the first input:

# %%
d = [found[0][0] for found, _, _ in passes]
x1 = [x[0] for x, _ in points]
print(f"Σ δ x      = {d[0]:.5f} · {x1[0]} + {d[1]:.5f} · {x1[1]} = {d[0] * x1[0] + d[1] * x1[1]:.5f}")
print(f"(Σ δ)(Σ x) = {sum(d):.5f} · {sum(x1):.1f} = {sum(d) * sum(x1):.5f}")
print(f"engine     = {engine[0][0]:.5f}")
assert math.isclose(d[0] * x1[0] + d[1] * x1[1], engine[0][0])
assert abs(sum(d) * sum(x1) - engine[0][0]) > 0.01

# %% [markdown]
# A summed δ cannot be handed down either. The recursion multiplies it by $h'(a_j)$, and there is no single $a_j$ to
# take: the two points have different ones. Whichever is used, the result is wrong.

# %%
together = np.sum([found[1] for found, _, _ in passes], axis=0)  # the output's δ, summed over the points
right = np.sum([found[0] for found, _, _ in passes], axis=0)
for n, (_, _, zs) in enumerate(passes, 1):
    slope = np.array([SLOPE["tanh"](v) for v in zs[0]])
    wrong = slope * (together @ np.array(weights[1]))
    print(f"with the a of point {n}: {wrong.round(4)}")
    assert np.abs(wrong - right).max() > 0.01
print(f"Σ δ, point by point: {right.round(4)}")

# %% [markdown]
# The second slip: it **gives the weights an index $n$**, as if each point had weights of its own. We can build that,
# with a copy of the network for each point. Then the gradient by the first copy knows nothing of the second point, and
# training would make two networks, each of which has seen one point.

# %%
copies = [MLP(2, [4, 3], activation="tanh", rng=3) for _ in points]  # the same seed, the same weights
assert all(close(copy.layers[0].weights, weights[0]) for copy in copies)

E = sum(cross_entropy(copy(x), t) for copy, (x, t) in zip(copies, points))
own = [np.array(loss_gradient(E, copy).weights[0]) for copy in copies]
for n, gradient in enumerate(own):
    assert close(gradient, weight_gradients(*passes[n][:2])[0])  # its own point's term, no more
    print(f"copy {n + 1}: ∂E/∂w_11 = {gradient[0][0]:8.5f}")
print(f"shared: ∂E/∂w_11 = {engine[0][0]:8.5f}")
assert close(own[0] + own[1], engine)

# %% [markdown]
# With one shared set of weights the two terms are added. That is the whole role of $n$: an index on the data, on $a$,
# $z$ and δ, never on $w$.
#
# ## An independent check
#
# By-hand formulas and the engine agree, but both rest on the same calculus. Finite differences do not. For all 27
# parameters of the classifier and both points:


# %%
def total():
    return sum(cross_entropy(classifier(x), t) for x, t in points)


report = check_gradients(total, classifier.parameters())
assert report and len(report.rows) == len(classifier.parameters()) == 27
print(str(report).splitlines()[-1])

# %% [markdown]
# ## Exercises
#
# Write your answer into the cell that holds the solution, and run the cell below it.
#
# ### 1 · A small network on paper
#
# Here $h_1$ and $h_2$ are hidden units, and $c_1$, $c_2$ the weights of the output. Find δ of the output and of both
# hidden units first; then each weight's derivative is one product, and that by $x$ a sum of two.

# %%
task = exercise(level=5, seed=10)
task

# %% tags=["solution"]
d_y = 2 * (2 * 0.5 - 1 * 2 - 2)  # h1 = sigmoid(0) = ½, h2 = relu(2) = 2, so y = -1
d_1, d_2 = d_y * 2 * 0.25, d_y * -1 * 1  # sigmoid'(0) = ¼, relu'(2) = 1
answers_1 = [d_1 * 3 + d_2 * 2, d_1 * 1, d_2 * 1, d_y * 0.5, d_y * 2]  # by x, w1, w2, c1, c2

# %%
task.worksheet("totals").check(globals().get("answers_1", []))

# %% [markdown]
# ### 2 · One layer back, with a matrix
#
# On paper: three ReLU units with $z^{(1)} = (0.5, -1, 2)$ feed two units, with
#
# $$W^{(2)} = \begin{pmatrix} 1 & 0 & 2\\ 3 & -1 & 1 \end{pmatrix}, \qquad \delta^{(2)} = (1, -2).$$
#
# What is $\delta^{(1)}$? Two of its entries are 0, for different reasons.

# %% tags=["solution"]
delta_1 = [1 * 1 + -2 * 3, 0, 1 * 2 + -2 * 1]  # unit 2 is switched off; at unit 3 the two paths cancel

# %%
truth = np.array([1, -2]) @ np.array([[1, 0, 2], [3, -1, 1]]) @ np.diag([1, 0, 1])
answer = globals().get("delta_1")
for j, number in enumerate(truth):
    if answer is None:
        verdict = "not answered yet"
    elif answer[j] == number:
        verdict = "right"
    else:
        verdict = "off; take column j of W times δ, then the factor ReLU'(z)"
    print(f"unit {j + 1}: {verdict}")

# %% [markdown]
# ### 3 · The recursion through six layers
#
# Write `layer_below(delta, W, slopes)`: δ of a layer from δ of the next one, the weights `W` between them (a row for
# each unit of the next layer) and the list of $\varphi'(z)$ of the layer itself. The checker takes it down a network of
# six tanh layers.


# %% tags=["solution"]
def layer_below(delta, W, slopes):
    arriving = [sum(d * row[j] for d, row in zip(delta, W)) for j in range(len(slopes))]
    return [slope * g for slope, g in zip(slopes, arriving)]


# %%
tower = MLP(2, [4, 3, 5, 4, 3, 2], activation=["tanh"] * 6, rng=5)
half_squared_error(tower([0.3, -0.8]), [1.0, -1.0]).backward()
layers = deltas(tower).layers
if "layer_below" not in globals():
    print("not answered yet")
else:
    d = [unit.delta for unit in layers[-1]]
    for number in range(5, 0, -1):
        slopes = [1 - unit.a**2 for unit in layers[number - 1]]
        d = list(layer_below(d, tower.layers[number].weights, slopes))
        right = close(d, [unit.delta for unit in layers[number - 1]])
        print(f"layer {number}: {'right' if right else 'off; which index of W does the sum run over?'}")

# %% [markdown]
# ### 4 · Several data points
#
# Write `gradient_of(deltas_of_points, inputs_of_points)`: the matrix $\partial E/\partial w_{ji}$ of one layer, as a
# list of rows, from the list of its δ (a list for each point) and the list of its inputs (likewise).


# %% tags=["solution"]
def gradient_of(deltas_of_points, inputs_of_points):
    units, width = range(len(deltas_of_points[0])), range(len(inputs_of_points[0]))
    pairs = list(zip(deltas_of_points, inputs_of_points))
    return [[sum(d[j] * x[i] for d, x in pairs) for i in width] for j in units]


# %%
ds, xs = [[1.0, -2.0], [0.5, 3.0], [-1.0, 1.0]], [[2.0, 0.0, 1.0], [-1.0, 4.0, 1.0], [3.0, 1.0, 1.0]]
truth = sum(np.outer(d, x) for d, x in zip(ds, xs))
slip = np.outer(np.sum(ds, axis=0), np.sum(xs, axis=0))
if "gradient_of" not in globals():
    print("not answered yet")
else:
    answer = np.array(gradient_of(ds, xs))
    if answer.shape != truth.shape:
        print(f"off; it should have {truth.shape[0]} rows of {truth.shape[1]}, a row for each unit")
    elif close(answer, truth):
        print("right")
    elif close(answer, slip):
        print("off; that is the first slip of D-l")
    else:
        print("off; multiply point by point, then add")

# %% [markdown]
# ## Summary
#
# - A network is a nested formula, or in two lines a recursion $z^{(l)} = W^{(l)} a^{(l-1)}$,
#   $a^{(l)} = \varphi(z^{(l)})$; the bias is the weight of an extra input 1.
# - Without $\varphi$ all layers collapse into one matrix.
# - $\delta = \partial L/\partial z$. Output: $\delta_k = \partial L/\partial a_k\, \varphi'(z_k)$. Hidden:
#   $\delta_j = \varphi'(z_j) \sum_i w_{ij} \delta_i$. Weight: $\partial L/\partial w_{ij} = \delta_i a_j$.
# - As matrices: $\delta^{(l-1)\,T} = \delta^{(l)\,T}\, W^{(l)}\, \mathrm{diag}(\varphi'(z^{(l-1)}))$.
# - Classification and regression differ in the output layer only.
# - With several data points the weight gradients are summed. δ keeps its index $n$; the weights have none.
#
# Next: [5 · Losses and likelihood](05_losses_and_likelihood.ipynb), where the δ of the output layer comes from.
