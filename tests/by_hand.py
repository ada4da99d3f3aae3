"""The textbooks' forward and δ recursions in plain floats, without the engine: an independent oracle (J2, D-j, P1).

z[l] = W[l] a[l−1] + b[l], a[l] = φ(z[l]); δ[L] = ∂L/∂a φ'(z[L]), δ[l] = φ'(z[l]) Σ_i δ[l+1]_i w[l+1]_ij;
∂L/∂w[l]_ij = δ[l]_i a[l−1]_j, ∂L/∂b[l]_i = δ[l]_i. Weights are rows by unit.
"""

import math

PHI = {
    "linear": (lambda z: z, lambda z: 1.0),
    "relu": (lambda z: max(0.0, z), lambda z: float(z > 0)),
    "tanh": (math.tanh, lambda z: 1.0 - math.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
}


def forward(weights, biases, activations, x):
    """The pre-activations and activations of every layer; activations[0] is the input."""
    zs, outs = [], [list(x)]
    for rows, bias, name in zip(weights, biases, activations, strict=True):
        z = [
            math.fsum(w * a for w, a in zip(row, outs[-1], strict=True)) + b for row, b in zip(rows, bias, strict=True)
        ]
        zs.append(z)
        outs.append([PHI[name][0](v) for v in z])
    return zs, outs


def deltas(weights, activations, zs, loss_slopes):
    """δ of every layer, given ∂L/∂a of the outputs."""
    slope = [PHI[name][1] for name in activations]
    found = [[g * slope[-1](z) for g, z in zip(loss_slopes, zs[-1], strict=True)]]
    for layer in range(len(weights) - 2, -1, -1):
        above, rows = found[0], weights[layer + 1]
        back = [math.fsum(d * row[j] for d, row in zip(above, rows, strict=True)) for j in range(len(zs[layer]))]
        found.insert(0, [slope[layer](z) * b for z, b in zip(zs[layer], back, strict=True)])
    return found


def weight_gradients(found, outs):
    """∂L/∂w[l]_ij = δ[l]_i a[l−1]_j."""
    return [[[d * a for a in below] for d in layer] for layer, below in zip(found, outs, strict=False)]
