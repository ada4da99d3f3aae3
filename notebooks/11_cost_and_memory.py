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
# # 11 · Cost and memory
#
# A network with 66 million weights needs 66 million derivatives, for every pattern it learns from. What does that cost,
# in arithmetic and in memory? This notebook counts both, on recorded graphs rather than in theory alone.
#
# After this notebook you can …
#
# - count the steps of a forward pass, a backward pass and an update, and derive the formula for them;
# - estimate how long a training run takes before you start it;
# - say why all derivatives together cost no more than a few forward passes;
# - say what backpropagation has to remember, and what it could compute again instead;
# - trade memory for time with **checkpointing**, and choose how many checkpoints to set.
#
# **Needed beforehand:** δ and the two passes through a network ([4 · Delta errors](04_delta_errors.ipynb)), paths and
# topological order ([2 · The sum over paths](02_sum_over_paths.ipynb)). Allow about 20 minutes.
#
# **Sources:** Gerstner, *Artificial Neural Networks*, solutions for week 5, exercise 2; "Practical 1: pen and paper
# exercises", question 4. Two papers are named where they are used.

# %%
# %matplotlib inline
import gc
import math
import random

from autograd import Value, checkpoint, count_steps, dot, exercise, exp, gradient, maximum
from autograd import network_steps, training_time
from nn import MLP, half_squared_error
from nn.plots import CLASSES, new_figure

# %% [markdown]
# ## Counting steps
#
# (Gerstner, exercise 2: G2, part a.) The rule of the exercise: each multiplication, each addition and each evaluation of
# an activation function $\varphi$ or its derivative $\varphi'$ is one **step**. There are no biases. Start with the
# smallest network that has a hidden unit: two inputs, one hidden unit, one output unit.
#
# $$z_1 = w_{11} x_1 + w_{12} x_2, \qquad a = \varphi(z_1), \qquad z_2 = v\,a, \qquad y = \varphi(z_2)$$
#
# Going forward takes three multiplications, one addition and two evaluations of $\varphi$: six steps. `count_steps` looks
# at the graph that was recorded and counts each op in it:

# %%
tiny = MLP(2, [1, 1], activation="tanh", output="tanh", bias=False, rng=0)
y = tiny([1.0, 2.0])
steps = count_steps(y)
print("forward:", steps.forward.total, " backward:", steps.backward.total, " update:", steps.update.total)

assert steps.forward.total == 3 + 1 + 2
assert steps.backward.total == 2 + 2 + 1 + 3
assert steps.update.total == 3 + 3

# %% [markdown]
# Check the second number by hand. Backward, starting from an error $e = \partial L/\partial y$ that is given:
#
# - two evaluations of $\varphi'$, one for each unit;
# - a multiplication by each of them: $\delta_2 = e\,\varphi'(z_2)$, and $\varphi'(z_1)$ times what comes back to the
#   hidden unit;
# - what comes back is $v\,\delta_2$: one multiplication;
# - one derivative for each weight, $\delta$ times the weight's input: three multiplications.
#
# Together that is $2 + 2 + 1 + 3 = 8$. In the **update** $w \leftarrow w - \eta\,\partial L/\partial w$ each weight takes
# one multiplication and one addition.

# %% [markdown]
# ## The formula
#
# (Still G2, part a.) The same count with $N_\mathrm{in}$ inputs, $N_h$ hidden and $N_\mathrm{out}$ output units, line
# by line:
#
# | what | multiplications | additions | $\varphi$, $\varphi'$ |
# |---|---|---|---|
# | all $z$ and $a$ | $N_h N_\mathrm{in} + N_\mathrm{out} N_h$ | $N_h (N_\mathrm{in} - 1) + N_\mathrm{out} (N_h - 1)$ | $N_h + N_\mathrm{out}$ |
# | $\sum_k \delta_k w_{kj}$ for each hidden unit $j$ | $N_h N_\mathrm{out}$ | $N_h (N_\mathrm{out} - 1)$ | |
# | times $\varphi'$ | $N_\mathrm{out} + N_h$ | | $N_\mathrm{out} + N_h$ |
# | $\delta$ times input, for each weight | $N_\mathrm{out} N_h + N_h N_\mathrm{in}$ | | |
# | update | $N_\mathrm{out} N_h + N_h N_\mathrm{in}$ | $N_\mathrm{out} N_h + N_h N_\mathrm{in}$ | |
#
# In the first line the evaluations fill exactly the gaps that the additions leave, so it comes to
# $2 (N_h N_\mathrm{in} + N_\mathrm{out} N_h)$, twice the number of weights. All lines together come to
#
# $$7\,N_\mathrm{out} N_h + 5\,N_h N_\mathrm{in} + 2\,N_\mathrm{out} + N_h .$$
#
# `network_steps(widths)` is this formula, for any number of layers. Real graphs must agree with it:


