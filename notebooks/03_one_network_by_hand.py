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
# # 3 · One network by hand
#
# The sheet asks for one training step of a very small network, with a pencil: forward, backward, update. This notebook
# does every line of it, so that you can hold your own sheet against it, and it shows the one idea that makes the work
# short: the **δ** of each unit.
#
# After this notebook you can …
#
# - write the three weight gradients of a three-layer network as products, and see what they have in common;
# - carry δ from the output back through a layer;
# - do a full training step of a 2–3–1 network on paper: pre-activations, activations, loss, δ, gradients, new weights;
# - say what a ReLU that is switched off does to the numbers;
# - tell per-sample, batch and online updates apart, and say why online results depend on the order.
#
# **Needed beforehand:** [1 · First steps](01_first_steps.ipynb) and [2 · The sum over paths](02_sum_over_paths.ipynb).
# Allow about 20 minutes, and far more with the pencil.
#
# **Source:** *Practical 1: pen and paper exercises* (P1 and P2).

# %%
import math

from autograd import Value, diagram, paths, worksheet
from nn import MLP, SGD, deltas, half_squared_error, learning_curves, loss_gradient


# %% [markdown]
# ## Three layers on paper
#
# The first exercise (Practical 1: P1) has a network of three layers and a squared error,
#
# $$a_\text{out} = f_3\bigl(W_\text{out}\, f_2(W_2\, f_1(W_1 x))\bigr), \qquad L = \tfrac12 (a_\text{out} - y)^2,$$
#
# and asks for the derivatives of $L$ by the three weights. Some words first. What a unit adds up, weights times inputs,
# is its **pre-activation** $z$; what it makes of that, $a = f(z)$, is its **activation**; $y$ is the **target**, the
# value that the output should have. (The sheet writes $s$ for our $z$, $z$ for our $a$, and $y_\text{out}$,
# $y_\text{gt}$ for our $a_\text{out}$, $y$.)
#
# Let each layer have a single unit for now, so that each weight is a number and there is one path from each of them to
# the loss. Then the chain rule gives one product for each:
#
# $$\begin{aligned}
# \frac{\partial L}{\partial W_\text{out}} &= (a_\text{out} - y)\, f_3'(z_\text{out})\; a_2\\[6pt]
# \frac{\partial L}{\partial W_2} &= (a_\text{out} - y)\, f_3'(z_\text{out})\; W_\text{out}\, f_2'(z_2)\; a_1\\[6pt]
# \frac{\partial L}{\partial W_1} &= (a_\text{out} - y)\, f_3'(z_\text{out})\; W_\text{out}\, f_2'(z_2)\; W_2\, f_1'(z_1)\; x
# \end{aligned}$$
#
# The sheet leaves the functions open. We take $f_1 = f_3 = \tanh$ and $f_2 = \sigma$, the sigmoid
# $\sigma(z) = 1/(1 + \mathrm{e}^{-z})$, and some weights:

# %%
chain = MLP(1, [1, 1, 1], activation=["tanh", "sigmoid", "tanh"], bias=False, rng=0)
for layer, weight in zip(chain.layers, (0.8, -1.5, 1.2)):
    layer.set([[weight]])

loss = half_squared_error(chain([Value(0.5, "x")]), 0.25)
loss.name = "L"
loss.backward()

(path,) = paths(loss, chain.parameter("w1_11"))
print(" · ".join(f"{factor:.4g}" for factor in path.factors), f"= {path.product:.6f}")
diagram(loss, model=chain, fold="neuron", engine="builtin", playable=False)

# %% [markdown]
# (`w1_11` is the weight in layer 1, to unit 1, from input 1; likewise `w3_11` is $W_\text{out}$.) The picture has one
# box for each unit. The line above it is the one path from $W_1$ to the loss, factor by factor: $x$, $f_1'$, $W_2$,
# $f_2'$, $W_\text{out}$, $f_3'$, and at last $1 \cdot 2 (a_\text{out} - y) \cdot \tfrac12$ from the loss. That is the
# third formula, read from the right. All three by hand, in plain Python, beside the library's gradients:

