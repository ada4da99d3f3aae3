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
# # 2 · The sum over paths
#
# A derivative is a sum over all the ways in which an input can reach the result. This notebook uses that sentence
# twice: to find a misprint on a lecture slide, and to see why walking all the ways is hopeless while backpropagation is
# cheap.
#
# After this notebook you can …
#
# - write a derivative as a sum over **paths** of products of local derivatives, and check it line by line;
# - find the factor that is wrong in somebody's gradient;
# - say why following every path takes a number of steps that doubles with each layer;
# - write backpropagation yourself in ten lines: one pass over the graph in **reverse topological order**;
# - explain why the order of that pass matters, and count what it costs.
#
# **Needed beforehand:** [1 · First steps](01_first_steps.ipynb) (Value, graph, local derivative, `backward()`). Allow
# about 20 minutes, with pencil and paper.
#
# **Source:** UCSD CSE 190, *Numerical Analysis for Artificial Intelligence*, week 4 (its example U1).

# %%
import math

from autograd import (
    Value, check_gradients, count_paths, count_steps, derivation, diagram, exercise, exp, gradient,
    path_table, paths, worksheet,
)  # fmt: skip


# %% [markdown]
# ## The example of the slide
#
# The course (UCSD CSE 190, week 4: U1) introduces backpropagation as
#
# $$\frac{\partial f}{\partial x} \;=\; \sum_{\text{paths from } x \text{ to } f}\;\;
# \prod_{\text{edges of the path}} \text{local derivative}$$
#
# and works it out for one function at one point:
#
# $$f(x, y, z) = (x y + z)^2 + \mathrm{e}^{\,x - y z} \quad\text{at}\quad (x, y, z) = (1, 2, 0).$$
#
# A computer evaluates this in seven small steps, and each has an elementary derivative by each of its inputs. These are
# the **local derivatives**, the numbers that stand on the edges of the graph:
#
# | step | local derivatives |
# |---|---|
# | $v_1 = x y$ | $\partial v_1/\partial x = y$, $\;\partial v_1/\partial y = x$ |
# | $v_2 = v_1 + z$ | $1$ and $1$ |
# | $v_3 = v_2^2$ | $2 v_2$ |
# | $v_4 = y z$ | $\partial v_4/\partial y = z$, $\;\partial v_4/\partial z = y$ |
# | $v_5 = x - v_4$ | $1$ and $-1$ |
# | $v_6 = \mathrm{e}^{v_5}$ | $\mathrm{e}^{v_5} = v_6$ |
# | $f = v_3 + v_6$ | $1$ and $1$ |

# %%
x, y, z = Value(1.0, "x"), Value(2.0, "y"), Value(0.0, "z")
f = (x * y + z) ** 2 + exp(x - y * z)
f.name = "f"
f.backward()
diagram(f)

# %% [markdown]
# Play it once forward and once backward. Forward, each box is computed from the boxes before it, and the red numbers
# appear on the edges. Backward, the boxes are filled in from the other end.
#
# ### The two paths from x
#
# Two ways lead from $x$ to $f$, one through the square and one through the exponential. `paths_from=x` colours them,
# with the product of their red numbers below:

# %%
diagram(f, paths_from=x, engine="builtin", playable=False)

# %% [markdown]
# `derivation` writes the same as one would on paper: the steps, the chain rule in symbols, the local derivatives, and
# at last the numbers.

# %%
derivation(f, x)

# %% [markdown]
# Of the six paths in this graph two start at $x$, two at $y$ and two at $z$. `path_table` lists the others:

# %%
print(path_table(f, y), path_table(f, z), sep="\n\n")

assert [count_paths(f, leaf) for leaf in (x, y, z)] == [2, 2, 2]
assert math.isclose(x.grad, 8 + math.e) and y.grad == 4 and math.isclose(z.grad, 4 - 2 * math.e)

# %% [markdown]
# ### Why products, and why sums
#
# Push $x$ by a very small $h$ and watch what happens to each step, in plain numbers without any derivative. Divided by
# $h$, the change is the derivative of that step by $x$:


# %%
def steps(x, y, z):
    v1 = x * y
    v2 = v1 + z
    v3 = v2**2
    v4 = y * z
    v5 = x - v4
    v6 = exp(v5)
    return {"v1": v1, "v2": v2, "v3": v3, "v4": v4, "v5": v5, "v6": v6, "f": v3 + v6}