# %%
def g2_formula(n_in, n_h, n_out):
    return 7 * n_out * n_h + 5 * n_h * n_in + 2 * n_out + n_h


print("widths       counted  formula")
for widths in [(2, 1, 1), (2, 3, 1), (4, 5, 3), (10, 20, 5)]:
    n_in, *rest = widths
    model = MLP(n_in, rest, activation="tanh", output="tanh", bias=False, rng=0)
    counted = count_steps(model([0.1] * n_in))
    print(f"{widths!s:12} {counted.total:7}  {g2_formula(*widths):7}")
    assert counted.total == g2_formula(*widths) == network_steps(widths).total
    assert counted == network_steps(widths)  # each kind of step in each pass, not the sum alone

# %% [markdown]
# In practice a loss stands above the network, and its steps come on top. They are few, and they do not grow with the
# number of weights. `count_steps` tells the two apart:

# %%
model = MLP(4, [5, 3], activation="tanh", output="tanh", bias=False, rng=0)
loss = half_squared_error(model([0.1, 0.2, 0.3, 0.4]), [1.0, 0.0, 0.0])
steps = count_steps(loss)
print("network:", steps.network.total, "steps, of them", steps.network.forward.total, "forward")
print("loss:   ", steps.loss.total, "steps")

assert steps.network == steps.formula
assert steps.network.forward.total == 2 * len(model.parameters())

# %% [markdown]
# ### Linear in the weights
#
# Each term of the formula is at most a constant times the number of weights $W$. One says that backpropagation costs
# $O(W)$: twice the weights, twice the work. Compare it with the obvious other way, **finite differences**: nudge each
# weight in turn and run the network again. That takes $W + 1$ forward passes of $2W$ steps each, so twice the weights
# mean four times the work.

# %%
layers = [[n, n, 1] for n in (2, 4, 8, 16, 32, 64, 128)]
weights = [n * n + n for n, _, _ in layers]
backprop = [network_steps(w).forward.total + network_steps(w).backward.total for w in layers]
differences = [(count + 1) * network_steps(w).forward.total for count, w in zip(weights, layers)]

figure = new_figure(7, 3.5)
axes = figure.subplots()
axes.loglog(weights, differences, "^--", color=CLASSES[1][1], label="finite differences")
axes.loglog(weights, backprop, "o-", color=CLASSES[0][1], label="forward + backward")
axes.set(xlabel="weights W", ylabel="steps for one gradient")
axes.grid(alpha=0.3)
axes.legend()
figure

# %%
dearer = differences[-1] / backprop[-1]
print(f"{weights[-1]:,} weights: finite differences take {dearer:,.0f} times the steps")

assert round(dearer, -2) == 10_900
assert all(b < 5 * w for b, w in zip(backprop, weights))

# %% [markdown]
# ## How long training takes
#
# (Gerstner: G2, parts b to d.) With steps one can plan. Part b has 100 inputs, 100 hidden and 5 output units, 2000
# patterns, and a machine that takes $10^{10}$ steps a second. One **cycle**, in which every pattern is shown once (an
# *epoch*), takes

# %%
per_pattern = network_steps([100, 100, 5]).total
cycle = training_time([100, 100, 5], patterns=2000)
print(f"{per_pattern:,} steps a pattern, {cycle:.4f} s a cycle, {10_000 * cycle:.0f} s for 10 000 cycles")

assert per_pattern == g2_formula(100, 100, 5) == 53_610
assert round(cycle, 3) == 0.011 and round(10_000 * cycle) == 107

# %% [markdown]
# The solution sheet says 0.011 s and 110 s. It rounded before it multiplied; the steps alone give 107 s.
#
# Part c goes from toy to picture: 256 × 256 pixels, two hidden layers of 1000 units, 5 outputs.

# %%
picture = [256 * 256, 1000, 1000, 5]
weights_c = sum(a * b for a, b in zip(picture, picture[1:]))
print(f"{weights_c:,} weights, {network_steps(picture).total:,} steps a pattern")

assert weights_c == 66_541_000
assert network_steps(picture).total == 334_717_010