# %%
w1, w2, w3, x, y = 0.8, -1.5, 1.2, 0.5, 0.25
a1 = math.tanh(w1 * x)
a2 = 1 / (1 + math.exp(-w2 * a1))
a3 = math.tanh(w3 * a2)
slope1, slope2, slope3 = 1 - a1**2, a2 * (1 - a2), 1 - a3**2  # the derivatives of tanh, sigmoid, tanh

by_hand = {
    "w3_11": (a3 - y) * slope3 * a2,
    "w2_11": (a3 - y) * slope3 * w3 * slope2 * a1,
    "w1_11": (a3 - y) * slope3 * w3 * slope2 * w2 * slope1 * x,
}
for name, product in by_hand.items():
    print(f"∂L/∂{name}   by hand {product:9.6f}   backward() {chain.parameter(name).grad:9.6f}")
    assert math.isclose(product, chain.parameter(name).grad, rel_tol=1e-12)

# %% [markdown]
# ### The common factors are the δ
#
# The three products of P1 begin alike, and each one goes a bit further than the one before. The common beginnings
# deserve a name:
#
# $$\delta = \frac{\partial L}{\partial z},$$
#
# the derivative of the loss by the pre-activation of a unit. With it P1 takes two rules instead of three formulas:
#
# $$\delta_\text{out} = (a_\text{out} - y)\, f_3'(z_\text{out}), \qquad
# \delta_{n-1} = \delta_n\, W_n\, f_{n-1}'(z_{n-1}), \qquad
# \frac{\partial L}{\partial W_n} = \delta_n\, a_{n-1}.$$
#
# Here $a_0 = x$. The gradient of a weight is always the δ at its head times the activation at its tail.

# %%
delta3 = (a3 - y) * slope3
delta2 = delta3 * w3 * slope2
delta1 = delta2 * w2 * slope1

assert math.isclose(delta1 * x, by_hand["w1_11"]) and math.isclose(delta2 * a1, by_hand["w2_11"])
report = deltas(chain)
for layer, by_rule in zip(report.layers, (delta1, delta2, delta3)):
    assert math.isclose(layer[0].delta, by_rule)
report

# %% [markdown]
# `deltas(model)` reads z, a and δ of every unit after a backward pass. (The lines below the table matter for deep
# networks: ‖δ‖ is the length of the vector of all δ of a layer.)
#
# ### More than one unit in a layer
#
# If the next layer has several units, then a unit reaches the loss through each of them. There are more paths, and
# paths add. So the δ of a hidden unit $j$ collects from all units $k$ of the next layer:
#
# $$\delta_j = f'(z_j) \sum_k w_{kj}\, \delta_k.$$
#
# In a dozen lines, for layers of any width, with the functions of P1:

# %%
PHI = {"tanh": math.tanh, "sigmoid": lambda z: 1 / (1 + math.exp(-z))}
SLOPE = {"tanh": lambda a: 1 - a * a, "sigmoid": lambda a: a * (1 - a)}  # φ'(z), written with a = φ(z)


def gradients_by_hand(weights, names, x, y):
    activations = [x]
    for rows, name in zip(weights, names):
        inputs = activations[-1]
        zs = [sum(w * a for w, a in zip(row, inputs)) for row in rows]
        activations.append([PHI[name](z) for z in zs])
    found, arriving = [], [activations[-1][0] - y]  # ∂L/∂a of the output
    for rows, name, a, below in reversed(list(zip(weights, names, activations[1:], activations))):
        delta = [SLOPE[name](v) * g for v, g in zip(a, arriving)]
        found.insert(0, [[d * b for b in below] for d in delta])  # δ at the head times a at the tail
        arriving = [sum(d * row[j] for d, row in zip(delta, rows)) for j in range(len(below))]
    return found