h = 1e-6
before, after = steps(1.0, 2.0, 0.0), steps(1.0 + h, 2.0, 0.0)
for name in before:
    print(f"{name:2}   is {before[name]:6.3f}   changes by {(after[name] - before[name]) / h:6.3f} h")

# %% [markdown]
# Along the upper path the push grows by a factor at each edge: $2$, then $2 \cdot 1$, then $2 \cdot 1 \cdot 4 = 8$. So
# a path **multiplies**. Along the lower path it arrives as $1 \cdot \mathrm{e}$. At the last plus sign both arrive
# together, and $f$ changes by their sum: paths **add**. The step $v_4$ does not move, because no path from $x$ goes
# through it.

# %% [markdown]
# ## A misprint, found by its paths
#
# The slide of U1 prints this result, one product for each path:
#
# $$\frac{\partial f}{\partial x} = 4 \cdot 1 + \mathrm{e} \cdot 1, \qquad
# \frac{\partial f}{\partial y} = 0 + 4 \cdot 2, \qquad
# \frac{\partial f}{\partial z} = 4 \cdot 1 + \mathrm{e} \cdot (-2).$$
#
# Which of these six products are right? Hand them to the worksheet as a student's answers. A worksheet is a derivation
# with blanks; `"products"` leaves out the products along the paths, and it judges each answer by the graph. (For $y$ it
# asks for the path through the square first; the slide has that product second.)

# %%
sheet = worksheet(f, [x, y, z], blanks="products")
print("\n".join(sheet.text().splitlines()[-11:]))

# %%
e = math.e
slide = {1: 4 * 1, 2: e * 1, 3: 4 * 2, 4: 0, 5: 4 * 1, 6: e * -2}
sheet.check(slide)

# %% [markdown]
# The four products in blanks 2, 4, 5 and 6 are right. In the other two the factors 1 and 2 have changed places. The
# path of $x$ through the square begins with $\partial(xy)/\partial x = y = 2$, and the path of $y$ with
# $\partial(xy)/\partial y = x = 1$. With the two factors put back, every blank is right:

# %%
corrected = {**slide, 1: 4 * 2, 3: 4 * 1}
print(sheet.check(corrected))

for leaf, by_slide, by_paths in ((x, 4 + e, 8 + e), (y, 8, 4), (z, 4 - 2 * e, 4 - 2 * e)):
    print(f"∂f/∂{leaf.name}   slide {by_slide:7.4f}   corrected {by_paths:7.4f}   grad {leaf.grad:7.4f}")
    assert math.isclose(leaf.grad, by_paths)

# %% [markdown]
# Could the slide have meant another point? Its first line needs $y = 1$ (the factor behind the 4), its last line needs
# $y = 2$ (the factor behind $\mathrm{e}$). No single point has both, so this is a misprint, and not an example at
# another point. An impartial judge agrees, finite differences, which know nothing of paths:

# %%
report = check_gradients(lambda x, y, z: (x * y + z) ** 2 + exp(x - y * z), [1.0, 2.0, 0.0])
assert report
report

# %% [markdown]
# The corrected result of U1 is
#
# $$\frac{\partial f}{\partial x} = 4 \cdot 2 + \mathrm{e} \cdot 1, \qquad
# \frac{\partial f}{\partial y} = 0 + 4 \cdot 1, \qquad
# \frac{\partial f}{\partial z} = 4 \cdot 1 + \mathrm{e} \cdot (-2).$$
#
# ## Following every path
#
# The formula of U1 is almost a program. The derivative of a node by $x$ is a sum over its inputs: local derivative
# times the derivative of that input by $x$. And the derivative of $x$ by itself is 1.

# %%
calls = 0


def slope(node, x):
    """∂node/∂x, by walking back along every path."""
    global calls
    calls += 1
    if node is x:
        return 1.0
    edges = zip(node.inputs, node.local_derivatives)
    return sum(local * slope(below, x) for below, local in edges if isinstance(below, Value))


for leaf in (x, y, z):
    assert slope(f, leaf) == gradient(f, leaf)
    print(f"∂f/∂{leaf.name} = {slope(f, leaf):.4f}")

# %% [markdown]
# (Constants, such as the exponent 2, are plain numbers among the inputs, so the last line leaves them out.) It is
# correct, it is short, and it is a trap.
#
# ### Two additions
#
# The smallest graph in which the trap opens has two additions, `b = a + a` and `c = b + b`. Each uses one node twice:

# %%
a = Value(1.0, "a")
b = a + a
c = b + b
b.name, c.name = "b", "c"
c.backward()
diagram(c)

# %% [markdown]
# Four edges, but $2 \cdot 2 = 4$ paths as well, since each of the two edges into $c$ can be followed by each of the two
# into $b$. All four have the product $1 \cdot 1$:

# %%
assert count_paths(c, a) == 4 and a.grad == 4
for path in paths(c, a):
    print(path)

# %% [markdown]
# With a third doubling there are 8 paths, with a fourth 16. How often does `slope` call itself?


# %%
def doubled(times):
    """A leaf, and what comes of adding it to itself so many times over."""
    leaf = node = Value(1.0, "a")
    for _ in range(times):
        node = node + node
    return leaf, node


walked = {}
print("doublings   edges    paths   calls of slope")
for n in (1, 2, 3, 4, 8, 12, 16):
    leaf, node = doubled(n)
    calls = 0
    assert slope(node, leaf) == count_paths(node, leaf) == 2**n
    assert calls == 2 ** (n + 1) - 1
    walked[n] = calls
    print(f"{n:9}   {2 * n:5}   {2**n:6,}   {calls:14,}")

# %% [markdown]
# The edges grow by two with each line of the program, but the calls double: $2^{\,n+1} - 1$ of them. Such growth is
# called **exponential**. The recursion forgets what it knows: it works out $\partial b/\partial a$ again each time a
# path comes through $b$.
#
# ## Regrouping the sum
#
# The paths of $c = b + b$, $b = a + a$ can be summed in two ways:
#
# $$1 \cdot 1 + 1 \cdot 1 + 1 \cdot 1 + 1 \cdot 1 \;=\; (1 + 1) \cdot (1 + 1).$$
#
# The left side goes path by path. The right side adds up at each node before it moves on. That is the distributive law,
# and it is where all the speed comes from. Write $\bar v = \partial f/\partial v$ for the derivative of the *result* by
# a node, the **adjoint** of $v$ (what `grad` holds after `backward()`). All paths from $u$ to $f$ go through one of the
# nodes that use $u$, hence
#
# $$\bar u \;=\; \sum_{v \text{ uses } u} \bar v \cdot \frac{\partial v}{\partial u}, \qquad \bar f = 1.$$
#
# So the sum over all paths beyond $v$ is needed once, whatever their number, provided that $\bar v$ is complete before
# it is passed on. This asks for an order: every node after all nodes that use it.
#
# ## One pass in topological order
#
# A **topological order** of a graph lists each node after its inputs, as in a recipe in which nothing is used before it
# is made. Read from the end, each node stands after everything that uses it, as required. This is backpropagation,
# whole:


# %%
def topological(f):
    """The nodes behind f, each after its inputs, each once."""
    order, seen = [], set()

    def visit(node):
        if node not in seen and isinstance(node, Value):
            seen.add(node)
            for below in node.inputs:
                visit(below)
            order.append(node)

    visit(f)
    return order


# %%
def adjoints(order):
    """∂f/∂v for every node v, where f is the last of the order; and how many edges were used."""
    grad, edges = dict.fromkeys(order, 0.0), 0
    grad[order[-1]] = 1.0
    for node in reversed(order):
        for below, local in zip(node.inputs, node.local_derivatives):
            if isinstance(below, Value):
                grad[below] += grad[node] * local
                edges += 1
    return grad, edges


grad, edges = adjoints(topological(f))
print("edges used:", edges)
assert [grad[leaf] for leaf in (x, y, z)] == [x.grad, y.grad, z.grad]
assert edges == 12

# %% [markdown]
# One pass gave the derivatives by $x$, $y$ and $z$ and by every node between, with one multiplication and one addition
# for each of the 12 edges that do not come from a constant. The same on the doublings:

# %%
print("doublings   edges used   paths summed")
for n in (1, 2, 3, 16, 100):
    leaf, node = doubled(n)
    grad, edges = adjoints(topological(node))
    assert grad[leaf] == count_paths(node, leaf) == 2**n
    assert edges == 2 * n
    print(f"{n:9}   {edges:10}   {2**n:,}")

# %% [markdown]
# (`visit` is a recursion too, but one that remembers: `seen` stops it from entering a node twice, so it costs one visit
# for each edge. The library's own loop does without it, so that chains of a million nodes do not overflow Python's
# stack.) As a picture, on a scale on which each line is ten times the one below it:

