// The keys, wherever the focus is; those that have a meaning of their own there keep it.
function listen(where, range, node, all, single) {
  where.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    const { key } = event;
    let act = (event.shiftKey && single[key]) || all[key];
    if (target === range && key !== " ") act = undefined; // a slider has these keys itself
    if (target.closest?.("select") || (key === " " && target.closest?.("button, summary"))) act = undefined;
    if (target.closest?.("[data-box]")) act = node.keys[key] ?? act;
    if (key === "Escape" && node.open()) act = node.close;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}
