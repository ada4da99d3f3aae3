// What there is to say of a node: its numbers in full, its op's rule, the terms of its adjoint, and its paths to f.
const plural = (count, word) => `${count} ${word}${count === "1" || count === 1 ? "" : "s"}`;

function panels(data, formula, { name, computation, local, term, parallel }) {
  function lines(title, entries, most = 12) {
    if (!entries.length) return [];
    const rest = entries.length - most;
    return [
      html("h3", {}, title),
      html(
        "ul",
        {},
        ...entries.slice(0, most).map((entry) => html("li", {}, ...[entry].flat())),
        ...(rest > 0 ? [html("li", {}, `… and ${rest} more`)] : []),
      ),
    ];
  }

  // the steps of a path: [node, input] from x up to f
  function steps(line, i, rank) {
    const found = [];
    while (i !== line.f) {
      const [head, k, next] = line.pass.ways[i][rank];
      found.push([head, k]);
      [i, rank] = [head, next];
    }
    return found;
  }

  const shortened = (list) => (list.length > 10 ? [...list.slice(0, 4), ["o…"], ...list.slice(-4)] : list);

  function way(line, i, rank, full, trace) {
    const found = steps(line, i, rank);
    const route = shortened([["v", i], ...found.map(([head]) => ["v", head])].map((tree) => [tree]));
    const factors = shortened(
      found.map(([head, k]) => [
        found.length > 1 && found[0][0] === head && found[0][1] === k
          ? ["#", data.nodes[head][4][k][3]]
          : formula.enclosed(data.nodes[head][4][k][3]),
      ]),
    );
    const join = (list, sign) => list.flatMap((trees, n) => (n ? [sign, ...trees] : trees));
    const product = line.pass.ways[i][rank][3];
    const arrows = found.map(([head, k]) => data.nodes[head][4][k][2]);
    const shown = html(
      "button",
      { type: "button", class: "way", "aria-pressed": "false", title: "Show this path in the picture" },
      formula.math(["row", ...join(route, "o→")], full),
    );
    shown.addEventListener("click", () => trace(shown, arrows));
    return [
      shown,
      " ",
      formula.math(["row", ...join(factors, "o·"), ...(factors.length > 1 ? ["o=", ["#", product]] : [])], full),
    ];
  }

  function panel(line, i, s, full, trace) {
    const [, value, [symbol, doc], , edges] = data.nodes[i];
    const math = (tree) => formula.math(tree, full);
    const grad = line.grad(i, Infinity);
    const terms = line.terms_of(i);
    const count = line.pass.counts[i];
    const ways = line.pass.ways[i];
    const now = line.grad(i, s);
    const sofar = now.complete ? "" : now.terms ? ` so far; ${now.terms} of ${now.of} terms` : "not yet";
    const differentiable = edges.map((edge, k) => [edge, k]).filter(([edge]) => edge[0] >= 0);
    return [
      html(
        "h2",
        {},
        html("bdi", {}, math(["v", i])),
        html("span", { class: "kind" }, doc ? `${symbol}: ${doc}` : symbol),
      ),
      html(
        "dl",
        {},
        html("dt", {}, "data"),
        html("dd", {}, line.data(i, s) < 0 ? "not yet" : html("code", {}, formula.plain(value, true))),
        html("dt", {}, math(["d", line.f, i])),
        html("dd", {}, now.sum < 0 ? "" : html("code", {}, formula.plain(now.sum, true)), sofar),
      ),
      ...(edges.length ? lines("Computed as", [computation(i).map(math)]) : []),
      ...lines(
        "Local derivatives, one for each edge",
        differentiable.map(([, k]) => [math(local(i, k)), ` ${parallel(i, k)}`]),
      ),
      ...lines(
        i === line.f ? "" : "Chain rule, one term for each edge out of it",
        i === line.f
          ? []
          : [
              ...terms.slice(0, 12).map((one) => term(line, one).map(math)),
              ...(terms.length > 12 ? [[`… and ${terms.length - 12} more`]] : []),
              [math(["row", ["d", line.f, i], "o=", ["#", grad.sum]])],
            ],
        14,
      ),
      ...(i === line.f
        ? []
        : lines(
            `${plural(count, "path")} to ${name(line.f)}${ways.length && count !== String(ways.length) ? `, the ${ways.length} largest` : ""}`,
            ways.map((_, rank) => way(line, i, rank, full, trace)),
          )),
    ];
  }

  return panel;
}