# %%
names = ["tanh", "sigmoid", "tanh"]
wide = MLP(2, [3, 3, 1], activation=names, bias=False, rng=1)
weights = [layer.weights for layer in wide.layers]
by_hand = gradients_by_hand(weights, names, [0.4, -0.9], 0.25)

by_engine = loss_gradient(half_squared_error(wide([0.4, -0.9]), 0.25), wide).weights
pairs = [pair for a, b in zip(by_hand, by_engine) for rows in zip(a, b) for pair in zip(*rows)]
assert len(pairs) == 6 + 9 + 3
assert all(math.isclose(*pair, rel_tol=1e-12) for pair in pairs)
print(f"all {len(pairs)} weights: by hand and by backward() the same to 12 digits")

# %% [markdown]
# ## The network of the sheet
#
# The second exercise (Practical 1: P2) has numbers. Two inputs, three hidden units with
# $\mathrm{ReLU}(z) = \max(0, z)$, one linear output (its activation is its pre-activation), no biases, and
# $L = \tfrac12 (a_\text{out} - y)^2$. The weights, and the four samples:
#
# $$W = \begin{pmatrix} 0.60 & 0.70 & 0.00\\ 0.01 & 0.43 & 0.88 \end{pmatrix}, \qquad
# w = \begin{pmatrix} 0.02 & 0.03 & 0.09 \end{pmatrix},$$
#
# $$(0.75,\, 0.80) \to 1, \quad (0.20,\, 0.05) \to 1, \quad (-0.75,\, 0.80) \to -1, \quad (0.20,\, -0.05) \to -1.$$
#
# The sheet has a row of $W$ for each input and a column for each hidden unit. The library has it the other way round, a
# row for each unit, so we hand it the columns. The learning rate is 0.5.

# %%
W = [[0.60, 0.70, 0.00], [0.01, 0.43, 0.88]]
w = [0.02, 0.03, 0.09]
SAMPLES = [([0.75, 0.80], 1), ([0.20, 0.05], 1), ([-0.75, 0.80], -1), ([0.20, -0.05], -1)]
ETA = 0.5


def sheet_network():
    """The network of the sheet, with its weights as they are at the start."""
    model = MLP(2, [3, 1], activation="relu", bias=False, rng=0)
    model.layers[0].set(zip(*W))  # columns become rows
    model.layers[1].set([w])
    return model


model = sheet_network()
model

# %% [markdown]
# ## The first sample, forward
#
# Here is P2 for the sample $(0.75, 0.80) \to 1$. Each pre-activation is a column of $W$ times the inputs:
#
# $$\begin{aligned}
# z_1 &= 0.60 \cdot 0.75 + 0.01 \cdot 0.80 = 0.458\\
# z_2 &= 0.70 \cdot 0.75 + 0.43 \cdot 0.80 = 0.869\\
# z_3 &= 0.00 \cdot 0.75 + 0.88 \cdot 0.80 = 0.704
# \end{aligned}$$
#
# All are positive, so ReLU leaves them as they are. The output and the loss:
#
# $$a_\text{out} = 0.02 \cdot 0.458 + 0.03 \cdot 0.869 + 0.09 \cdot 0.704 = 0.09859, \qquad
# L = \tfrac12 (0.09859 - 1)^2 = 0.40627.$$

# %%
x1, x2 = Value(0.75, "x1"), Value(0.80, "x2")
out = model([x1, x2])
loss = half_squared_error(out, 1)
out.name, loss.name = "out", "L"
loss.backward()

hidden = [unit.z for unit in deltas(model).layers[0]]
print("z:", ", ".join(f"{z:.3f}" for z in hidden), f"  a_out: {out.data:.5f}   L: {loss.data:.5f}")
assert [round(z, 12) for z in hidden] == [0.458, 0.869, 0.704]
assert round(out.data, 12) == 0.09859 and round(loss.data, 5) == 0.40627

