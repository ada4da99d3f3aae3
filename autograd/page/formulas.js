// Formulas: trees from Python become MathML, and text for whoever hears them.
// A leaf is a string whose first letter says what it is; the rest are [kind, part, …]; ["v", 3] is the name of node 3,
// ["#", 5] number 5, ["d", 2, 3] is ∂(node 2)/∂(node 3).
const MATHML = "http://www.w3.org/1998/Math/MathML";
const LEAVES = { i: "mi", n: "mn", o: "mo", t: "mtext" };
const BRANCHES = {
  row: "mrow",
  frac: "mfrac",
  sqrt: "msqrt",
  sup: "msup",
  sub: "msub",
  subsup: "msubsup",
  over: "mover",
};

function formulas(data) {
  const numbers = data.numbers.map((text) => text.split("\t"));
  const names = data.names;

  function element(tag, ...content) {
    const made = document.createElementNS(MATHML, tag);
    made.append(...content);
    return made;
  }

  function number(place, full) {
    const shown = plain(place, full).replaceAll("-", "−");
    const [, mantissa, sign, digits] = shown.match(/^(.*\d)e\+?(−?)0*(\d+)$/) ?? [];
    if (mantissa === undefined) return element("mn", shown.replace(/^(−?)inf$/, "$1∞").replace(/^nan$/, "NaN"));
    return element(
      "mrow",
      element("mn", mantissa),
      element("mo", "×"),
      element("msup", element("mn", "10"), element("mn", sign + digits)),
    );
  }

  // the number as Python writes it: as in the diagram, or in full
  const plain = (place, full) => (full ? numbers[place].at(-1) : numbers[place][0]);

  function drawn(tree, full) {
    if (typeof tree === "string") return element(LEAVES[tree[0]], tree.slice(1));
    const [kind, ...parts] = tree;
    if (kind === "#") return number(parts[0], full);
    if (kind === "v") return drawn(names[parts[0]][1], full);
    if (kind === "d")
      return element("mfrac", ...parts.map((i) => element("mrow", element("mo", "∂"), drawn(["v", i], full))));
    return element(BRANCHES[kind], ...parts.map((part) => drawn(part, full)));
  }

  function text(tree) {
    if (typeof tree === "string")
      return tree[0] === "o" && !"()[]|∂′".includes(tree[1]) ? ` ${tree.slice(1)} ` : tree.slice(1);
    const [kind, ...parts] = tree;
    if (kind === "#") return plain(parts[0]);
    if (kind === "v") return names[parts[0]][0];
    if (kind === "d") return `∂${names[parts[0]][0]}/∂${names[parts[1]][0]}`;
    const [a, b, c] = parts.map(text);
    const enclosed = (part, word) => (Array.isArray(part) && part[0] === "row" ? `(${word})` : word);
    if (kind === "frac") return `${enclosed(parts[0], a)}/${enclosed(parts[1], b)}`;
    if (kind === "sqrt") return `√(${a})`;
    if (kind === "sup") return b === "′" ? a + b : `${a}^${enclosed(parts[1], b)}`;
    if (kind === "sub") return `${a}_${b}`;
    if (kind === "subsup") return `${a}_${b}^${c}`;
    if (kind === "over") return a + b;
    return parts.map(text).join("").replace(/ +/g, " ").trim();
  }

  return {
    plain,
    text,
    // a formula, a part of one that begins with "=", …
    math(tree, full) {
      const made = element("math", drawn(tree, full));
      made.setAttribute("aria-label", text(tree));
      return made;
    },
    // a number as a later factor or summand
    enclosed: (place) => ("-−".includes(plain(place)[0]) ? ["row", "o(", ["#", place], "o)"] : ["#", place]),
  };
}