# %% [markdown]
# Part d trains it on 2000 patterns for 1000 epochs, and then tests it once on 2000 others. A test needs no gradient, only
# the forward pass. It also asks what smaller networks would save:

# %%
hours = []
for widths in (picture, [256 * 256, 1000, 5], [256 * 256, 100, 1000, 5]):
    seconds = training_time(widths, patterns=2000, epochs=1000)
    hours.append(round(seconds / 3600, 1))
    print(f"{' → '.join(map(str, widths)):24} {seconds:7,.0f} s = {seconds / 3600:4.1f} h")
testing = training_time(picture, patterns=2000, training=False)
print(f"one pass over the test patterns: {testing:.1f} s")

assert hours == [18.6, 18.2, 1.9]
assert int(testing) == 26

# %% [markdown]
# Leaving out the second hidden layer saves almost nothing, and making the first one narrower saves nearly all: 98 of 100
# weights sit between the pixels and the first hidden layer. The steps go where the weights are.

# %%
share = picture[0] * picture[1] / weights_c
print(f"{share:.0%} of the weights are in the first layer")
assert round(share, 2) == 0.98

# %% [markdown]
# ## The cheap gradient
#
# Look at forward + backward together, without the update, and divide by forward. For the network of part c the quotient is
# about 1.5: one and a half times the forward pass for 66 million derivatives. (The first layer has no δ to hand on, since
# nobody asks for derivatives by pixels; this makes wide inputs cheap.)
#
# That it stays small is no accident of networks. Each op takes about one step forward for each of its inputs, and
# backward at most a fixed number for each of them. So for *any* graph, with one input or a million, the whole gradient
# costs at most a constant times the function. Baur & Strassen, "The complexity of partial derivatives" (1983), showed
# that for rational functions the constant is 3, if multiplications and divisions are counted and additions are free.

# %%
x, y, z = Value(2.0, "x"), Value(3.0, "y"), Value(0.5, "z")
cases = {
    "part c's network": network_steps(picture),
    "x · y": count_steps(x * y),
    "(xy + z)² + exp(x − yz)": count_steps((x * y + z) ** 2 + exp(x - y * z)),
    "max(x, y)": count_steps(maximum(x, y)),
    "x / y": count_steps(x / y),
}
print("(forward + backward) / forward  in steps  without additions")
for title, steps in cases.items():
    print(f"{title:30}  {steps.ratio:8.2f}  {steps.multiplicative:17.2f}")

assert round(cases["part c's network"].ratio, 1) == 1.5
assert cases["x · y"].ratio == 3
assert cases["x / y"].multiplicative == cases["max(x, y)"].multiplicative == 5

# %% [markdown]
# A product reaches 3: one multiplication forward, two backward. Two
# lines exceed it. They do not contradict the theorem, which speaks of the best way to compute the gradient. For the
# quotient $q = x/y$ that is one division for $q$, one for $\partial q/\partial x = 1/y$, and one multiplication for
# $\partial q/\partial y = -q \cdot (1/y)$, three in all; the library's row divides anew for each local derivative. And a
# maximum is not rational. The point stands: the factor is a small constant, whatever the number of inputs.


# %%
def product(n):
    """x₁ · x₂ · … · x_n, one op after the other."""
    result = 1.0
    for i in range(n):
        result = result * Value(1.0 + i / n)
    return result


print("inputs   gradient / function   finite differences / function")
for n in (2, 20, 200, 2000):
    print(f"{n:6}   {count_steps(product(n)).ratio:19.2f}   {n + 1:29}")
    assert count_steps(product(n)).ratio <= 3

# %% [markdown]
# ## What backprop keeps
#
# ("Practical 1": P4.) Time is cheap, then. Memory is the other matter. The backward pass needs the local derivatives, and
# these depend on numbers of the forward pass, in reverse order: the first layer's are needed last. So everything is kept
# until the end.
#
# Let us measure it. The network below is 100 layers deep, each layer 4 units wide with tanh. We count two things that do
# not depend on the machine: how often a layer is evaluated (the time), and how many nodes with a graph behind them exist at
# once at the most (the memory).

# %%
DEPTH, WIDTH = 100, 4
rng = random.Random(0)
network = [[[Value(rng.gauss(0, 0.5)) for _ in range(WIDTH)] for _ in range(WIDTH)] for _ in range(DEPTH)]

gc.collect()
gc.freeze()  # look only at what is made from here on


def nodes_alive():
    return sum(type(thing) is Value and thing.op is not None for thing in gc.get_objects())


