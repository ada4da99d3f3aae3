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
# # 6 · Checking gradients and Jacobians
#
# A gradient with a mistake in it does not crash. It trains a little worse, and nobody knows why. So gradients are
# tested, and the test is the definition of the derivative itself. The second half of this notebook goes from one
# output to many: tables of derivatives, and what to do with them.
#
# After this notebook you can …
#
# - test any gradient by finite differences, choose a good step, and find the wrong rule;
# - say what a derivative means at a kink, and where automatic differentiation can be off there;
# - read a **Jacobian**, and multiply Jacobians layer by layer;
# - work out the tensors $\partial f_j / \partial W$ of a two-layer network by hand;
# - change an *input* by gradient ascent until a network sees what you want it to see.
#
# **Needed beforehand:** paths and local derivatives from [notebook 1](01_first_steps.ipynb) and the losses of
# [notebook 5](05_losses_and_likelihood.ipynb).
#
# **Sources:** UCSD CSE 190, *Numerical Analysis for Artificial Intelligence*, week 4; JKU Linz, *Deep Learning and Neural
# Networks I*, basic architectures.

# %%
# %matplotlib inline
import math

from autograd import Value, check_gradients, diagram, dot, exp, gradient, jacobian, path_table
from autograd import relu, sigmoid, tanh, worksheet
from nn import MLP, Adam, ascend_input, plot_ascent, cross_entropy, datasets, fit, plots, toys
from nn import half_squared_error, softmax, squared_error
from nn import input_jacobian, layer_jacobian, loss_gradient, parameter_jacobian, plot_jacobian
from nn.plots import CLASSES, DASHES, new_figure

# %% [markdown]
# ## The definition as a test
#
# *(UCSD CSE 190, week 4: U5.)* The derivative is the limit of $\frac{f(x+h) - f(x)}{h}$ for small $h$. With an $h$
# that is small but not zero this is a **finite difference**, and it needs nothing but the function: no graph, no
# rules. If backprop and the finite difference agree, input by input, backprop is right.


# %%
def f(x):
    return exp(-x) * x * x  # f' = (2x - x²) e^(-x)


x, h = Value(0.8, "x"), 1e-5
backprop = gradient(f(x), x)
difference = (f(0.8 + h) - f(0.8)) / h
print(f"backprop {backprop:.10f}\nforward  {difference:.10f}")
assert math.isclose(backprop, (1.6 - 0.64) * math.exp(-0.8))
assert 1e-7 < abs(difference - backprop) < 1e-5

# %% [markdown]
# They agree in five digits. Why not in all of them, and would a smaller $h$ help? Two errors compete. The function
# bends, so a **forward difference** is off by about $\tfrac{h}{2} f''$; this falls with $h$. And the two values of $f$
# are rounded to about 16 digits, so their difference, divided by $h$, is off by about $10^{-16}/h$; this *grows* as
# $h$ falls. A **central difference** looks to both sides, $\frac{f(x+h) - f(x-h)}{2h}$, and its first error is only of
# order $h^2$.

# %%
steps = [10 ** (-k / 4) for k in range(2, 61)]
forward = [abs((f(0.8 + h) - f(0.8)) / h - backprop) for h in steps]
central = [abs((f(0.8 + h) - f(0.8 - h)) / (2 * h) - backprop) for h in steps]

figure = new_figure(7, 3.5)
axes = figure.subplots()
for i, (name, errors) in enumerate({"forward": forward, "central": central}.items()):
    axes.loglog(steps, errors, DASHES[i], color=CLASSES[i][1], label=f"{name} difference")
axes.set(xlabel="step h", ylabel="error")
axes.grid(alpha=0.3)
axes.legend()
assert 1e-9 < steps[forward.index(min(forward))] < 1e-7
assert 1e-7 < steps[central.index(min(central))] < 1e-4
figure

# %% [markdown]
# Read it from right to left: both errors fall as $h$ shrinks, the central one twice as steeply, until rounding takes
# over and throws them up again. A good step is neither large nor tiny: for the forward difference around $10^{-8}$,
# for the central one around $10^{-5}$.
#
# `check_gradients` uses central differences and chooses the step for each input by itself. It takes a function and a
# point:

# %%
check_gradients(lambda x, y, z: (x * y + z) ** 2 + exp(x - y * z), [1.0, 2.0, 0.0])

