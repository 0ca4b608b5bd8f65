"use strict";
// What lies over the points: the sounds asked about as stars, their picks by number, names of
// genres, and the card of the track that is pointed at.

const marks = (() => {
  const layer = document.getElementById("marks");
  const card = document.getElementById("card");
  const cross = document.getElementById("cross");
  const lines = document.getElementById("lines");
  const placed = []; // [element, x, y]
  const picks = []; // {element, line, x, y}
  const APART = 27; // pixels between numbers
  let pointed = null; // {row, pinned}

  /** An element with text, which stays text whatever it says. */
  function made(name, text = "", kind = "") {
    const element = document.createElement(name);
    element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }

  const drawn = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);

  function place(element, x, y) {
    layer.append(element);
    placed.push([element, x, y]);
    return element;
  }

  function star(query) {
    const element = place(made("div", "", "star"), query.x, query.y);
    const picture = drawn("svg");
    const shape = drawn("path");
    picture.setAttribute("viewBox", "-13 -13 26 26");
    shape.setAttribute(
      "d",
      "M0-11.5 3.2-3.7 11.6-3.1 5.2 2.4 7.2 10.6 0 6.2-7.2 10.6-5.2 2.4-11.6-3.1-3.2-3.7Z",
    );
    picture.append(shape);
    const letter = drawn("text");
    letter.textContent = query.letter;
    picture.append(letter);
    belongs(element, query);
    element.append(picture, made("span", query.name));
  }

  function number(pick, at, query) {
    const [x, y] = [tracks.points[2 * pick.row], tracks.points[2 * pick.row + 1]];
    const element = made("button", String(at + 1), "pick");
    const line = lines.appendChild(drawn("line"));
    [element, line].forEach((mark) => belongs(mark, query));
    layer.append(element);
    picks.push({ element, line, x, y });
    element.tabIndex = -1; // the list beside the map holds the same
    element.addEventListener("click", () => point(pick.row, true));
    element.addEventListener("pointerenter", () => point(pick.row));
  }

  /** The name of a genre where most of it is: in the middle of the fullest cell of a grid. */
  function nameGenre(genre, at) {
    const cells = new Map();
    for (let row = 0; row < tracks.count; row++) {
      if (tracks.genre[row] !== at) continue;
      const [x, y] = [tracks.points[2 * row], tracks.points[2 * row + 1]];
      const cell = `${Math.round(x * 6)} ${Math.round(y * 6)}`;
      const sums = cells.get(cell) ?? [0, 0, 0];
      cells.set(cell, [sums[0] + x, sums[1] + y, sums[2] + 1]);
    }
    const [x, y, n] = [...cells.values()].reduce((a, b) => (b[2] > a[2] ? b : a));
    place(made("span", genre.name, "genre"), x / n, y / n);
  }

  /** Numbers pushed off each other and off the stars, each with a line to its point. */
  function movePicks() {
    const stars = tracks.queries.map(({ x, y }) => scene.pixels(x, y));
    const ends = picks.map(({ x, y }) => scene.pixels(x, y));
    const spots = ends.map((end) => [...end]);
    for (let turn = 0; turn < 24; turn++) {
      spots.forEach((spot, at) => {
        for (const other of [...stars, ...spots.slice(0, at)]) {
          const [across, down] = [spot[0] - other[0], spot[1] - other[1]];
          const away = Math.hypot(across, down);
          const push = Math.max(0, APART - away);
          const [x, y] = away < 1 ? [Math.cos(at), Math.sin(at)] : [across / away, down / away];
          spot[0] += x * push;
          spot[1] += y * push;
        }
      });
    }
    picks.forEach(({ element, line }, at) => {
      const [[left, top], [x, y]] = [spots[at], ends[at]];
      element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
      Object.entries({ x1: x, y1: y, x2: left, y2: top }).forEach(([name, value]) =>
        line.setAttribute(name, value.toFixed(1)),
      );
    });
  }

  function move() {
    layer.classList.toggle("near", scene.nearer() > 1.6);
    movePicks();
    for (const [element, x, y] of placed) {
      const [left, top] = scene.pixels(x, y);
      element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
    }
    if (pointed) moveCard();
  }

  function moveCard() {
    const { row } = pointed;
    const [left, top] = scene.pixels(tracks.points[2 * row], tracks.points[2 * row + 1]);
    const { clientWidth: width, clientHeight: height } = scene.holder;
    const outside = left < 0 || top < 0 || left > width || top > height;
    card.hidden = cross.hidden = outside;
    const x = Math.min(Math.max(8, left + 14), Math.max(8, width - card.offsetWidth - 8));
    const below = top + 16 + card.offsetHeight < height;
    const y = below ? top + 16 : Math.max(8, top - card.offsetHeight - 16);
    card.style.transform = `translate(${x}px, ${y}px)`;
    cross.style.transform = `translate(${left}px, ${top}px)`;
  }

  function fill(row) {
    const genre = tracks.genres[tracks.genre[row]];
    const kind = made("p", genre.name, "kind");
    kind.style.setProperty("--color", `var(--genre-${tracks.genre[row]})`);
    const license = made("p", licenseOf(row) || "license not known", "meta");
    card.replaceChildren(
      made("strong", tracks.titles[row]),
      made("p", tracks.artists[row]),
      kind,
      license,
    );
    const link = linkTo(row, isSearch(row) ? "Search for it ↗" : "Open its page ↗");
    if (link) card.append(link);
  }

  /** A link to a row's page, null where there is none. */
  function linkTo(row, text) {
    const address = pageOf(row);
    if (!address) return null;
    const link = made("a", text);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }

  /** Shows the card of a row, null for none; one that is pinned stays when the mouse goes on. */
  function point(row, pinned = false) {
    if (row === null) {
      pointed = null;
      card.hidden = cross.hidden = true;
      return;
    }
    if (pointed?.row !== row) fill(row);
    pointed = { row, pinned };
    card.classList.toggle("pinned", pinned);
    card.hidden = cross.hidden = false;
    moveCard();
  }

  tracks.genres.forEach(nameGenre);
  tracks.queries.forEach((query) => query.picks.forEach((pick, at) => number(pick, at, query)));
  tracks.queries.forEach(star);
  scene.onMove(move);
  return { made, linkTo, point, move, pointed: () => pointed };
})();