def layer(weights, x):
    global evaluations, peak
    out = [dot(row, x).tanh() for row in weights]
    evaluations, peak = evaluations + 1, max(peak, nodes_alive())
    return out


def all_kept(layers, x):
    for weights in layers:
        x = layer(weights, x)
    return x


# %%
def measured(run):
    """Forward and backward through the 100 layers: evaluations, the most nodes at a time, one derivative."""
    global evaluations, peak
    evaluations = peak = 0
    before = nodes_alive()
    first = network[0][0][0]
    first.grad = 0.0
    sum(run(network, [1.0, -1.0, 0.5, 0.0])).backward()
    return evaluations, peak - before, first.grad


kept_evaluations, kept_peak, kept_grad = measured(all_kept)
print(f"{kept_evaluations} evaluations of a layer, {kept_peak} nodes at a time")

assert kept_evaluations == DEPTH
assert kept_peak == DEPTH * 2 * WIDTH == 800  # a z and an a for each unit

# %% [markdown]
# ### What need not be kept
#
# The exercise asks which parts could be thrown away, and at what price. Three answers, from free to costly:
#
# - **Sums** have local derivatives that are constants. Nothing needs to be remembered for them.
# - Some activations tell their slope from their **output**: $\tanh' = 1 - a^2$, $\sigma' = a(1 - a)$, and ReLU's slope is 1
#   exactly where $a > 0$. Then $z$ need not be kept beside $a$, at the price of a multiplication or a comparison. That saves
#   about half.
# - **Everything else can be computed again** from the inputs of the part it belongs to. This costs a second evaluation of
#   that part, and can save nearly everything.

# %%
z = Value(0.3)
a = z.tanh()
assert math.isclose(gradient(a, z), 1 - a.data**2)
s = z.sigmoid()
assert math.isclose(gradient(s, z), s.data * (1 - s.data))

# %% [markdown]
# ## Checkpointing
#
# (P4 again, its second half.) The third answer is **gradient checkpointing**. Cut the network into segments of $k$
# layers. Going forward, keep only the numbers at the cuts, the **checkpoints**. Going backward, take the last segment,
# evaluate it once more from its checkpoint, this time with its graph, send the gradient through, and drop it; then the
# segment before it, and so on. In the library `checkpoint(function, …)` marks such a segment:


# %%
def every(k, inside=all_kept):
    """The network in segments of k layers, each of them run by `inside` under a checkpoint."""

    def run(layers, x):
        for i in range(0, len(layers), k):
            x = checkpoint(inside, layers[i : i + k], x)
        return x

    return run


tens_evaluations, tens_peak, tens_grad = measured(every(10))
print(f"{tens_evaluations} evaluations of a layer, {tens_peak} nodes at a time")

assert tens_evaluations == 2 * DEPTH
assert tens_peak < kept_peak / 6
assert tens_grad == kept_grad  # the same to the last bit

# %% [markdown]
# Twice the evaluations, less than a sixth of the nodes, and the same gradient. Which $k$ is best? There are $n/k$ checkpoints
# of 4 numbers each, and one segment at a time is rebuilt with 8 nodes a layer:
#
# $$\text{nodes} \approx 4 \cdot \frac{n}{k} + 8 \cdot k .$$
#
# The first term falls and the second grows. Their sum is smallest where they are equal, at $k = \sqrt{n/2}$; in general at
# some constant times $\sqrt{n}$, and there it is a constant times $\sqrt{n}$ as well. (Chen et al., "Training deep nets
# with sublinear memory cost", 2016.)

# %%
ks = [1, 2, 4, 5, 7, 10, 20, 25, 50, 100]
results = {k: measured(every(k)) for k in ks}
assert all(times == 2 * DEPTH for times, _, _ in results.values())
assert all(grad == kept_grad for _, _, grad in results.values())

figure = new_figure(7, 3.5)
axes = figure.subplots()
fine = [10 ** (i / 50) for i in range(101)]
axes.plot(fine, [4 * DEPTH / k + 8 * k for k in fine], "-", color="#999999", label="4 n/k + 8 k")
axes.plot(ks, [results[k][1] for k in ks], "o", color=CLASSES[0][1], label="counted")
axes.axhline(kept_peak, color=CLASSES[1][1], linestyle="--", label="all kept")
axes.axvline(math.sqrt(DEPTH), color="#222222", linestyle=":", label="k = √n = 10")
axes.set(xscale="log", ylim=(0, 900), xlabel="layers in a segment, k", ylabel="nodes at a time")
axes.legend(loc="upper left", bbox_to_anchor=(0.1, 0.87))
figure