# %% [markdown]
# ## The step page
#
# And here is P2 to be played. Each unit is one box, with its pre-activation z, its activation a, and δ; the number
# above is the layer, the one below the unit, so that $z^{(1)}_2$ belongs to the second hidden unit. Step through it with your sheet beside you,
# first forward, then backward. The bar at the top says what is computed at each step, in symbols and in numbers.

# %%
diagram(loss, model=model, fold="neuron", digits=5)

# %% [markdown]
# ## The first sample, backward
#
# The output is linear, $f_\text{out}' = 1$, so P2 starts with $\delta_\text{out} = a_\text{out} - y$. Each hidden unit
# is connected to the output by one weight, and its ReLU has the derivative 1 where $z_j > 0$ and 0 elsewhere:
#
# $$\delta_\text{out} = 0.09859 - 1 = -0.90141, \qquad \delta_j = \delta_\text{out}\, w_j \cdot [z_j > 0].$$
#
# (The bracket is 1 if the condition holds and 0 if not.)

# %%
d_out = 0.09859 - 1
for j in range(3):
    print(f"δ_{j + 1} = {d_out:.5f} · {w[j]:.2f} = {d_out * w[j]:.7f}")

first = deltas(model)
assert all(math.isclose(unit.delta, d_out * w[j]) for j, unit in enumerate(first.layers[0]))
first

# %% [markdown]
# Each gradient is δ at the head times activation at the tail: $\partial L/\partial w_j = \delta_\text{out}\, a_j$ for
# the output, and $\partial L/\partial W_{ij} = \delta_j\, x_i$ for the hidden units.


# %%
def table(title, rows):
    """A title, and rows of numbers below each other."""
    print(title)
    for name, numbers in rows:
        print(f"  {name:<12}", "  ".join(f"{number + 0.0:10.6f}" for number in numbers))


def as_on_the_sheet(layers):
    """Weights or gradients as the sheet writes them: a row for each input, and last the output's."""
    (first, (output,)) = layers
    return [("from x1", [row[0] for row in first]), ("from x2", [row[1] for row in first]), ("w", output)]


gradients = loss_gradient(loss, model).weights
table("gradients, first sample", as_on_the_sheet(gradients))
assert math.isclose(gradients[1][0][2], -0.90141 * 0.704)
assert math.isclose(gradients[0][1][0], -0.90141 * 0.03 * 0.75)

# %% [markdown]
# In the full graph, with every node unfolded, the same numbers stand as `grad` in the hexagons, which are the weights:

# %%
diagram(loss, engine="builtin", playable=False)

# %% [markdown]
# The update of P2 moves each weight against its gradient, $w \leftarrow w - 0.5\; \partial L/\partial w$:

# %%
SGD(model.parameters(), ETA).step()
new = [layer.weights for layer in model.layers]
table("weights after one step with the first sample", as_on_the_sheet(new))

after = half_squared_error(model([0.75, 0.80]), 1).data
print(f"\nloss of this sample: before {loss.data:.5f}, after {after:.5f}")
assert round(model.parameter("w2_13").data, 5) == 0.4073
assert after < loss.data

# %% [markdown]
# The last entry of $w$ has moved most, from 0.09 to 0.4073. Its gradient has the large factor $\delta_\text{out}$,
# whereas those of the hidden weights have the factor $w_j$ as well, and $w_j$ is small.
#
# ## All four samples, each by itself
#
# The sheet (P2) wants the same record for each sample, every time from the original weights. First z, a and δ:

