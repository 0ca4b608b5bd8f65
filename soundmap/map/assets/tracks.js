"use strict";
// What the page knows: one array for each fact, in the order of the catalog.

const tracks = JSON.parse(document.getElementById("tracks").textContent);
tracks.count = tracks.titles.length;
tracks.points = new Float32Array(
  Uint8Array.from(atob(tracks.points), (letter) => letter.charCodeAt(0)).buffer,
);

/** Letters for each of several sounds, A to Z, then AA; none for one alone. */
tracks.queries.forEach((query, at) => {
  const letter = String.fromCharCode(65 + (at % 26));
  query.letter = tracks.queries.length > 1 ? letter.repeat(1 + Math.floor(at / 26)) : "";
  query.color = `var(--sound-${at % 8})`;
});

/** Sets an element off as one of a sound: its color, and its letter if it has one. */
function belongs(element, query) {
  element.style.setProperty("--sound", query.color);
  if (query.letter) element.dataset.letter = query.letter;
}

/** A text as it is compared: without case and accents. */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Title and artist of every row, folded once, when first searched. */
function searchable() {
  tracks.folded ??= tracks.titles.map((title, row) => folded(`${title} ${tracks.artists[row]}`));
  return tracks.folded;
}

/** Rows that hold every word of a text, are of one of the genres, and pass the license; only
 * those with a page if it is asked for. */
function matching(text, genres, license, paged) {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const texts = words.length ? searchable() : [];
  const passes = tracks.licenses.map((it) => !license || it.passes.includes(license));
  const rows = [];
  for (let row = 0; row < tracks.count; row++) {
    if (!genres.has(tracks.genre[row]) || !passes[tracks.license[row]]) continue;
    if (paged && (isSearch(row) || !pageOf(row))) continue;
    if (words.every((word) => texts[row].includes(word))) rows.push(row);
  }
  return rows;
}

/** The address of a row's page, null for what is no web page. */
function pageOf(row) {
  const kept = tracks.pages[row];
  const address = kept.startsWith("?") ? tracks.search + kept.slice(1) : kept;
  return /^https?:\/\//i.test(address) ? address : null;
}

/** Whether a row's address is a search for it, since its page is not known. */
function isSearch(row) {
  return tracks.pages[row].startsWith("?");
}

/** What a row's license is called, empty if it is not known. */
function licenseOf(row) {
  return tracks.licenses[tracks.license[row]].name;
}

/** A row in one line of words. */
function inWords(row) {
  const genre = tracks.genres[tracks.genre[row]].name;
  return `${tracks.titles[row]} by ${tracks.artists[row]}, ${genre}`;
}