# %%
for k in (1, 5, 7, 10, 20, 100):
    print(f"k = {k:3}: {results[k][1]:3} nodes at a time, 1/{kept_peak / results[k][1]:.1f} of all")

assert min(results, key=lambda k: results[k][1]) == 7 == round(math.sqrt(DEPTH / 2))
assert results[10][1] < 1.1 * results[7][1]  # the minimum is flat

# %% [markdown]
# At both ends little is gained: with $k = 1$ every layer is a checkpoint, with $k = n$ the one segment is the whole network. Between them the minimum is flat, so $\sqrt{n}$ is a good rule without any fine tuning.

# %% [markdown]
# ### Memory against time
#
# (P4, the plot.) All these runs cost the same time, one more forward pass, whatever $k$ is. To save more memory, spend more
# time: set checkpoints *inside* the segments too. Each level of nesting costs one forward pass more. Cutting in halves down
# to single layers is the extreme, with memory proportional to $\log n$.


# %%
def halves(layers, x):
    if len(layers) == 1:
        return layer(layers[0], x)
    middle = len(layers) // 2
    return checkpoint(halves, layers[middle:], checkpoint(halves, layers[:middle], x))


ways = {
    "all kept": all_kept,
    "k = 10": every(10),
    "20 and 5": every(20, every(5)),
    "25, 8 and 3": every(25, every(8, every(3))),
    "halves": halves,
}
spent = {title: measured(run) for title, run in ways.items()}
for title, (times, most, grad) in spent.items():
    print(f"{title:12} {times / DEPTH:4.1f} forward passes, {most:3} nodes at a time")
    assert grad == kept_grad

all_nodes, one_level, two_levels = [most for _, most, _ in spent.values()][:3]
assert round(all_nodes / one_level) == 6 and 1.5 <= one_level / two_levels < 1.6

# %%
figure = new_figure(7, 3.5)
axes = figure.subplots()
passes = [times / DEPTH for times, _, _ in spent.values()]
nodes = [most for _, most, _ in spent.values()]
axes.loglog(passes, nodes, "o", color=CLASSES[0][1], label="best or nested cuts")
others = [results[k][1] for k in ks if k not in (7, 10)]
axes.loglog([2] * len(others), others, "x", color=CLASSES[1][1], label="one level, other k")
for title, t, m in zip(spent, passes, nodes):
    above = title == "25, 8 and 3"
    axes.annotate(title, (t, m), (0, 7 if above else -15), textcoords="offset points", ha="center")
axes.set(xlabel="forward passes", ylabel="nodes at a time", xlim=(0.85, 12), ylim=(30, 1000))
axes.set_xticks([1, 2, 3, 4, 8], labels=["1", "2", "3", "4", "8"], minor=False)
axes.set_yticks([50, 100, 200, 400, 800], labels=["50", "100", "200", "400", "800"], minor=False)
axes.minorticks_off()
axes.legend(loc="upper right")
figure

# %% [markdown]
# The first extra pass buys a factor of six, the second one and a half, and after that there is hardly anything to gain at
# this depth, since the checkpoints of each level take room too. This is why one level is what people mostly use. In steps the price is smaller than "twice the forward pass" sounds, because the backward pass is done once as before:

# %%
deep = MLP(WIDTH, [WIDTH] * DEPTH, activation="tanh", output="tanh", bias=False, rng=0)
steps = count_steps(deep([1.0, -1.0, 0.5, 0.0]))
forward, backward = steps.forward.total, steps.backward.total
dearer = (2 * forward + backward) / (forward + backward)
print(f"forward {forward}, backward {backward}; with checkpoints {dearer:.2f} times the steps")
assert round(dearer, 2) == 1.38

# %% [markdown]
# A network of the library does it by itself: `MLP(…, checkpoint_every=k)`. The gradients are the same to the last bit, and
# only the δ report has nothing to read, since no $z$ is left.

# %%
widths = [4] * 9 + [1]
plain, sparing = (MLP(4, widths, activation="tanh", rng=3, checkpoint_every=k) for k in (None, 3))
for model in (plain, sparing):
    half_squared_error(model([1.0, -1.0, 0.5, 0.0]), 1.0).backward()
assert [p.grad for p in plain.parameters()] == [p.grad for p in sparing.parameters()]
print("same gradients:", len(plain.parameters()), "of", len(sparing.parameters()))

