// The stage: how large the picture is in its box, and what part of it is seen. Sizes are remembered, not asked for,
// so that a step never makes the browser lay anything out twice.
function staging(stage, svg, view, [width, height], whole) {
  const seen = { left: 0, top: 0, width: 0, height: 0 };
  let chosen = 0; // 0: as large as fits

  function scale() {
    return chosen || Math.max(1, Math.min(2.2, (seen.width - 2) / width, whole ? (seen.height - 2) / height : 2.2));
  }
  function fit() {
    svg.style.width = `${Math.floor(scale() * width)}px`;
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
    if (contentRect.width === seen.width && contentRect.height === seen.height) return;
    seen.width = contentRect.width;
    seen.height = contentRect.height;
    fit();
  }).observe(stage);

  return {
    zoom(factor) {
      chosen = Math.max(0.2, Math.min(6, scale() * factor));
      fit();
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
