// The picture: its boxes, arrows and labels by their numbers, and what of them a step changes.
function picture(svg, data) {
  const parts = (kind) => {
    const found = [];
    svg.querySelectorAll(`[data-${kind}]`).forEach((part) => (found[part.getAttribute(`data-${kind}`)] = part));
    return found;
  };
  const boxes = parts("box");
  const arrows = parts("arrow");
  const labels = parts("label");
  // A folded box or arrow stands for several nodes or edges. The last of them decides whether it is there yet. Such a
  // box has no numbers of one node; what stands in it appears when all of it is known.
  const tenants = new Map();
  const owner = new Map();
  data.nodes.forEach(([box, , , , edges], i) => {
    tenants.set(box, [...(tenants.get(box) ?? []), i]);
    for (const edge of edges) owner.set(edge[2], i);
  });
  const views = data.nodes.map(([box], i) => {
    const group = boxes[box];
    const [heading, ...texts] = group ? group.querySelectorAll("text") : [];
    const row = (title) => texts[texts.findIndex((text) => text.textContent === title) + 1 || texts.length];
    const inside = tenants.get(box);
    const view = {
      group,
      heading: heading?.textContent ?? "",
      leads: inside.at(-1) === i,
      others: [],
      rows: [],
      waiting: null,
    };
    if (inside.length === 1) return { ...view, data: row("data"), grad: row("grad") };
    const rows = texts.map((cell, n) => ({
      cell,
      text: cell.textContent,
      late: /^(δ|‖|grad)/.test(texts[n - 1]?.textContent ?? ""),
    }));
    return { ...view, others: inside, rows: rows.filter(({ cell }) => cell.getAttribute("text-anchor") === "end") };
  });
  // labels that hold more than a local derivative: what comes back over the edge
  const late = labels.map((label) => /[Σ‖×]/.test(label.textContent));
  let marked = []; // [element, class] of the step shown

  function mark(element, ...names) {
    if (!element) return;
    element.classList.add(...names);
    marked.push([element, names]);
  }

  function write(cell, text) {
    if (cell && cell.textContent !== text) cell.textContent = text;
  }

  let extents; // of all boxes, measured at once when one is first asked for
  function measured() {
    return views.map(({ group }) => {
      if (!group) return null;
      const { x, y, width, height } = group.getBBox();
      return { left: x, top: y, right: x + width, bottom: y + height };
    });
  }

  return {
    views,
    arrows,
    // what is known of node i at a step: its data (or null), its sum so far
    show(i, step, line, value, sum, words) {
      const view = views[i];
      const waiting = value === null;
      write(view.data, waiting ? "·" : value);
      write(view.grad, sum);
      for (const { cell, text, late } of view.rows)
        write(cell, step < line.whole(view.others)[late ? "complete" : "known"] ? "·" : text);
      for (const [, , arrow] of data.nodes[i][4])
        if (late[arrow]) labels[arrow].classList.toggle("waiting", step < line.due(arrow));
      if (view.waiting !== waiting) {
        view.waiting = waiting;
        if (view.leads) view.group?.classList.toggle("waiting", waiting);
        for (const [, , arrow] of data.nodes[i][4]) {
          if (owner.get(arrow) !== i) continue;
          arrows[arrow]?.classList.toggle("waiting", waiting);
          if (!late[arrow]) labels[arrow]?.classList.toggle("waiting", waiting);
        }
      }
      if (view.leads) view.group?.setAttribute("aria-label", `${view.heading}: ${words}`);
    },
    // point at what some steps do
    point(steps) {
      marked.forEach(([element, names]) => element.classList.remove(...names));
      marked = [];
      const found = new Set(); // of the boxes at the other end
      for (const { phase, node, term } of steps) {
        if (node === undefined) continue;
        const view = views[node];
        const way = phase === "forward" ? "forward" : "backward";
        mark(view.group, "now", way);
        mark(phase === "forward" ? view.data : view.grad, "changed", way);
        if (phase === "seed") continue;
        for (const [head, k] of term ? term.edges : data.nodes[node][4].map((_, k) => [node, k])) {
          const [tail, , arrow] = data.nodes[head][4][k];
          mark(arrows[arrow], "now", way);
          mark(labels[arrow], "now", way);
          found.add(views[term ? head : tail]?.group);
        }
      }
      const now = new Set(marked.filter(([, names]) => names[0] === "now").map(([element]) => element));
      const way = now.size && marked[0][1][1];
      // what lies inside one box comes from nowhere else
      found.forEach((group) => now.has(group) || mark(group, "source", way));
    },
    // the corner points of the boxes of some nodes
    extent(nodes) {
      extents ??= measured();
      const all = nodes.map((i) => extents[i]).filter(Boolean);
      return (
        all.length && {
          left: Math.min(...all.map((one) => one.left)),
          top: Math.min(...all.map((one) => one.top)),
          right: Math.max(...all.map((one) => one.right)),
          bottom: Math.max(...all.map((one) => one.bottom)),
        }
      );
    },
  };
}