# %% [markdown]
# It takes a network as well. Then it is given a function without arguments, and the Values to vary: here every weight
# and bias, one after the other.

# %%
model = MLP(2, [3, 1], activation="tanh", output="sigmoid", rng=0)
report = check_gradients(lambda: half_squared_error(model([0.3, -0.8]), 1.0), model.parameters())
for row in report.rows[:3] + report.rows[-2:]:
    print(f"{row.name}   backprop {row.backprop:9.6f}   difference {row.difference:9.6f}")
print(report.verdict)
assert report and len(report.rows) == 13

# %% [markdown]
# At least two runs of the network for each of the 13 parameters, against one backward pass for all of them. That is why finite
# differences are for testing and not for training.

# %% [markdown]
# ## When it is wrong
#
# Let us make the mistakes that such tests are for. **First**, a wrong rule: an op of our own, whose local derivative
# forgets a square ($1 - \tanh$ for $1 - \tanh^2$). The check names the op.

# %%
from autograd.op import Op

hasty_tanh = Op("hasty_tanh", math.tanh, (lambda x, out: 1.0 - out,), "tanh with a wrong derivative")
report = check_gradients(lambda x, y: hasty_tanh(x * y) + x, [0.5, 2.0])
assert not report and report.suspects[0].op == "hasty_tanh"
report

# %% [markdown]
# **Second**, a number that was taken out of the graph. With `.data` the second factor is a plain number, and backprop
# cannot know that it depends on $x$. Every single rule is right, and still the gradient is wrong.

# %%
report = check_gradients(lambda x, y: tanh(x * y) * x.data, [0.5, 2.0])
assert not report and not report.suspects
report

# %% [markdown]
# ## One function, two graphs
#
# *(UCSD CSE 190, week 4: U2.)* A function has one gradient but many graphs. The sigmoid of a weighted sum,
#
# $$f = \frac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}},$$
#
# can be built from elementary ops. Play it: forward, then backward, one local derivative at a time.


# %%
def leaves():
    named = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
    return [Value(number, name) for name, number in named.items()]


w0, x0, w1, x1, w2 = elementary = leaves()
long = 1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))
long.name = "f"
long.backward()
diagram(long, engine="builtin", rankdir="TB")

# %% [markdown]
# Or it can be built with `sigmoid` as one op, whose rule $\sigma' = \sigma(1 - \sigma)$ somebody has worked out once
# and for all.

# %%
w0, x0, w1, x1, w2 = whole = leaves()
short = sigmoid(w0 * x0 + w1 * x1 + w2)
short.name = "f"
short.backward()
diagram(short, engine="builtin", playable=False)

# %%
for a, b in zip(elementary, whole):
    print(f"∂f/∂{a.name}   {a.grad:8.5f}   {b.grad:8.5f}")
    assert math.isclose(a.grad, b.grad)
print(f"f       {long.data:8.5f}   {short.data:8.5f}")
assert math.isclose(long.data, short.data)

# %% [markdown]
# Same value, same gradient. The second graph is smaller, faster, and it survives where the first one does not: at
# $s = -1000$ the elementary one needs $e^{1000}$.

# %%
try:
    1 / (1 + exp(-Value(-1000.0)))
except OverflowError as error:
    print("elementary ops:", error)
print("one op:", sigmoid(Value(-1000.0)).data)

# %% [markdown]
# ## Vectors, and a stray sign
#
# *(UCSD CSE 190, week 4: U3.)* With several inputs and outputs, the derivatives form a table. The **Jacobian**
# $\partial y / \partial x$ of $y$ by $x$ has a row for each output and a column for each input. If a number $z$
# depends on $y$ and $y$ on $x$, the chain rule for vectors reads
#
# $$\nabla_x z = \left(\frac{\partial y}{\partial x}\right)^{\!T} \nabla_y z ,$$
#
# where $\nabla_x z$, the **gradient**, lists the derivatives of $z$ by each $x_i$. Multiplying by the transposed
# Jacobian is what a backward pass does, without ever writing the table down.

# %%
x = [Value(1.0, "x1"), Value(-2.0, "x2"), Value(0.5, "x3")]
y = [x[0] * x[1], exp(x[2]) + x[0]]
z = y[0] ** 2 + 3 * y[1]