# %% [markdown]
# ## Exercises
#
# Write your answer into the cell that holds the solution, and run the cell below it.
#
# ### 1 · A network on paper
#
# Three inputs, two hidden units, one output, no biases. How many steps do forward pass, backward pass and update take
# together, for one pattern?

# %% tags=["solution"]
answer_1 = 7 * 1 * 2 + 5 * 2 * 3 + 2 * 1 + 2

# %%
answer = globals().get("answer_1", ...)
model = MLP(3, [2, 1], activation="tanh", output="tanh", bias=False, rng=0)
counted = count_steps(model([0.1, 0.2, 0.3]))
if answer is ...:
    print("not answered yet")
elif answer == counted.total:
    print(f"right: {counted.forward.total} + {counted.backward.total} + {counted.update.total} = {answer}")
else:
    print("off: count the three phases one by one; forward is twice the number of weights")

# %% [markdown]
# ### 2 · A product of four
#
# First find the derivatives of this product on paper. Then count: how many multiplications does the backward pass take,
# and how many would finite differences take (one more evaluation of $f$ for each input, after the one at the point)?

# %%
task = exercise(level=2, seed=1)
sheet = task.worksheet("totals")
sheet

# %% tags=["solution"]
answers_2 = [-6.75, 4.5, -18]
backward_2, differences_2 = 6, 4 * 3

# %%
print(sheet.check(globals().get("answers_2", [])))
wanted = {"backward_2": count_steps(task.f).backward.multiplications}
wanted["differences_2"] = (len(task.xs) + 1) * count_steps(task.f).forward.multiplications
for name, number in wanted.items():
    answer = globals().get(name, ...)
    print(f"{name}: {'not answered yet' if answer is ... else 'right' if answer == number else 'off'}")

# %% [markdown]
# ### 3 · The formula for any depth
#
# Write `my_steps(widths)`, the steps of one pattern through a network with any number of layers: forward, backward and
# update together. (Only the layers above the first one have a $\sum_k \delta_k w_{kj}$ to compute.)


# %% tags=["solution"]
def my_steps(widths):
    pairs = list(zip(widths, widths[1:]))
    weights = sum(n * m for n, m in pairs)
    units = sum(widths[1:])
    back_through = sum((2 * m - 1) * n for n, m in pairs[1:])
    return 2 * weights + back_through + 2 * units + weights + 2 * weights


# %%
if "my_steps" not in globals():
    print("not answered yet")
else:
    for widths in ([2, 1], [100, 100, 5], [4, 3, 2, 1], picture):
        found, number = my_steps(widths), network_steps(widths).total
        print(f"{widths}: {'right' if found == number else f'off, {found:,} instead of {number:,}'}")

# %% [markdown]
# ### 4 · Where to cut
#
# A network has 64 layers. A checkpoint takes 10 megabytes, and a layer with its graph 20. Write `memory(k)` for segments of
# $k$ layers, with one segment rebuilt at a time, and find the best `k`. How much memory does that save, compared with
# keeping everything?


# %% tags=["solution"]
def memory(k):
    return 10 * 64 / k + 20 * k


best_k = min(range(1, 65), key=memory)
saved = 64 * 20 - memory(best_k)

# %%
if not {"memory", "best_k", "saved"} <= set(globals()):
    print("not answered yet")
elif [memory(1), memory(64)] != [660, 1290]:
    print(f"memory: off, 64 checkpoints and one layer are 660 megabytes, not {memory(1)}")
else:
    nearest = round(math.sqrt(64 / 2))
    print("best_k:", "right" if best_k == nearest else "off: where are 640 / k and 20 · k nearly equal?")
    wanted = 1280 - memory(nearest)
    print("saved:", "right" if abs(saved - wanted) < 1e-9 else "off: 1280 is what all of it takes")

# %% [markdown]
# ## Summary
#
# - A forward pass takes two steps for each weight; forward, backward and update together five to seven.
# - So the cost is **linear in the number of weights**, and a training time can be estimated beforehand.
# - For any function, the whole gradient costs a small constant times the function: the **cheap gradient**.
# - What costs is **memory**: everything the local derivatives depend on is kept until the backward pass has used it.
# - **Checkpointing** keeps only every $k$-th layer and computes the rest again. With $k$ near $\sqrt{n}$ the memory is
#   proportional to $\sqrt{n}$, for one more forward pass; nested, it goes on towards $\log n$.
# - The gradient stays the same to the last bit.
#
# Next: [12 · Gaussian units](12_gaussian_units.ipynb).