# %%
# %matplotlib inline
from nn.plots import new_figure

figure = new_figure(7, 3.5)
axes = figure.subplots()
counts = list(walked)
axes.semilogy(counts, list(walked.values()), "o-", color="#d55e00", label="calls, following every path")
axes.semilogy(counts, [2 * n for n in counts], "^--", color="#0072b2", label="edges used, one pass")
axes.set(xlabel="doublings", ylabel="steps")
axes.legend()
axes.grid(alpha=0.3)
figure

# %% [markdown]
# ### Why the order matters
#
# Take the two additions once more, and let the result use $b$ directly as well: $d = c + b$. Then $d = 3b = 6a$, so
# $\partial d/\partial a = 6$.

# %%
a = Value(1.0, "a")
b = a + a
c = b + b
d = c + b
b.name, c.name, d.name = "b", "c", "d"
d.backward()
diagram(d, engine="builtin", playable=False)

# %% [markdown]
# Starting at $d$, both of its inputs $c$ and $b$ have now received something. Which one goes first? If $b$ does, it
# hands its adjoint on to $a$ before the two contributions by way of $c$ have arrived, and they are lost:

# %%
right, _ = adjoints([a, b, c, d])  # read from the end: d, c, b, a
wrong, _ = adjoints([a, c, b, d])  # read from the end: d, b, c, a

print("d, c, b, a:  ∂d/∂b =", right[b], "  ∂d/∂a =", right[a])
print("d, b, c, a:  ∂d/∂b =", wrong[b], "  ∂d/∂a =", wrong[a])
assert (right[a], wrong[a]) == (6.0, 2.0) and a.grad == right[a]
assert topological(d) == [a, b, c, d]

# %% [markdown]
# In the wrong order $\bar b$ is 3 in the end, as it should be, but $a$ was told when it still was 1. An engine that
# passes each contribution on as soon as it arrives would repair this, by walking every path again.
#
# ## What one pass costs
#
# `count_steps` counts the arithmetic of a recorded graph: multiplications, additions, and evaluations of functions. For
# squares of squares, $t \leftarrow t \cdot t$, the local derivatives are not all 1, so nothing can be left out:

# %%
print("squares   paths              forward   backward")
for n in (5, 10, 20, 40):
    leaf = t = Value(1.0, "t")
    for _ in range(n):
        t = t * t
    count = count_steps(t)
    assert count.forward.total == n and count.backward.total == 3 * n
    print(f"{n:7}   {count_paths(t, leaf):<17,}   {count.forward.total:6}   {count.backward.total:8}")

# %% [markdown]
# Each square takes one multiplication forward; backward it takes two multiplications (one for each edge) and one
# addition (of the two contributions). So backward costs a fixed multiple of forward, whatever the number of paths. That
# a gradient by *all* inputs costs only a few times as much as the function itself is known as the **cheap gradient
# principle**.
#
# ### The paths in a network
#
# Networks are where this matters. In a network whose layers are fully connected, a path may change to any unit at each
# layer, so the widths multiply. Six layers of 8 units are small, and yet:

# %%
from nn import MLP

model = MLP(3, [8] * 6 + [1], activation="tanh", rng=0)
xs = [Value(number, f"x{i}") for i, number in enumerate((1.0, -2.0, 0.5), 1)]
out = model(xs)
assert count_paths(out, xs[0]) == 8**6 == 262_144

_, edges = adjoints(topological(out))
print(f"paths from x1 to the output: {count_paths(out, xs[0]):,}")
print(f"edges in the whole graph:    {edges:,}")
assert edges == 801

# %% [markdown]
# Each of the 401 parameters of this network gets its derivative from one pass over 801 edges. Path by path, a weight of
# the first layer alone would take $8^5$ products:

# %%
first = model.parameter("w1_11")
assert count_paths(out, first) == 8**5 == 32_768
assert len(model.parameters()) == 401
out.backward()
grad, _ = adjoints(topological(out))
assert all(math.isclose(grad[p], p.grad) for p in model.parameters())
print(f"∂out/∂w1_11 = {first.grad:.6f}, a sum of {count_paths(out, first):,} products")

# %% [markdown]
# ## Exercises
#
# Write your answer into the cell that holds the solution, and run the cell below it.
#
# ### 1 · Fill in the products and the sums
#
# On paper: the products along the paths and the totals of the following derivation.

