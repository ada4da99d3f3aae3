// The elements of the page: bar, step, picture, panel; what they do is told them by the player.
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  start: "M5 5v14M19 5 8 12l11 7z",
  back: "M17 5 7 12l10 7z",
  play: "M7 4l13 8-13 8z",
  pause: "M7 5h3v14H7zM14 5h3v14h-3z",
  next: "M7 5l10 7-10 7z",
  end: "M19 5v14M5 5l11 7-11 7z",
};
const HELP =
  "← → step (where layers are folded, from box to box, and with Shift from node to node), space plays and " +
  "pauses, Home and End go to the start and the end. In the picture ↑ ↓ go from node to node, Enter tells more of one, Esc closes that. Thick: what the step finds; dashed: where it comes from; " +
  "8 +: a sum that has more terms to come.";

function html(tag, attributes = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value !== false && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...content);
  return made;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function button(title, onclick, ...content) {
  return html("button", { type: "button", title, "aria-label": title, onclick }, ...content);
}

function retitle(element, title, ...content) {
  element.replaceChildren(...content);
  element.title = title;
  element.setAttribute("aria-label", title);
}

// the picture that stands in the markup: an element, or the data of an image
function original(root) {
  const svg = root.querySelector("svg");
  if (svg) return svg.cloneNode(true);
  const bytes = Uint8Array.from(atob(root.querySelector("img").src.split(",")[1]), (c) => c.charCodeAt(0));
  const parsed = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "image/svg+xml");
  return document.importNode(parsed.documentElement, true);
}

function layout(data, svg, shape, act) {
  const play = button("Play (space)", act.toggle, icon("play"));
  const range = html("input", { type: "range", min: 0, step: 1, "aria-label": "Step" });
  const halves = html(
    "div",
    { class: "halves", "aria-hidden": "true" },
    html("span", {}, "forward"),
    html("span", {}, "backward"),
  );
  const speed = html(
    "select",
    {},
    ...[0.5, 1, 2, 5, 20].map((n) => html("option", { value: n, selected: n === 1 }, n === 0.5 ? "½" : `${n}`)),
  );
  const more = data.outputs - data.passes.length;
  const outputs = html(
    "select",
    {},
    ...data.passes.map((pass, k) => html("option", { value: k }, data.names[pass.output][0])),
    ...(more ? [html("option", { disabled: true }, `${more} more`)] : []),
  );
  const digits = html(
    "button",
    { type: "button", "aria-pressed": "false", title: "Numbers with all their digits", onclick: act.digits },
    "All digits",
  );
  const bar = html(
    "div",
    { class: "bar" },
    html(
      "div",
      { class: "buttons", role: "group", "aria-label": "Steps" },
      button("To the start (Home)", act.start, icon("start")),
      button("Step back (←)", act.back, icon("back")),
      play,
      button("Step forward (→)", act.next, icon("next")),
      button("To the end (End)", act.end, icon("end")),
    ),
    html("div", { class: "track" }, range, halves),
    html("label", {}, "Speed ", speed, html("span", { class: "hidden" }, " steps a second")),
    ...(data.outputs > 1 ? [html("label", {}, "Derivatives of ", outputs)] : []),
    html(
      "div",
      { class: "buttons", role: "group", "aria-label": "View" },
      button("Smaller picture", act.smaller, "−"),
      button("Larger picture", act.larger, "+"),
      digits,
      button("Light or dark", act.theme, "◐"),
    ),
  );
  const where = html("strong");
  const remark = html("span");
  const formula = html("div", { class: "formula" });
  const second = html("div", { class: "formula more" });
  const stage = html(
    "div",
    {
      class: "stage",
      tabindex: 0,
      role: "group",
      "aria-label": "Picture; up and down arrow go from node to node, Enter tells more of one",
    },
    svg,
  );
  const panel = html("aside", { class: "panel", hidden: true, "aria-label": "Node" });
  const live = html("p", { class: "hidden", role: "status", "aria-live": "polite" });
  const step = html(
    "section",
    { class: "step", "aria-label": "This step" },
    html("p", {}, where, remark),
    html("div", { class: "lines" }, formula, second),
  );
  const app = html(
    "div",
    { class: "app", tabindex: -1, role: "region", "aria-label": data.title, "data-shape": shape },
    bar,
    step,
    stage,
    panel,
    html("details", { class: "help" }, html("summary", {}, "Keys"), html("p", {}, HELP)),
    live,
  );
  return { app, play, range, halves, speed, outputs, digits, step, where, remark, formula, second, stage, panel, live };
}
