"use strict";
// Search, filters and lists beside the map: all that the map shows, in words.

const panel = (() => {
  const { made, linkTo } = marks;
  const find = (id) => document.getElementById(id);
  const MOST = 100;
  let [waiting, followed] = [0, false];
  const chosen = new Set(tracks.genres.keys());
  const countOf = (many) => `${many.toLocaleString("en")} ${many === 1 ? "track" : "tracks"}`;

  function entry(row, rank = null, why = "") {
    const item = made("li");
    const button = made("button", "", "entry");
    button.type = "button";
    const dot = made("span", rank ?? "", rank ? "dot rank" : "dot");
    dot.style.setProperty("--color", `var(--genre-${tracks.genre[row]})`);
    const facts = [tracks.genres[tracks.genre[row]].name, licenseOf(row)];
    button.append(dot, made("strong", tracks.titles[row]), made("span", tracks.artists[row]));
    button.append(made("small", facts.filter(Boolean).join(" · ")));
    if (why) button.append(made("small", why));
    button.addEventListener("click", () => visit(row));
    button.addEventListener("pointerenter", () => marks.point(row));
    item.append(button);
    const link = linkTo(row, isSearch(row) ? "search ↗" : "page ↗");
    if (link) {
      const kind = isSearch(row) ? "Search for" : "Page of";
      link.setAttribute("aria-label", `${kind} ${tracks.titles[row]}`);
      item.append(link);
    }
    return item;
  }

  function visit(row) {
    scene.fit([placeOf(row)], 3);
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
      belongs(part, query);
      if (query.letter) name.dataset.letter = query.letter;
      const picks = made("ol");
      picks.append(...query.picks.map(({ row, why }, at) => entry(row, at + 1, why)));
      picks.querySelectorAll(".rank").forEach((rank) => belongs(rank, query));
      const look = made("button", "Show on the map");
      look.type = "button";
      look.addEventListener("click", () => lookAt([query]));
      const notes = query.notes.map((text) => made("p", text, "meta"));
      part.append(name, made("p", query.heard, "meta"), picks, ...notes, look);
      find("queries").append(part);
    }
  }

  const placeOf = (row) => [tracks.points[2 * row], tracks.points[2 * row + 1]];

  function lookAt(queries) {
    const around = ({ x, y, picks }) => [[x, y], ...picks.map(({ row }) => placeOf(row))];
    scene.fit(queries.flatMap(around), 2.4);
  }

  /** Moves to the rows that a search found, and back to all of them when it is over. */
  function follow(text, rows) {
    if (text && rows.length) scene.fit(rows.map(placeOf), 3);
    else if (!text && followed) scene.showAll();
    followed = Boolean(text);
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
    find("license").append(new Option("any", ""));
    for (const { wish, text } of tracks.wishes) find("license").append(new Option(text, wish));
  }

  function filter() {
    const text = find("search").value.trim();
    const license = find("license").value;
    const paged = find("paged").checked;
    const all = !text && !license && !paged && chosen.size === tracks.genres.length;
    const rows = all ? null : matching(text, chosen, license, paged);
    scene.only(rows);
    const listed = all ? [] : rows.slice(0, MOST);
    find("results").replaceChildren(...listed.map((row) => entry(row)));
    const more = rows && rows.length > MOST ? `, the first ${MOST} listed` : "";
    find("found").textContent = all ? "" : `${countOf(rows.length)}${more}`;
    find("unknown").hidden = !listed.some((row) => !licenseOf(row));
    if (!all) marks.point(null);
    follow(text, rows);
    return rows;
  }

  /** Takes the first that was found, as Enter does in a search box. */
  function take() {
    clearTimeout(waiting);
    const rows = filter();
    if (rows?.length) visit(rows[0]);
  }

  find("about").textContent = `${countOf(tracks.count)} by sound; near is alike`;
  showQueries();
  showGenres();
  showLicenses();
  find("form").addEventListener("submit", (event) => {
    event.preventDefault();
    take();
  });
  find("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  find("license").addEventListener("change", filter);
  find("paged").addEventListener("change", filter);
  return { say, lookAt, filter };
})();