# %%
task = exercise(level=4, seed=2)
sheet_1 = task.worksheet(["products", "totals"])
sheet_1

# %% tags=["solution"]
answers_1 = [
    *(3 * -1, 3 * 1 * -3),  # x: both paths begin with ∂u/∂x = y = 3
    *(-1 * -1, -1 * 1 * -3, 1 * 1 * -1),  # y: two begin with ∂u/∂y = x = -1
    1 * -3,  # z
    *(-12, 3, -3),  # the sums
]

# %%
sheet_1.check(globals().get("answers_1", []))

# %% [markdown]
# ### 2 · How many paths?
#
# On paper: let $u_0 = a$, $u_1 = 1 \cdot a$, and from there on $u_{k+1} = u_k + u_{k-1}$. How many paths lead from $a$
# to $u_{10}$?

# %% tags=["solution"]
answer_2 = 89  # Fibonacci numbers: the paths to u_k are those that come through u_(k-1) or u_(k-2)

# %%
a = Value(1.0, "a")
older, newer = a, 1 * a
for _ in range(9):
    older, newer = newer, newer + older

answer = globals().get("answer_2", ...)
if answer is ...:
    print("not answered yet")
elif answer == count_paths(newer, a):
    print(f"right: {answer} paths, and as each has the product 1, ∂u10/∂a is {gradient(newer, a):.0f} too")
else:
    print("off: count the paths to u2 and u3 first; how does the second follow from what is before it?")

# %% [markdown]
# ### 3 · Count paths in one pass
#
# Write `number_of_paths(f, x)`, without walking the paths: one loop over `topological(f)` is enough. (How many paths
# lead from $x$ to a node, if you know it for each of the node's inputs?) The checker tries it on 100 doublings.


# %% tags=["solution"]
def number_of_paths(f, x):
    count = {}
    for node in topological(f):
        inputs = [below for below in node.inputs if isinstance(below, Value)]
        count[node] = 1 if node is x else sum(count[below] for below in inputs)
    return count[f]


# %%
if "number_of_paths" not in globals():
    print("not answered yet")
else:
    cases = [("b = a + a", *doubled(1)), ("U1, from z", z, f), ("100 doublings", *doubled(100))]
    for title, leaf, node in cases:
        found, wanted = number_of_paths(node, leaf), count_paths(node, leaf)
        print(f"{title}: {'right' if found == wanted else f'off, {found} instead of {wanted}'}")

# %% [markdown]
# ### 4 · A recursion that remembers
#
# Repair `slope`: with a dictionary of the nodes that are done, no node is worked out twice. Write
# `slope_once(node, x, done)`, which counts its calls in `calls` as `slope` does. For 16 doublings it needs 33 calls
# where `slope` needed 131,071.


# %% tags=["solution"]
def slope_once(node, x, done):
    global calls
    calls += 1
    if node is x:
        return 1.0
    if node not in done:
        done[node] = 0.0
        for below, local in zip(node.inputs, node.local_derivatives):
            if isinstance(below, Value):
                done[node] += local * slope_once(below, x, done)
    return done[node]


# %%
assert walked[16] == 131_071
if "slope_once" not in globals():
    print("not answered yet")
else:
    leaf, node = doubled(16)
    calls = 0
    found = slope_once(node, leaf, {})
    print(f"derivative {found:,.0f}: {'right' if found == 2**16 else 'off, it is 2^16'}")
    print(f"calls {calls}: {'right' if calls <= 33 else 'off, some node is still worked out again and again'}")

# %% [markdown]
# This recursion is fast as well, but it answers a different question: the derivative of *all* nodes by *one* input. A
# network has one result and many inputs, so it wants the other direction, the derivative of one result by all nodes,
# and that is what backpropagation gives.
#
# ## Summary
#
# - A derivative is a **sum over paths** of products of local derivatives: pushes multiply along a path and add where
#   paths meet.
# - Written path by path, a result can be checked factor by factor: the slide of U1 has the factors 1 and 2 of
#   $\partial f/\partial x$ and $\partial f/\partial y$ swapped.
# - The number of paths can double with every line of a program; a recursion that follows them all does so too.
# - The distributive law regroups the sum: each node collects its **adjoint**, then passes it on **once**.
# - This needs a **topological order**, read from the end: a node hands on only after all that use it have reported.
# - One pass costs a few operations for each edge and gives the derivatives by all inputs and parameters at once.
#
# Next: [3 · One network by hand](03_one_network_by_hand.ipynb).
