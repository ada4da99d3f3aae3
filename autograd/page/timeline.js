// The timeline: what is known at a step is a function of the step alone, so that going back is exact and a jump is one
// step. Step 0 has the leaves; then each op; then the seed; then each term of an adjoint.
function timeline(data, which) {
  const { nodes } = data;
  const pass = data.passes[which];
  const f = pass.output;
  const ops = nodes
    .map((node, i) => [node, i])
    .filter(([node]) => node[3].length)
    .map(([, i]) => i);
  const seed = ops.length + 1;
  const end = seed + pass.terms.length;
  const known = nodes.map(() => 0); // the step at which a node's data is there
  ops.forEach((i, k) => (known[i] = k + 1));
  const sums = nodes.map(() => []); // for each node [step, sum so far] in order
  sums[f].push([seed, pass.one]);
  const terms = pass.terms.map(([product, total, ...edges], k) => {
    const pairs = [];
    for (let i = 0; i < edges.length; i += 2) pairs.push([edges[i], edges[i + 1]]);
    const tail = nodes[pairs[0][0]][4][pairs[0][1]][0];
    const before = sums[tail].length ? sums[tail].at(-1)[1] : -1;
    sums[tail].push([seed + 1 + k, total]);
    return { product, total, before, tail, edges: pairs, place: sums[tail].length };
  });
  sums.forEach((sum) => sum.length || sum.push([seed, pass.zero])); // f does not depend on these

  // how many terms of node i are there at the step
  function count(i, step) {
    let low = 0;
    let high = sums[i].length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[i][middle][0] <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function at(step) {
    if (step === 0) return { phase: "start", nodes: [] };
    if (step < seed) return { phase: "forward", node: ops[step - 1], nodes: [ops[step - 1]] };
    if (step === seed)
      return { phase: "seed", node: f, nodes: nodes.map((_, i) => i).filter((i) => i === f || sums[i][0][0] === seed) };
    const term = terms[step - seed - 1];
    return { phase: "backward", node: term.tail, term, nodes: [term.tail, ...term.edges.map(([head]) => head)] };
  }

  // where several nodes are one box, a step is all that happens in a box at a time
  const folded = new Set(nodes.map(([box]) => box)).size < nodes.length;
  const place = ({ phase, node, term }) => `${phase} ${nodes[term ? term.edges[0][0] : node][0]}`;
  const stops = [0];
  for (let step = 1; step <= end; step++) if (step === end || place(at(step)) !== place(at(step + 1))) stops.push(step);
  const due = new Map(); // the step at which all has come back over an arrow
  terms.forEach(({ edges }, k) => edges.forEach(([head, input]) => due.set(nodes[head][4][input][2], seed + 1 + k)));
  const wholes = new Map();

  return {
    f,
    pass,
    end,
    seed,
    at,
    terms,
    known,
    next: (step) => (folded ? (stops.find((stop) => stop > step) ?? end) : step + 1),
    previous: (step) => (folded ? (stops.findLast((stop) => stop < step) ?? 0) : step - 1),
    // the steps that are shown as one
    run(step) {
      const first = folded && stops.includes(step) ? (stops.findLast((stop) => stop < step) ?? -1) + 1 : step;
      return Array.from({ length: step - first + 1 }, (_, k) => at(first + k));
    },
    // numbers in the picture that are not of this pass are not shown
    due: (arrow) => (pass.fits ? (due.get(arrow) ?? Infinity) : Infinity),
    whole(inside) {
      if (!wholes.has(inside)) {
        const known_ = Math.max(...inside.map((i) => known[i]));
        const complete = pass.fits ? Math.max(...inside.map((i) => sums[i].at(-1)[0])) : Infinity;
        wholes.set(inside, { known: known_, complete });
      }
      return wholes.get(inside);
    },
    terms_of: (i) => terms.filter((term) => term.tail === i),
    data: (i, step) => (known[i] <= step ? nodes[i][1] : -1),
    // the sum so far, how many terms it has, and whether that is all
    grad(i, step) {
      const n = count(i, step);
      return { sum: n ? sums[i][n - 1][1] : -1, terms: n, of: sums[i].length, complete: n === sums[i].length };
    },
    // the nodes that may look different at two steps
    between(a, b) {
      const found = new Set();
      for (let step = Math.min(a, b) + 1; step <= Math.max(a, b); step++) at(step).nodes.forEach((i) => found.add(i));
      return found;
    },
  };
}