J, by_y = jacobian(y, x), gradient(z, y)
by_x = [sum(J[j][i] * by_y[j] for j in range(2)) for i in range(3)]
for row in J:
    print("∂y/∂x:", [round(v, 4) for v in row])
print("∇y:   ", by_y)
print("∇x:   ", [round(v, 4) for v in by_x])
assert all(math.isclose(a, b) for a, b in zip(by_x, gradient(z, x)))

# %% [markdown]
# For one sigmoid unit $a = \sigma(x \cdot w + b)$ this gives
#
# $$\nabla_w\, a = x\, \sigma(1 - \sigma), \qquad \nabla_x\, a = w\, \sigma(1 - \sigma).$$
#
# The chain on the slide has one factor $-1$ more than that. Where might it come from? Look at one path of the
# elementary graph above.

# %%
print(path_table(long, elementary[0]))

# %% [markdown]
# There are *two* negative factors after $\partial v_1/\partial w_0 = x_0 = -1$: the $-1$ of the minus sign in
# $e^{-s}$, and the derivative of $1/v$, which is $-1/v^2 \approx -0.534$. Together they make $+$. Who writes down one
# of them and forgets the other is left with a stray $-1$. The numbers decide: the gradient with the extra sign fails
# the check.

# %%
weights, inputs, bias = [0.5, -1.0], [2.0, 0.25], 0.1


def unit(w1, w2):
    return sigmoid(dot([w1, w2], inputs, bias))


a = unit(*weights)
correct = [x * a * (1 - a) for x in inputs]
report = check_gradients(unit, weights)
for row, by_formula in zip(report.rows, correct):
    slope = row.difference
    print(f"∂a/∂{row.name}: difference {slope:.5f}, formula {by_formula:.5f}, with −1 {-by_formula:.5f}")
    assert math.isclose(row.backprop, by_formula)
    assert math.isclose(row.difference, by_formula, rel_tol=1e-6)
    assert not math.isclose(row.difference, -by_formula, rel_tol=1e-2)

# %% [markdown]
# ## ReLU and its kink
#
# *(UCSD CSE 190, week 4: U4.)* $\operatorname{ReLU}(x) = x$ for $x > 0$ and 0 otherwise. Its derivative is 1 for
# $x > 0$ and 0 for $x < 0$. At 0 itself there is none: to the left the slope is 0, to the right it is 1. One has to
# choose, and this library takes 0, as most do.

# %%
for number in (2.0, -2.0, 0.0):
    x = Value(number)
    print(f"x = {number:4}: ReLU {relu(x).data}, derivative {gradient(relu(x), x)}")
    assert (relu(x).data, gradient(relu(x), x)) == ((2.0, 1.0) if number > 0 else (0.0, 0.0))

plots.activations(["relu"])

# %% [markdown]
# The gradient check knows about kinks. It accepts whatever lies between the slopes on either side.

# %%
report = check_gradients(lambda x: relu(x), [0.0])
left, right = report.rows[0].sides
print(f"slope to the left {abs(left):g}, to the right {right:g}; backprop {report.rows[0].backprop:g}")
print(report.verdict)
assert report and report.rows[0].sides == (0, 1)

# %% [markdown]
# It is a choice for each op alone, though, and choices do not always add up.
# $\operatorname{ReLU}(x) - \operatorname{ReLU}(-x)$ is $x$, whatever $x$ is, so its derivative is 1 everywhere. At
# exactly 0 each ReLU answers 0.

# %%
report = check_gradients(lambda x: relu(x) - relu(-x), [0.0])
left, right = report.rows[0].sides
print(f"slope to the left {abs(left):g}, to the right {right:g}; backprop {report.rows[0].backprop:g}")
print(report.verdict)
assert report.rows[0].backprop == 0 and not report

# %% [markdown]
# In training this hardly matters, since a pre-activation is almost never exactly 0. It is good to know when a test on
# round numbers disagrees.

