"use strict";
// The map itself: deck.gl draws the points; one view state says what is seen of them.

const scene = (() => {
  const holder = document.getElementById("map");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dense = tracks.count > 30000;
  const quiet = dense || tracks.queries.length;
  const FEW = 1000; // are drawn larger
  const watchers = [];
  let ground = "dark";
  let rows = null; // those that match, null for all
  let touched = false;
  let state = home();
  let board = null;

  function home() {
    const zoom = Math.log2(Math.max(80, Math.min(holder.clientWidth, holder.clientHeight)) * 0.47);
    return { target: [0, 0, 0], zoom, minZoom: zoom - 1, maxZoom: zoom + 9 };
  }

  function colors(chosen, palette) {
    const values = new Uint8Array(4 * chosen.length);
    chosen.forEach((row, at) => values.set(palette[tracks.genre[row]], 4 * at));
    return values;
  }

  function cloud(id, chosen, palette, alpha, least = dense ? 0.9 : 1.4) {
    const positions = new Float32Array(2 * chosen.length);
    chosen.forEach((row, at) => {
      positions[2 * at] = tracks.points[2 * row];
      positions[2 * at + 1] = tracks.points[2 * row + 1];
    });
    const attributes = {
      getPosition: { value: positions, size: 2 },
      getColor: { value: colors(chosen, palette), size: 4, normalized: true },
    };
    const data = { length: chosen.length, attributes };
    return new Dots({ id, data, radius: dense ? 0.0022 : 0.0055, least, most: 4.8, alpha });
  }

  const bytes = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

  function draw() {
    if (!board) return;
    const all = Uint32Array.from({ length: tracks.count }, (_, row) => row);
    const palette = tracks.genres.map((genre) => bytes(genre[ground]));
    const grays = tracks.genres.map(() => bytes(tracks.gray[ground]));
    board.setProps({
      layers: [
        rows && cloud("quiet", all, grays, 0.17),
        rows?.length <= FEW
          ? cloud("few", rows, palette, 0.95, 3)
          : cloud("bright", rows ?? all, palette, quiet ? 0.6 : 0.75),
      ],
    });
  }

  function show(next, glide = false) {
    state = { ...state, transitionDuration: 0, ...next };
    if (glide && !still.matches) {
      state.transitionDuration = 450;
      state.transitionInterpolator = new deck.LinearInterpolator(["target", "zoom"]);
    }
    board?.setProps({ viewState: state });
    watchers.forEach((watcher) => watcher());
  }

  const start = () => {
    if (!document.createElement("canvas").getContext("webgl2")) {
      document.getElementById("blank").hidden = false;
      return;
    }
    board = new deck.Deck({
      parent: document.getElementById("board"),
      deviceProps: { webgl: { antialias: false } }, // the layer smooths its own edges
      views: new deck.OrthographicView({ id: "map", flipY: false }),
      controller: { scrollZoom: { speed: 0.01, smooth: false }, inertia: 250, keyboard: false },
      viewState: state,
      useDevicePixels: dense ? Math.min(devicePixelRatio, 1.5) : true,
      getCursor: ({ isDragging }) => (isDragging ? "grabbing" : "inherit"),
      // of its own view state only what was set here: it prefers a zoom for each axis to another
      onViewStateChange: ({ viewState: { target, zoom }, interactionState }) => {
        touched ||= !interactionState.inTransition;
        show({ target, zoom: Array.isArray(zoom) ? zoom[0] : zoom });
      },
      onResize: () => (touched ? show({}) : show(home())),
    });
    draw();
  };

  return {
    start,
    holder,
    onMove: (watcher) => watchers.push(watcher),
    /** How much nearer than the whole map, 0 and more, in doublings. */
    nearer: () => state.zoom - home().zoom,
    /** Shows these rows in color, null for all of them. */
    only(chosen) {
      rows = chosen;
      draw();
    },
    setGround(name) {
      ground = name;
      draw();
    },
    /** Pixels in the map of a place in -1..1. */
    pixels(x, y) {
      const scale = 2 ** state.zoom;
      return [
        holder.clientWidth / 2 + (x - state.target[0]) * scale,
        holder.clientHeight / 2 - (y - state.target[1]) * scale,
      ];
    },
    /** The matching row nearest to a pixel, null where none is within some pixels. */
    nearest(left, top, within = Infinity) {
      const scale = 2 ** state.zoom;
      const x = state.target[0] + (left - holder.clientWidth / 2) / scale;
      const y = state.target[1] - (top - holder.clientHeight / 2) / scale;
      let best = null;
      let least = (within / scale) ** 2;
      const n = rows ? rows.length : tracks.count;
      for (let at = 0; at < n; at++) {
        const row = rows ? rows[at] : at;
        const away = (tracks.points[2 * row] - x) ** 2 + (tracks.points[2 * row + 1] - y) ** 2;
        if (away < least) [best, least] = [row, away];
      }
      return best;
    },
    zoomBy(steps) {
      touched = true;
      const zoom = Math.min(state.maxZoom, Math.max(state.minZoom, state.zoom + steps));
      show({ zoom }, true);
    },
    panBy(left, top) {
      touched = true;
      const scale = 2 ** state.zoom;
      const [x, y] = state.target;
      show({ target: [x + left / scale, y - top / scale, 0] });
    },
    showAll() {
      touched = false;
      show(home(), true);
    },
    /** Puts places [x, y] in view, as near as lets all of them be seen. */
    fit(places, most) {
      const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
      const least = (values) => values.reduce((a, b) => Math.min(a, b));
      const greatest = (values) => values.reduce((a, b) => Math.max(a, b));
      const middle = (values) => (least(values) + greatest(values)) / 2;
      const span = (values) => greatest(values) - least(values) + 0.02;
      const { clientWidth: width, clientHeight: height } = holder;
      const zoom = Math.log2(Math.min((0.7 * width) / span(xs), (0.7 * height) / span(ys)));
      touched = true;
      show({ target: [middle(xs), middle(ys), 0], zoom: Math.min(zoom, home().zoom + most) }, true);
    },
  };
})();
