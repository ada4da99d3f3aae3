"""Handwritten digits, 64–32–10, from nothing to the accuracy on 360 images held out: what a notebook's cell would take.

In a process of its own; prints one JSON object, which peers.py reads.
"""

from __future__ import annotations

import json
import time

from peer_digits import SEED, digits

import nn

EPOCHS, BATCH, RATE = 30, 32, 0.005


def main() -> None:
    x, labels, held_x, held_labels = (part.tolist() for part in digits())
    start = time.perf_counter()
    model = nn.MLP(64, [32, 10], rng=SEED)
    optimizer = nn.Adam(model.parameters(), RATE)
    history = nn.fit(
        model, (x, labels), nn.cross_entropy, optimizer, EPOCHS, batch_size=BATCH, seed=SEED, progress=False
    )
    seconds = time.perf_counter() - start
    right = 0
    for row, label in zip(held_x, held_labels, strict=True):
        logits = [z.data for z in model(row)]
        right += logits.index(max(logits)) == label
    found = {"seconds": seconds, "accuracy": right / len(held_labels), "epochs": len(history.rows)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
