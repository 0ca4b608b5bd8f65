"use strict";
// Mouse, fingers, keys, and dark or light.

(() => {
  const { holder } = scene;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const REACH = 12; // pixels around a pointer
  let ground = dark.matches ? "dark" : "light";
  let pressed = null;

  function open(row) {
    const address = pageOf(row);
    if (address) window.open(address, "_blank", "noopener,noreferrer");
  }

  function setGround(name) {
    ground = name;
    document.documentElement.dataset.ground = name;
    tracks.genres.forEach((genre, at) =>
      document.documentElement.style.setProperty(`--genre-${at}`, genre[name]),
    );
    scene.setGround(name);
  }

  function under(event) {
    const box = holder.getBoundingClientRect();
    return scene.nearest(event.clientX - box.left, event.clientY - box.top, REACH);
  }

  const onMap = (event) => event.target.closest("#board");

  holder.addEventListener("pointermove", (event) => {
    if (event.buttons || event.pointerType === "touch" || !onMap(event)) return;
    const row = under(event);
    holder.classList.toggle("over", row !== null);
    if (row !== null || !marks.pointed()?.pinned) marks.point(row);
  });
  holder.addEventListener("pointerdown", (event) => {
    pressed = onMap(event) && { x: event.clientX, y: event.clientY };
  });
  holder.addEventListener("pointerup", (event) => {
    const moved = pressed ? Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) : 9;
    pressed = null;
    if (moved > 4 || event.button) return;
    const row = under(event);
    marks.point(row, true); // a finger sees the card and its link first
    if (row !== null && event.pointerType === "mouse") open(row);
  });
  holder.addEventListener("pointerleave", () => {
    if (!marks.pointed()?.pinned) marks.point(null);
  });

  const steps = {
    ArrowLeft: () => scene.panBy(-60, 0),
    ArrowRight: () => scene.panBy(60, 0),
    ArrowUp: () => scene.panBy(0, -60),
    ArrowDown: () => scene.panBy(0, 60),
    "+": () => scene.zoomBy(0.7),
    "=": () => scene.zoomBy(0.7),
    "-": () => scene.zoomBy(-0.7),
    0: () => scene.showAll(),
  };

  holder.addEventListener("keydown", (event) => {
    if (event.target !== holder || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && marks.pointed()) open(marks.pointed().row);
    if (!steps[event.key]) return;
    event.preventDefault();
    steps[event.key]();
    const row = scene.nearest(holder.clientWidth / 2, holder.clientHeight / 2);
    marks.point(row, true);
    if (row !== null) panel.say(`In the middle: ${inWords(row)}`);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") marks.point(null);
    if (event.key !== "/" || event.target.closest("input, select")) return;
    event.preventDefault();
    document.getElementById("search").focus();
  });

  const tools = {
    in: () => scene.zoomBy(1),
    out: () => scene.zoomBy(-1),
    all: () => scene.showAll(),
    ground: () => setGround(ground === "dark" ? "light" : "dark"),
  };
  document.getElementById("tools").addEventListener("click", (event) => {
    tools[event.target.dataset.do]?.();
  });
  dark.addEventListener("change", () => setGround(dark.matches ? "dark" : "light"));
  setGround(ground);
  scene.start();
  if (tracks.queries.length) panel.lookAt(tracks.queries);
  marks.move();
})();