# %% [markdown]
# ## Tensors of derivatives
#
# *(UCSD CSE 190, week 4: U9.)* Now a network with two layers and several outputs, without activation functions:
# $H_1 = W_1 X + b$, $f(X) = H_2 = W_2 H_1$. The course gives $X = (1, 1, 1)$, $H_1 = (6, 15, 24)$ and
#
# $$W_2 = \begin{pmatrix} 1 & 1 & 0 \\ 0 & 1 & 1 \\ 1 & 0 & 1 \end{pmatrix}, \qquad
# H_2 = f = (21, 39, 30), \qquad \text{target } Y = (20, 0, 0).$$
#
# $W_1$ is not printed. As $X$ consists of ones, each row of $W_1$ has to add up to an entry of $H_1$ (with $b = 0$),
# and the numbers 1 to 9 do it: $1+2+3 = 6$, $4+5+6 = 15$, $7+8+9 = 24$. That is the $W_1$ we take. It is our find, not
# the course's, and others do as well.

# %%
net = MLP(3, [3, 3], activation=["linear", "linear"], bias=False, rng=0)
net.layers[0].set([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
net.layers[1].set([[1, 1, 0], [0, 1, 1], [1, 0, 1]])

X, Y = [1.0, 1.0, 1.0], [20.0, 0.0, 0.0]
H1, H2 = net.layers[0](X), net(X)
print("H1 =", [v.data for v in H1], "  H2 =", [v.data for v in H2])
assert [v.data for v in H1] == [6, 15, 24] and [v.data for v in H2] == [21, 39, 30]

# %% [markdown]
# Each output $f_j$ has a derivative by each weight $W_{1,ki}$: a matrix for each $j$, and so $3 \times 3 \times 3$
# numbers altogether. Such a block with three indices is a **tensor**. The chain rule sums over what lies between, the
# hidden units:
#
# $$\frac{\partial f_j}{\partial W_1} = \sum_k \frac{\partial f_j}{\partial H_{1,k}} \cdot \frac{\partial H_{1,k}}{\partial W_1},
# \qquad \frac{\partial f_j}{\partial W_{1,ki}} = W_{2,jk}\, X_i .$$
#
# In words: $f_j$ feels the weights of hidden unit $k$ if and only if $W_2$ connects it to that unit.

# %%
found = parameter_jacobian(net, X)
by_W1 = [found.weights[j][0] for j in range(3)]  # of output j, layer 0
by_W2 = [found.weights[j][1] for j in range(3)]
for name, tensor in (("W1", by_W1), ("W2", by_W2)):
    for j in range(3):
        print(f"∂f{j + 1}/∂{name} =", [[int(v) for v in row] for row in tensor[j]])

W2 = net.layers[1].weights
assert all(by_W1[j][k][i] == W2[j][k] * X[i] for j in range(3) for k in range(3) for i in range(3))
assert all(by_W2[j][k][i] == (j == k) * H1[i].data for j in range(3) for k in range(3) for i in range(3))

# %% [markdown]
# The tensor by $W_2$ is mostly empty: $f_j$ depends on row $j$ of $W_2$ alone, with $H_1$ as the local derivatives.
#
# The error is $f - Y = (1, 39, 30)$. Weighting the three matrices by it and adding them gives the course's result.

# %%
error = [f.data - t for f, t in zip(H2, Y)]
contracted = [[sum(error[j] * by_W1[j][k][i] for j in range(3)) for i in range(3)] for k in range(3)]
print("f − Y =", error)
for row in contracted:
    print(row)
assert contracted == [[31] * 3, [40] * 3, [69] * 3]

# %% [markdown]
# The loss on the slide is $\lVert f - Y \rVert^2$ (for one example), and its gradient is twice that: the 2 of the
# square is left out there, as it is right for $\tfrac12 \lVert f - Y \rVert^2$. Backprop gets both without any tensor,
# in one pass.

# %%
assert loss_gradient(half_squared_error(net(X), Y), net).weights[0] == contracted
assert loss_gradient(squared_error(net(X), Y), net).weights[0] == [[62] * 3, [80] * 3, [138] * 3]
print("½‖f − Y‖²:", loss_gradient(half_squared_error(net(X), Y), net).weights[0])

# %% [markdown]
# Two remarks. $\partial f/\partial W_1$ does not contain $W_1$, so any other $W_1$ with the same $H_1$ gives the same
# numbers (exercise 3). And the 27 numbers were computed only to be added up at once into 9. Backprop never forms
# them: from $\delta_2 = f - Y$ it goes to $\delta_1 = W_2^T \delta_2 = (31, 40, 69)$, and each row of the result is
# $\delta_{1,k} X$.

# %% [markdown]
# ## The same with a sigmoid
#
# *(UCSD CSE 190, week 4: U10.)* Put a sigmoid between the layers: $f = W_2\, \sigma(V)$ with $V = W_1 X = (3, 0, -1)$
# and the same $W_2$. The sigmoid works on each unit alone, so its Jacobian is a diagonal matrix, and
#
# $$\frac{\partial f}{\partial V} = W_2 \operatorname{diag}(\sigma(1 - \sigma)), \qquad
# \frac{\partial f_j}{\partial W_{1,ki}} = W_{2,jk}\, \sigma_k (1 - \sigma_k)\, X_i .$$

# %%
net = MLP(3, [3, 3], activation=["sigmoid", "linear"], bias=False, rng=0)
net.layers[0].set([[1, 1, 1], [1, 0, -1], [0, 0, -1]])  # a W1 of our own: the rows add up to V
net.layers[1].set(W2)
outputs = net(X)
V = [neuron.last[0] for neuron in net.layers[0].neurons]  # the pre-activations of this call
s = [sigmoid(v.data) for v in V]
print("V =", [v.data for v in V], "  σ(V) =", [round(a, 2) for a in s])
assert [v.data for v in V] == [3, 0, -1] and [round(a, 2) for a in s] == [0.95, 0.5, 0.27]

J = jacobian(outputs, V)
tensor = [parameter_jacobian(net, X).weights[j][0] for j in range(3)]
for j in range(3):
    print(f"∂f{j + 1}/∂V =", [round(v, 4) for v in J[j]])
    for k in range(3):
        assert math.isclose(J[j][k], W2[j][k] * s[k] * (1 - s[k]))
        assert all(math.isclose(tensor[j][k][i], J[j][k] * X[i]) for i in range(3))

# %% [markdown]
# The unit at $V = 0$ lets a quarter of everything through, the one at $V = 3$ only 0.045. What that does to deep
# networks is a story of its own.

# %% [markdown]
# ## Three Jacobians
#
# *(JKU Linz: J8.)* Three tables of derivatives are in use around a network.
#
# 1. **The loss by the parameters**: a table with one row, the gradient that training uses (`loss_gradient`).
# 2. **The outputs by the inputs**: how sensitive the network is to what it is fed (`input_jacobian`).
# 3. **One layer's outputs by its inputs**: $\operatorname{diag}(\varphi'(Wx + b))\, W$ (`layer_jacobian`).
#
# The third is the brick the second is built of: going through the layers one after the other multiplies their
# Jacobians, the last layer's on the left.

# %%
import numpy

net = MLP(4, [6, 5, 3], activation=["tanh", "sigmoid", "linear"], rng=3)
x = [0.5, -1.0, 0.25, 2.0]

product, a = numpy.eye(4), x
for layer in net.layers:
    product = numpy.array(layer_jacobian(layer, a)) @ product
    a = [v.data for v in layer(a)]
assert numpy.allclose(product, input_jacobian(net, x), rtol=1e-12)

W, z = numpy.array(net.layers[0].weights), numpy.array(net.layers[0].weights) @ x
assert numpy.allclose(layer_jacobian(net.layers[0], x), numpy.diag(1 - numpy.tanh(z) ** 2) @ W)

plot_jacobian(input_jacobian(net, x), "∂ outputs / ∂ inputs")

# %% [markdown]
# Red is positive, blue negative. Row 1, column 4, for instance, says by how much output 1 rises when input 4 rises by
# a little, per unit of that little.

# %% [markdown]
# ## Gradient ascent on an input
#
# *(JKU Linz: J8, continued.)* Training moves the weights and holds the input fixed. Nothing keeps us from doing it the
# other way round: hold the weights, and move the *input* uphill along one row of the Jacobian,
#
# $$x \leftarrow x + \eta\, \frac{\partial y_k}{\partial x},$$
#
# until output $k$ is as large as it gets. First in the plane, with a network trained on XOR, whose output is to be
# high where exactly one of the inputs is 1.

# %%
xor = toys.xor()
judge = MLP(2, [4, 1], activation="tanh", rng=1)
fit(judge, xor, squared_error, Adam(judge.parameters(), 0.05), 150, progress=False)
ascent = ascend_input(judge, [0.2, 0.1], steps=300, learning_rate=0.02)
print(f"output {ascent.values[0]:.3f} at the start, {ascent.values[-1]:.3f} at the end")
assert ascent.values[-1] > 0.95 > ascent.values[0]
plot_ascent(ascent, judge)

# %% [markdown]
# Straight up the slope to the ridge between $(1, 0)$ and $(0, 1)$, where the ground is level for a moment, then along the
# ridge, towards $(0, 1)$. It would go on beyond: nothing told the network what to say outside of the four corners.
#
# Now the same with pictures. The network below learns handwritten digits, $8 \times 8$ pixels with values from 0 to
# 1, in a few seconds (500 of them, to keep it short).

# %%
digits = datasets.digits()
pixels = [[v / 16 for v in row] for row in digits.x]
reader = MLP(64, [16, 10], activation="tanh", rng=0)
optimizer = Adam(reader.parameters(), 0.01)
known, options = (pixels[:500], digits.y[:500]), {"batch_size": 20, "seed": 0, "progress": False}
history = fit(reader, known, cross_entropy, optimizer, 8, **options)


def read(picture):
    scores = [score.data for score in reader(picture)]
    return scores.index(max(scores))


hits = sum(read(p) == digit for p, digit in zip(pixels[1000:1200], digits.y[1000:1200]))
print(f"loss {history.loss[0]:.2f} → {history.loss[-1]:.2f}; {hits} of 200 new digits are read correctly")
assert hits > 175

# %% [markdown]
# Start from plain grey, ascend the score of one digit, keep every pixel in $0 \dots 1$, and pull gently towards 0
# (`decay`), so that pixels that do not matter fade. What comes out is what the network takes for the best example of
# that digit.


# %%
def show(pictures, titles):
    figure = new_figure(7, 2.4)
    for axes, picture, title in zip(figure.subplots(1, len(pictures)), pictures, titles):
        axes.imshow([picture[8 * i : 8 * i + 8] for i in range(8)], cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(title, fontsize="medium")
        axes.set_axis_off()
    return figure


wanted = [0, 3, 4, 7]
options = {"steps": 60, "learning_rate": 0.1, "bounds": (0, 1), "decay": 0.1}
dreams = [ascend_input(reader, [0.5] * 64, k, **options).points[-1] for k in wanted]
assert [read(dream) for dream in dreams] == wanted
show(dreams, [f"a {k}, to the network" for k in wanted])

# %% [markdown]
# Some are legible, in a way. Others show that the network attends to a few pixels rather than to strokes, which is all
# that it needs to tell the training digits apart.
#
# The same ascent explains why networks can be fooled. Start from a digit that is read correctly and with confidence,
# and raise the score of another one against the score of the right one, in small steps, until the reading flips. (This
# 4 is one of the easier ones to turn.)

# %%
original, was = pixels[1023], digits.y[1023]


def lead_of_7(x):
    scores = reader(x)
    return scores[7] - scores[was]


track = ascend_input(lead_of_7, original, steps=12, learning_rate=0.02, bounds=(0, 1))
flip = [read(point) for point in track.points].index(7)
fooled = track.points[flip]
change = max(abs(a - b) for a, b in zip(original, fooled))
sure = softmax([score.data for score in reader(original)])[was]
print(f"read as {read(original)} at first, with probability {sure:.2f}; as {read(fooled)} after {flip} steps")
print(f"no pixel (from 0 to 1) moved by more than {change:.2f}")
assert read(original) == was == 4 and read(fooled) == 7 and sure > 0.95 and change < 0.2
show([original, fooled], ["read as 4", "read as 7"])

# %% [markdown]
# ## Exercises
#
# **1.** A unit $a = \sigma(w x + b)$ with $w = 2$, $x = 1$, $b = -2$. Fill in the sheet. (At $s = 0$ the sigmoid and
# its derivative are friendly numbers.)

# %%
w, x, b = Value(2.0, "w"), Value(1.0, "x"), Value(-2.0, "b")
a = sigmoid(w * x + b)
a.name = "a"
sheet = worksheet(a, [w, x, b])
sheet

# %% tags=["solution"]
answers = {1: 2, 2: 0, 3: "1/2", 4: 1, 5: 2, 6: 1, 7: 1, 8: "1/4"}
answers |= {9: "1/4", 10: "1/2", 11: "1/4", 12: "1/4", 13: "1/2", 14: "1/4"}

# %%
sheet.check(globals().get("answers", {}))

# %% [markdown]
# **2.** Write a gradient by central differences: `numerical_gradient(f, xs)` gives the list of
# $\partial f/\partial x_i$ for a function `f` of a list of numbers. (Choose the step with the plot above in mind.)


# %% tags=["solution"]
def numerical_gradient(f, xs, h=1e-5):
    slopes = []
    for i, x in enumerate(xs):
        up, down = [*xs[:i], x + h, *xs[i + 1 :]], [*xs[:i], x - h, *xs[i + 1 :]]
        slopes.append((f(up) - f(down)) / (2 * h))
    return slopes


# %%
def judge_numerical(mine):
    found = mine(lambda v: v[0] ** 3 * v[1] + math.sin(v[1]), [1.5, -0.7])
    truth = [3 * 1.5**2 * -0.7, 1.5**3 + math.cos(0.7)]
    if found in (None, ...):
        return "not answered yet: return a list"
    worst = max(abs(a - b) for a, b in zip(found, truth))
    if worst > 1e-2:
        return f"off by {worst:.2g}: is each input varied alone?"
    if worst > 1e-7:
        return f"nearly: off by {worst:.2g}; try a central difference or another step"
    return "right: it agrees to seven digits"


if "numerical_gradient" in globals():
    print(judge_numerical(numerical_gradient))
else:
    print("not answered yet: define numerical_gradient")

# %% [markdown]
# **3.** Find another $W_1$ with $W_1 X = (6, 15, 24)$ for $X = (1, 1, 1)$, with at least one negative entry, and let
# the checker compare the tensors.

# %% tags=["solution"]
another_W1 = [[6, 0, 0], [20, -5, 0], [8, 8, 8]]


# %%
def judge_W1(W1):
    if W1 in (None, ...):
        return "not answered yet: give three rows of three numbers"
    sums = [sum(row) for row in W1]
    if sums != [6, 15, 24]:
        return f"off: W1 X is {sums}"
    if min(min(row) for row in W1) >= 0:
        return "off: no entry is negative"
    other = MLP(3, [3, 3], activation=["linear", "linear"], bias=False, rng=0)
    other.layers[0].set(W1)
    other.layers[1].set(W2)
    same = [parameter_jacobian(other, X).weights[j][0] for j in range(3)] == by_W1
    return "right: another W1, and the same ∂f/∂W1" if same else "off: the tensors differ"


print(judge_W1(globals().get("another_W1")))

# %% [markdown]
# **4.** The Jacobian of softmax, $\partial y_k / \partial z_j = y_k([k = j] - y_j)$, as nested lists, from the list
# `y` of probabilities.


# %% tags=["solution"]
def softmax_jacobian(y):
    return [[y[k] * ((k == j) - y[j]) for j in range(len(y))] for k in range(len(y))]


# %%
def judge_softmax(mine):
    zs = [Value(v) for v in (0.5, -1.0, 2.0)]
    ys = softmax(zs)
    found, truth = mine([y.data for y in ys]), jacobian(ys, zs)
    if found in (None, ...):
        return "not answered yet: return rows"
    same = numpy.shape(found) == (3, 3) and numpy.allclose(found, truth)
    first = [round(v, 4) for v in truth[0]]
    return "right, row for row" if same else f"off: the first row is to be {first}"


if "softmax_jacobian" in globals():
    print(judge_softmax(softmax_jacobian))
else:
    print("not answered yet: define softmax_jacobian")

# %% [markdown]
# ## Summary
#
# - A finite difference needs only the function. Compared with backprop input by input it finds wrong rules and numbers
#   that left the graph.
# - Its step must be neither large (the function bends) nor tiny (rounding); central differences are the better ones.
# - Many graphs have the same function and the same gradient. In the sigmoid's graph two minus signs cancel.
# - At a kink the derivative is a choice, here $\operatorname{ReLU}'(0) = 0$.
# - Jacobians multiply along the layers. $\partial f/\partial W$ is a tensor that backprop sums up without forming it.
# - With the weights held fixed, gradient ascent finds the inputs a network likes best, and those that fool it.
#
# Next: [7 · Perceptron, XOR and what is hard](07_perceptron_xor_and_what_is_hard.ipynb).
