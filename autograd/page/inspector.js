// The inspector: which node is chosen, what the panel says of it, and which of its paths is shown in the picture.
function inspector(view, formula, tell, parts, player) {
  const { app, panel } = parts;
  const { views } = view;
  const reachable = views.map((one, i) => [one.group, i]).filter(([group, i]) => group && views[i].leads);
  let chosen = -1;
  let traced = [];
  let current = reachable.length - 1;

  function trace(button, arrows) {
    const on = button.getAttribute("aria-pressed") === "true";
    untrace();
    if (on) return;
    button.setAttribute("aria-pressed", "true");
    traced = arrows.map((i) => view.arrows[i]).filter(Boolean);
    traced.forEach((arrow) => arrow.classList.add("way"));
  }
  function untrace() {
    panel.querySelectorAll(".way[aria-pressed=true]").forEach((one) => one.setAttribute("aria-pressed", "false"));
    traced.forEach((arrow) => arrow.classList.remove("way"));
    traced = [];
  }

  function others() {
    const found = views[chosen].others;
    const one = (i) =>
      html(
        "button",
        { type: "button", "aria-pressed": String(i === chosen), onclick: () => choose(i) },
        formula.math(["v", i]),
      );
    return found.length
      ? [html("h3", {}, "In this box"), html("div", { class: "buttons" }, ...found.slice(0, 60).map(one))]
      : [];
  }
  function describe() {
    if (chosen < 0) return;
    const pressed = [...panel.querySelectorAll(".way")].findIndex((one) => one.getAttribute("aria-pressed") === "true");
    untrace();
    const close = button("Close (Esc)", () => choose(-1), "×");
    close.className = "close";
    panel.replaceChildren(close, ...tell(player.line(), chosen, player.step(), player.full(), trace), ...others());
    panel.querySelectorAll(".way")[pressed]?.click();
  }
  function choose(i) {
    views[chosen]?.group?.classList.remove("chosen");
    if (i < 0) reachable[current]?.[0].focus({ preventScroll: true });
    if (i !== chosen) (panel.replaceChildren(), untrace());
    chosen = i;
    panel.hidden = i < 0;
    app.classList.toggle("open", i >= 0);
    if (i < 0) return;
    views[i].group?.classList.add("chosen");
    describe();
  }

  // one node at a time can be reached with the tab key; the arrows go on from there
  function visit(n, focus = true) {
    reachable[current][0].setAttribute("tabindex", -1);
    current = Math.max(0, Math.min(reachable.length - 1, n));
    const [group, i] = reachable[current];
    group.setAttribute("tabindex", 0);
    if (!focus) return;
    group.focus({ preventScroll: true });
    player.bring([i]);
  }
  reachable.forEach(([group, i], n) => {
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", -1);
    group.addEventListener("click", () => {
      visit(n);
      choose(i);
    });
  });
  if (reachable.length) visit(current, false);

  return {
    describe,
    open: () => chosen >= 0,
    close: () => choose(-1),
    keys: {
      Enter: () => choose(reachable[current][1]),
      ArrowDown: () => visit(current + 1),
      ArrowUp: () => visit(current - 1),
    },
  };
}
