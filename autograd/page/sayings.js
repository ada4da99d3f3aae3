// What there is to say of a step: a line of formulas, a second one, and a remark.
const ORDINALS = [
  "zeroth",
  "first",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
  "ninth",
  "tenth",
];
const ordinal = (n) => ORDINALS[n] ?? `term ${n}`;

function sayings(data, formula) {
  const name = (i) => data.names[i][0];

  // v = x · y | = 2 · 3 | = 6
  function computation(i) {
    const [, value, , formulas] = data.nodes[i];
    if (!formulas.length) return [["row", ["v", i], "o=", ["#", value]]];
    return [
      ["row", ["v", i], "o=", formulas[0]],
      ["row", "o=", formulas[1]],
      ["row", "o=", ["#", value]],
    ];
  }

  // ∂v/∂x = y = 3
  function local(head, k) {
    const [tail, , , value, [symbol, numbers] = []] = data.nodes[head][4][k];
    const steps = [symbol, numbers, ["#", value]].filter((tree) => tree);
    const shown = steps.filter((tree, n) => n === 0 || formula.text(tree) !== formula.text(steps[n - 1]));
    return ["row", ["d", head, tail], ...shown.flatMap((tree) => ["o=", tree])];
  }

  // ∂f/∂x += ∂f/∂v · ∂v/∂x | = ∂f/∂v · y | = 4 · 3 | = 12
  function term(line, { edges, product, tail, place }, sign) {
    const chain = edges.flatMap(([head], n) => [...(n ? ["o+"] : []), ["d", line.f, head], "o·", ["d", head, tail]]);
    const start = sign ? [["row", ["d", line.f, tail], `o${sign}`, ...chain]] : [["row", ...chain]];
    if (product < 0) return start;
    const [head, k] = edges[0];
    const [, , , value, [symbol] = []] = data.nodes[head][4][k];
    if (symbol && symbol[0] !== "#") {
      const loose = symbol[0] === "row" && symbol.some((part) => part === "o+" || part === "o−");
      start.push(["row", "o=", ["d", line.f, head], "o·", loose ? ["row", "o(", symbol, "o)"] : symbol]);
    }
    const above = line.grad(head, Infinity).sum;
    return [...start, ["row", "o=", ["#", above], "o·", formula.enclosed(value)], ["row", "o=", ["#", product]]];
  }

  function parallel(head, k) {
    const edges = data.nodes[head][4];
    const same = edges.map((edge, n) => [edge[0], n]).filter(([tail]) => tail === edges[k][0]);
    return same.length > 1
      ? `over edge ${same.findIndex(([, n]) => n === k) + 1} of ${same.length} from ${name(edges[k][0])} to ${name(head)}`
      : "";
  }

  // the formulas of a step, a second line of them, and a remark
  function step(line, s) {
    const at = line.at(s);
    if (at.phase === "start") {
      const leaves = data.nodes.map((_, i) => i).filter((i) => !data.nodes[i][3].length);
      const rest = leaves.length > 6 ? `, and ${leaves.length - 5} more` : "";
      return {
        lines: leaves.slice(0, rest ? 5 : 6).map((i) => computation(i)[0]),
        more: [],
        remark: `What is given${rest}; nothing is computed yet`,
      };
    }
    if (at.phase === "forward") {
      const edges = data.nodes[at.node][4].map((edge, k) => [edge, k]).filter(([edge]) => edge[0] >= 0);
      const rest = edges.length > 4 ? ", of which 4 are shown" : "";
      const count = edges.length === 1 ? "its local derivative" : `its ${edges.length} local derivatives`;
      const stale = data.nodes[at.node][5]
        ? "The data of its inputs was changed after this was computed, so its numbers do not fit together. "
        : "";
      return {
        lines: computation(at.node),
        more: edges.slice(0, 4).map(([, k]) => local(at.node, k)),
        remark: `${stale}${name(at.node)} is computed, with ${count}${rest}`,
      };
    }
    if (at.phase === "seed") {
      return {
        lines: [["row", ["d", line.f, line.f], "o=", ["#", line.pass.one]]],
        more: [],
        remark: `The way back begins at ${name(line.f)}; the other adjoints begin at 0`,
      };
    }
    const { tail, place, before, total, edges, product } = at.term;
    const { of } = line.grad(tail, s);
    const sum =
      product < 0
        ? [["row", ["d", line.f, tail], "o=", ["#", total]]]
        : place > 1
          ? [
              ["row", ["d", line.f, tail], "o=", ["#", before], "o+", formula.enclosed(product)],
              ["row", "o=", ["#", total]],
            ]
          : [];
    const which =
      of === 1
        ? `the one term of ∂${name(line.f)}/∂${name(tail)}`
        : `${ordinal(place)} of ${of} terms of ∂${name(line.f)}/∂${name(tail)}`;
    const inside = product < 0 ? "summed inside the checkpoint" : parallel(...edges[0]);
    const remark = [which, inside, place === of ? "which is now complete" : ""].filter(Boolean).join(", ");
    return {
      lines: term(line, at.term, of > 1 ? "+=" : "="),
      more: sum,
      remark: remark[0].toUpperCase() + remark.slice(1),
    };
  }

  return { name, computation, local, term, parallel, step, text: (trees) => trees.map(formula.text).join(" ") };
}
