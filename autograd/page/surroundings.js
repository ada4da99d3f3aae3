// The surroundings: light or dark as the page around it (JupyterLab, VS Code) or the reader's system, and paper.
function surroundings(root, theme, app, paper) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const lab = document.body.dataset.jpThemeLight;
  const around = () => (lab ? lab === "false" : document.body.classList.contains("vscode-dark") || dark.matches);
  const gone = new AbortController(); // a notebook may have thrown the output away

  function paint(name) {
    app.dataset.theme = name;
    if (root.classList.contains("pathgrad-page")) document.documentElement.style.colorScheme = name;
  }
  function follow() {
    paint(theme || (around() ? "dark" : "light"));
  }
  function whileHere(target, type, act) {
    target.addEventListener(type, () => (root.isConnected ? act() : gone.abort()), { signal: gone.signal });
  }

  let kept; // paper is white, and shows the final state
  whileHere(dark, "change", follow);
  whileHere(window, "beforeprint", () => {
    kept ??= [app.dataset.theme, paper.before()];
    app.dataset.theme = "light";
  });
  whileHere(window, "afterprint", () => {
    if (!kept) return;
    app.dataset.theme = kept[0];
    paper.after(kept[1]);
    kept = undefined;
  });
  follow();
  return paint;
}
