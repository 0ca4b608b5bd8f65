"use strict";
// Search, filters and lists beside the map: all that the map shows, in words.

const panel = (() => {
  const { made, linkTo } = marks;
  const find = (id) => document.getElementById(id);
  const MOST = 100;
  const chosen = new Set(tracks.genres.keys());
  const countOf = (many) => `${many.toLocaleString("en")} ${many === 1 ? "track" : "tracks"}`;

  function entry(row, rank = null, why = "") {
    const item = made("li");
    const button = made("button", "", "entry");
    button.type = "button";
    const dot = made("span", rank ?? "", rank ? "dot rank" : "dot");
    dot.style.setProperty("--color", `var(--genre-${tracks.genre[row]})`);
    const license = tracks.licenses[tracks.license[row]].name;
    const facts = `${tracks.genres[tracks.genre[row]].name} · ${license}`;
    button.append(dot, made("strong", tracks.titles[row]), made("span", tracks.artists[row]));
    button.append(made("small", facts));
    if (why) button.append(made("small", why));
    button.addEventListener("click", () => visit(row));
    button.addEventListener("pointerenter", () => marks.point(row));
    item.append(button);
    const link = linkTo(row, "↗");
    if (link) {
      link.setAttribute("aria-label", `Page of ${tracks.titles[row]}`);
      item.append(link);
    }
    return item;
  }

  function visit(row) {
    scene.fit([[tracks.points[2 * row], tracks.points[2 * row + 1]]], 3);
    marks.point(row, true);
    say(`On the map: ${inWords(row)}`);
  }

  function say(text) {
    find("said").textContent = text;
  }

  function showQueries() {
    for (const query of tracks.queries) {
      const part = made("section", "", "query");
      const name = made("h2", query.name);
      const picks = made("ol");
      picks.append(...query.picks.map(({ row, why }, at) => entry(row, at + 1, why)));
      const look = made("button", "Show on the map");
      look.type = "button";
      look.addEventListener("click", () => lookAt(query));
      part.append(name, made("p", query.heard, "meta"), picks, look);
      find("queries").append(part);
    }
  }

  function lookAt(query) {
    const places = query.picks.map(({ row }) => tracks.points.subarray(2 * row, 2 * row + 2));
    scene.fit([[query.x, query.y], ...places.map(([x, y]) => [x, y])], 2.4);
  }

  function showGenres() {
    const counts = tracks.genres.map(() => 0);
    for (const genre of tracks.genre) counts[genre]++;
    tracks.genres.forEach(({ name }, at) => {
      const label = made("label", "", "chip");
      const box = made("input");
      Object.assign(box, { type: "checkbox", checked: true, value: name });
      label.style.setProperty("--color", `var(--genre-${at})`);
      box.addEventListener("change", () => {
        if (box.checked) chosen.add(at);
        else chosen.delete(at);
        filter();
      });
      label.append(box, made("span", name), made("small", counts[at].toLocaleString("en")));
      find("genres").append(label);
    });
  }

  function showLicenses() {
    const families = new Set(tracks.licenses.map(({ family }) => family));
    const choices = [
      ["", "any"],
      ["permissive", "free to build on: CC0, public domain, CC BY"],
      ...[...families].sort().map((family) => [`family ${family}`, family]),
    ];
    for (const [value, text] of choices) find("license").append(new Option(text, value));
  }

  function filter() {
    const text = find("search").value.trim();
    const license = find("license").value;
    const all = !text && !license && chosen.size === tracks.genres.length;
    const rows = all ? null : matching(text, chosen, license);
    scene.only(rows);
    const listed = all ? [] : rows.slice(0, MOST);
    find("results").replaceChildren(...listed.map((row) => entry(row)));
    const more = rows && rows.length > MOST ? `, the first ${MOST} listed` : "";
    find("found").textContent = all ? "" : `${countOf(rows.length)}${more}`;
    if (!all) marks.point(null);
  }

  find("about").textContent = `${countOf(tracks.count)} by sound; near is alike`;
  showQueries();
  showGenres();
  showLicenses();
  find("form").addEventListener("submit", (event) => event.preventDefault());
  let waiting = 0;
  find("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  find("license").addEventListener("change", filter);
  return { say, lookAt, filter };
})();