# %%
records = []
for number, (x, y) in enumerate(SAMPLES, 1):
    model = sheet_network()
    loss = half_squared_error(model(x), y)
    loss.backward()
    hidden, (output,) = deltas(model).layers
    rows = [("z (sheet: s)", "z"), ("a (sheet: z)", "a"), ("δ", "delta")]
    title = f"sample {number}: x = ({x[0]}, {x[1]}), y = {y}"
    table(title, [(name, [getattr(unit, what) for unit in hidden]) for name, what in rows])
    print(f"  a_out {output.a:.6f}   loss {loss.data:.6f}   δ_out {output.delta:.6f}\n")
    records.append((loss, model))

assert [round(loss.data, 6) for loss, _ in records] == [0.40627, 0.488848, 0.565367, 0.505963]

# %% [markdown]
# Look at the third sample: $z_1$ and $z_2$ are negative, so ReLU gives 0 and has the derivative 0. Units 1 and 2 do not
# contribute to the output, and no δ comes back through them. The same happens to unit 3 in the fourth sample. The
# gradients show it as zeros: a weight into or out of a unit that is switched off learns nothing from that sample.

# %%
for number, (loss, model) in enumerate(records, 1):
    table(f"sample {number}, gradients", as_on_the_sheet(loss_gradient(loss, model).weights))

third, fourth = (loss_gradient(*records[k]).weights for k in (2, 3))
assert third[0][0] == third[0][1] == [0, 0] and third[1][0][:2] == [0, 0]
assert fourth[0][2] == [0, 0] and fourth[1][0][2] == 0

# %% [markdown]
# And the weights after one step with each, again from the original weights every time:

# %%
for number, (_, model) in enumerate(records, 1):
    SGD(model.parameters(), ETA).step()  # backward() has filled in the gradients above
    table(f"sample {number}, new weights", as_on_the_sheet([layer.weights for layer in model.layers]))

# %% [markdown]
# ## The batch
#
# For the **batch** of P2 the loss is the sum over all four samples, computed with the same weights. The derivative of a
# sum is the sum of the derivatives, so the four tables of gradients are added up, and then one step is taken.

# %%
model = sheet_network()
total = sum(half_squared_error(model(x), y) for x, y in SAMPLES)
total.backward()
summed = loss_gradient(total, model).weights
table("gradient of the batch", as_on_the_sheet(summed))

single = [loss_gradient(half_squared_error(model(x), y), model).weights for x, y in SAMPLES]
for layer in range(2):
    for j, row in enumerate(summed[layer]):
        for i, entry in enumerate(row):
            assert math.isclose(entry, sum(g[layer][j][i] for g in single), rel_tol=1e-12)


# %%
def total_loss(model):
    return sum(half_squared_error(model(x), y).data for x, y in SAMPLES)


SGD(model.parameters(), ETA).step()
table("weights after the batch", as_on_the_sheet([layer.weights for layer in model.layers]))
batch_loss = total_loss(model)
print(f"\nloss of the four samples: before {total.data:.4f}, after {batch_loss:.4f}")
assert (round(total.data, 4), round(batch_loss, 4)) == (1.9664, 1.6274)

# %% [markdown]
# The samples 1 and 3 pull $w_3$ in opposite directions ($-0.6346$ and $+0.7486$ in the tables above), and so most of it
# cancels in the sum: the batch moves $w_3$ only from 0.09 to 0.0547.
#
# ## Online
#
# **Online** learning takes a step after each sample, so the next sample meets the weights that the last one left. After
# the first, the numbers are no longer those of the single-sample tables:


# %%
def online(model, samples, eta):
    """One pass over the samples, with a step after each."""
    optimizer = SGD(model.parameters(), eta)
    for x, y in samples:
        loss = half_squared_error(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.data, deltas(model)


model = sheet_network()
losses = []
for number, (loss, report) in enumerate(online(model, SAMPLES, ETA), 1):
    losses.append(loss)
    hidden, (output,) = report.layers
    title = f"sample {number}: loss {loss:.6f}   δ_out {output.delta:.6f}, then the new weights"
    new = as_on_the_sheet([layer.weights for layer in model.layers])
    table(title, [("δ", [unit.delta for unit in hidden]), *new])

assert [round(loss, 6) for loss in losses] == [0.40627, 0.389038, 0.839348, 0.60197]

# %% [markdown]
# Compare the third sample: met first, its loss was 0.565. Met after two samples that pulled the output up, it is 0.839.
# In the opposite order the same four samples lead to other weights:

# %%
backwards = sheet_network()
for _ in online(backwards, reversed(SAMPLES), ETA):
    pass

print(f"total loss at the start     {total.data:.4f}")
print(f"after the batch             {batch_loss:.4f}")
print(f"after samples 1, 2, 3, 4    {total_loss(model):.4f}")
print(f"after samples 4, 3, 2, 1    {total_loss(backwards):.4f}")
assert round(total_loss(model), 4) == 1.6263
assert round(total_loss(backwards), 4) == 1.6196

# %% [markdown]
# ### Many steps
#
# One pass over the data is called an **epoch**. After one, batch and online came out close together. After 60 they need
# not:


# %%
def curve(mode, eta, epochs=60):
    model, losses = sheet_network(), []
    optimizer = SGD(model.parameters(), eta)
    for _ in range(epochs):
        if mode == "online":
            list(online(model, SAMPLES, eta))
        else:
            optimizer.zero_grad()
            sum(half_squared_error(model(x), y) for x, y in SAMPLES).backward()
            optimizer.step()
        losses.append(total_loss(model))
    return losses


curves = {f"{mode}, η = {eta}": curve(mode, eta) for eta in (0.5, 0.1) for mode in ("batch", "online")}
# %matplotlib inline
learning_curves(curves)

# %% [markdown]
# With the small learning rate batch and online nearly agree: the weights move so little between two samples that it
# hardly matters whether they are updated in between. With the sheet's rate of 0.5 they go different ways, and both jump
# up now and then: a gradient says which way is down *here*, and a step that long ends where this is no longer true.

# %%
gap = {eta: abs(curves[f"batch, η = {eta}"][-1] - curves[f"online, η = {eta}"][-1]) for eta in (0.5, 0.1)}
print(f"after 60 epochs batch and online differ by {gap[0.1]:.4f} (η = 0.1) and {gap[0.5]:.4f} (η = 0.5)")
assert 100 * gap[0.1] < gap[0.5]
for mode in ("batch", "online"):
    first, later = curves[f"{mode}, η = 0.5"][:15], curves[f"{mode}, η = 0.5"][15:]
    assert max(later) > min(first) + 0.5

# %% [markdown]
# ## Exercises
#
# Write your answer into the cell that holds the solution, and run the cell below it.
#
# ### 1 · The second sample, path by path
#
# On paper, from the original weights: the products along the paths, and the derivatives by the weight from $x_1$ to
# unit 2 and by the third weight of the output.

# %%
model = sheet_network()
out = model([Value(0.20, "x1"), Value(0.05, "x2")])
loss = half_squared_error(out, 1)
out.name, loss.name = "out", "L"
sheet = worksheet(loss, [model.parameter("w1_21"), model.parameter("w2_13")], ["products", "totals"])
sheet

# %% tags=["solution"]
answers_1 = [0.2 * 0.03 * -0.988785, 0.044 * -0.988785, -0.0059327, -0.0435065]

# %%
sheet.check(globals().get("answers_1", []))

# %% [markdown]
# ### 2 · The deltas of the fourth sample
#
# On paper: the pre-activations and δ of the three hidden units for $(0.20, -0.05) \to -1$, from the original weights.
# Write two lists of three numbers.

# %% tags=["solution"]
z_4 = [0.1195, 0.1185, -0.044]
delta_4 = [1.005945 * 0.02, 1.005945 * 0.03, 0]  # unit 3 is off

# %%
model = sheet_network()
half_squared_error(model([0.20, -0.05]), -1).backward()
truth = deltas(model).layers[0]
for name, wanted, hint in (
    ("z_4", [unit.z for unit in truth], "which column of W is it?"),
    ("delta_4", [unit.delta for unit in truth], "is the unit switched on?"),
):
    answer = globals().get(name)
    for j, number in enumerate(wanted):
        if answer is None:
            verdict = "not answered yet"
        elif math.isclose(answer[j], number, rel_tol=1e-3, abs_tol=1e-6):
            verdict = "right"
        else:
            verdict = f"off; {hint}"
        print(f"{name}, unit {j + 1}: {verdict}")

# %% [markdown]
# ### 3 · The whole step in plain Python
#
# Write `one_step(W, w, x, y, eta)` for this network, without the library: $W$ as on the sheet, two rows of three. It
# gives the new $W$ and the new $w$. The checker compares it with the engine for all four samples.


# %% tags=["solution"]
def one_step(W, w, x, y, eta):
    z = [W[0][j] * x[0] + W[1][j] * x[1] for j in range(3)]
    a = [max(0, v) for v in z]
    d_out = sum(w[j] * a[j] for j in range(3)) - y
    d = [d_out * w[j] * (z[j] > 0) for j in range(3)]  # with the old w
    new_W = [[W[i][j] - eta * d[j] * x[i] for j in range(3)] for i in range(2)]
    return new_W, [w[j] - eta * d_out * a[j] for j in range(3)]


# %%
if "one_step" not in globals():
    print("not answered yet")
else:
    for number, ((x, y), (_, model)) in enumerate(zip(SAMPLES, records), 1):  # these took their step above
        new_W, new_w = one_step(W, w, x, y, ETA)
        found = [*new_W[0], *new_W[1], *new_w]
        wanted = [v for _, row in as_on_the_sheet([layer.weights for layer in model.layers]) for v in row]
        pairs = zip(found, wanted, strict=True)
        right = all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs)
        verdict = "right" if right else "off; does δ_j use the old w, and is it 0 where z_j ≤ 0?"
        print(f"sample {number}: {verdict}")

