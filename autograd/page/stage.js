// The stage: how large the picture is in its box, and what part of it is seen. Sizes are remembered, not asked for,
// so that a step never makes the browser lay anything out twice.
const SMALLEST = 0.6; // what would have to be smaller to fit scrolls, because nobody could read it
const EDGES = 4; // two borders, and what rounding takes

function staging(stage, svg, view, [width, height], whole) {
  const seen = { left: 0, top: 0, width: 0, height: 0 };
  const largest = whole ? 2.2 : 1.3; // a page of its own has nothing beside the picture
  let wide = 0; // the box with its scroll bar, which comes and goes with the scale
  let fitting = 1;
  let chosen = 0; // 0: as large as fits

  const scale = () => chosen || fitting;
  function draw() {
    svg.style.width = `${Math.floor(scale() * width)}px`;
  }
  function fit() {
    wide = stage.offsetWidth;
    const high = parseFloat(getComputedStyle(stage).maxHeight) || stage.offsetHeight; // no maximum: it fills a row
    fitting = Math.max(SMALLEST, Math.min(largest, (wide - EDGES) / width, (high - EDGES) / height));
    draw();
  }
  stage.addEventListener(
    "scroll",
    () => {
      seen.left = stage.scrollLeft;
      seen.top = stage.scrollTop;
    },
    { passive: true },
  );
  new ResizeObserver(([{ contentRect }]) => {
    seen.width = contentRect.width;
    seen.height = contentRect.height;
    if (stage.offsetWidth !== wide) fit(); // and not where one step has more lines than another
  }).observe(stage);
  // a box that is lower than it may be does not hear of a window that becomes higher
  addEventListener("resize", function resized() {
    if (stage.isConnected) fit();
    else removeEventListener("resize", resized); // a notebook may have thrown the output away
  });

  return {
    zoom(factor) {
      chosen = Math.max(0.2, Math.min(6, scale() * factor));
      draw();
    },
    // scroll the picture, and only the picture, so that some nodes are seen
    bring(nodes) {
      const extent = nodes.length && nodes.length < 9 ? view.extent(nodes) : 0;
      if (!extent || !seen.width) return;
      const target = {};
      for (const [side, low, high, room] of [
        ["left", "left", "right", "width"],
        ["top", "top", "bottom", "height"],
      ]) {
        const [from, to] = [extent[low] * scale(), extent[high] * scale()];
        if (from < seen[side] || to > seen[side] + seen[room]) target[side] = Math.max(0, (from + to - seen[room]) / 2);
      }
      if ("left" in target || "top" in target) stage.scrollTo(target);
    },
  };
}
