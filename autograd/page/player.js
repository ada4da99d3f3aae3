// The player: what is shown at which step, and the clock. One for each root element; nothing is global.
function start(root) {
  const data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  const whole = root.classList.contains("pathgrad-page");
  const svg = original(root);
  svg.querySelector("title")?.remove();
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", data.title);
  const size = svg.getAttribute("viewBox").split(" ").map(Number).slice(2);
  const formula = formulas(data);
  const say = sayings(data, formula);
  const view = picture(svg, data);

  let line;
  let shown = -1;
  let timer = 0;
  let full = false;
  let said = "";
  let paint;

  const by = (step) => () => {
    pause();
    go(step());
  };
  const moves = {
    start: by(() => 0),
    back: by(() => line.previous(shown)),
    next: by(() => line.next(shown)),
    end: by(() => line.end),
  };
  const parts = layout(data, svg, size[0] > 1.1 * size[1] ? "wide" : "tall", {
    ...moves,
    toggle,
    digits: () => {
      full = !full;
      parts.digits.setAttribute("aria-pressed", full);
      describe();
    },
    theme: () => paint(app.dataset.theme === "dark" ? "light" : "dark"),
    smaller: () => stage.zoom(0.8),
    larger: () => stage.zoom(1.25),
  });
  const { app, range } = parts;
  const stage = staging(parts.stage, svg, view, size, whole);
  const node = inspector(view, formula, panels(data, formula, say), parts, {
    line: () => line,
    step: () => shown,
    full: () => full,
    bring: stage.bring,
  });

  function go(to, follow = true) {
    const step = Math.max(0, Math.min(line.end, to));
    if (step === shown) return;
    const changed = shown < 0 ? data.nodes.keys() : line.between(shown, step);
    shown = step;
    for (const i of changed) write(i);
    describe();
    if (follow) stage.bring(line.at(step).nodes);
  }

  function write(i) {
    const value = line.data(i, shown);
    const { sum, complete } = line.grad(i, shown);
    const number = value < 0 ? null : formula.plain(value);
    const total = sum < 0 ? "·" : formula.plain(sum) + (complete ? "" : " +");
    const words =
      number === null
        ? "not computed yet"
        : `data ${number}${sum < 0 ? "" : `, grad ${formula.plain(sum)}${complete ? "" : " so far"}`}`;
    view.show(i, shown, line, number, total, words);
  }

  function describe() {
    const run = line.run(shown);
    const at = run.at(-1);
    const { lines, more, remark: words } = say.step(line, shown);
    const remark = run.length > 1 ? `${words}; the last of ${run.length} steps in this box` : words;
    const backward = at.phase === "seed" || at.phase === "backward";
    const title =
      at.phase === "start"
        ? "Start"
        : backward
          ? `Backward ${shown - line.seed + 1} of ${line.end - line.seed + 1}`
          : `Forward ${shown} of ${line.seed - 1}`;
    for (const part of [parts.step, range])
      part.className = `${part === range ? "" : "step "}${backward ? "backward" : "forward"} ${at.phase}`;
    view.point(run);
    parts.where.textContent = title;
    parts.remark.textContent = remark;
    parts.formula.replaceChildren(...lines.map((tree) => formula.math(tree, full)));
    parts.second.replaceChildren(...more.map((tree) => formula.math(tree, full)));
    range.value = shown;
    range.setAttribute("aria-valuetext", title);
    said = `${title}: ${say.text(lines)}${more.length && backward ? `; ${say.text(more)}` : ""}. ${remark}.`;
    if (!timer || Number(parts.speed.value) <= 1) parts.live.textContent = said; // nobody can listen to more
    node.describe();
  }

  function toggle() {
    if (timer) return pause();
    if (shown === line.end) go(0);
    app.classList.add("playing");
    retitle(parts.play, "Pause (space)", icon("pause"));
    tick();
  }
  function tick() {
    timer = setTimeout(
      () => {
        if (!root.isConnected) return pause();
        go(line.next(shown));
        if (shown < line.end) tick();
        else pause();
      },
      1000 / Number(parts.speed.value),
    );
  }
  function pause() {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    app.classList.remove("playing");
    retitle(parts.play, "Play (space)", icon("play"));
    parts.live.textContent = said;
  }

  function begin(which, step) {
    line = timeline(data, which);
    range.max = line.end;
    parts.halves.style.gridTemplateColumns = `${line.seed - 0.5}fr ${line.end - line.seed + 0.5}fr`;
    shown = -1;
    go(step, false);
  }

  range.addEventListener("input", () => {
    pause();
    go(Number(range.value));
  });
  parts.outputs.addEventListener("change", () => {
    pause();
    begin(Number(parts.outputs.value), Infinity);
  });
  const single = { ArrowLeft: by(() => shown - 1), ArrowRight: by(() => shown + 1) };
  const all = { ArrowLeft: moves.back, ArrowRight: moves.next, Home: moves.start, End: moves.end, " ": toggle };
  for (const target of whole ? [app, document] : [app]) listen(target, range, node, all, single);
  const paper = {
    before: () => {
      const kept = shown;
      pause();
      go(line.end, false);
      view.point([]);
      return kept;
    },
    after: (kept) => {
      view.point(line.run(shown));
      go(kept, false);
    },
  };
  paint = surroundings(root, data.theme, app, paper);
  begin(0, data.start ? Infinity : data.nodes.filter((one) => one[3].length).length);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  const shadow = root.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(app);
  root.setAttribute("data-on", "");
  root.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's own keys rest while this has the focus
}

for (const root of document.querySelectorAll(".pathgrad[data-steps='1']:not([data-on])")) {
  try {
    start(root);
  } catch (error) {
    console.error("the step page could not start; the picture remains", error);
  }
}