# %% [markdown]
# ### 4 · The mean instead of the sum
#
# Many programs take the mean of the losses of a batch, not their sum. With which learning rate does one step on the
# mean of the four samples lead to the same weights as the sheet's step on the sum?

# %% tags=["solution"]
eta_of_mean = 2.0  # the mean's gradient is a quarter of the sum's

# %%
eta = globals().get("eta_of_mean")
if eta is None:
    print("not answered yet")
else:
    on_sum, on_mean = sheet_network(), sheet_network()
    for model, rate, count in ((on_sum, ETA, 1), (on_mean, eta, 4)):
        (sum(half_squared_error(model(x), y) for x, y in SAMPLES) / count).backward()
        SGD(model.parameters(), rate).step()
    pairs = [(p.data, q.data) for p, q in zip(on_sum.parameters(), on_mean.parameters())]
    same = all(math.isclose(p, q, rel_tol=1e-9) for p, q in pairs)
    print("right: the same weights" if same else "off; by which factor is the gradient of the mean smaller?")

# %% [markdown]
# ## Summary
#
# - The gradients of all layers share their first factors; the shared part is **δ = ∂L/∂z**.
# - Start: $\delta_\text{out} = (a_\text{out} - y)\, f'(z_\text{out})$. Back through a layer:
#   $\delta_j = f'(z_j) \sum_k w_{kj}\, \delta_k$. Gradient of a weight: δ at its head times activation at its tail.
# - A ReLU with $z \le 0$ is switched off: no activation goes forward, no δ comes back, its weights do not move.
# - **Batch**: add the gradients of all samples, taken at the same weights, then one step.
# - **Online**: a step after each sample. The result depends on the order, and approaches the batch's as η becomes
#   small.
#
# Next: [4 · Delta errors](04_delta_errors.ipynb), where there are many layers, and matrices do the bookkeeping.
