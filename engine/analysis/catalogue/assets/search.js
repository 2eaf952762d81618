// Finds pages whose words contain every word of the query; titles count most.
"use strict";
(function () {
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  const root = document.body.dataset.root;
  const entries = (window.CATALOGUE || []).map(function (e) {
    return { kind: e[0], title: e[1], text: e[2], path: e[3], where: e[4],
             low: (e[1] + " " + e[2] + " " + e[4]).toLowerCase(), head: e[1].toLowerCase() };
  });
  let chosen = -1;

  function score(entry, words) {
    let total = 0;
    for (const word of words) {
      if (!entry.low.includes(word)) return 0;
      const at = entry.head.indexOf(word);
      total += at < 0 ? 1 : at === 0 || /[^a-z0-9]/.test(entry.head[at - 1]) ? 5 : 3;
    }
    return total;
  }

  function find() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    chosen = -1;
    results.textContent = "";
    results.hidden = words.length === 0;
    if (!words.length) return;
    const found = entries.map(function (e) { return [score(e, words), e]; })
      .filter(function (p) { return p[0] > 0; })
      .sort(function (a, b) { return b[0] - a[0]; }).slice(0, 20);
    for (const pair of found) results.appendChild(row(pair[1]));
    if (!found.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.textContent = "Nothing has all of these words.";
      results.appendChild(none);
    }
  }

  function row(entry) {
    const item = document.createElement("li");
    const anchor = document.createElement("a");
    anchor.href = root + "/" + entry.path;
    for (const part of [["kind", entry.kind], ["title", entry.title], ["where", entry.where], ["text", entry.text]]) {
      if (!part[1]) continue;
      const span = document.createElement("span");
      span.className = part[0];
      span.textContent = part[1];
      anchor.appendChild(span);
    }
    item.appendChild(anchor);
    return item;
  }

  function move(step) {
    const links = results.querySelectorAll("a");
    if (!links.length) return;
    chosen = (chosen + step + links.length) % links.length;
    links.forEach(function (l, n) { l.classList.toggle("chosen", n === chosen); });
    links[chosen].scrollIntoView({ block: "nearest" });
  }

  query.addEventListener("input", find);
  query.addEventListener("focus", find);
  query.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown") { move(1); event.preventDefault(); }
    else if (event.key === "ArrowUp") { move(-1); event.preventDefault(); }
    else if (event.key === "Escape") { query.value = ""; find(); query.blur(); }
  });
  document.getElementById("search").addEventListener("submit", function (event) {
    event.preventDefault();
    const links = results.querySelectorAll("a");
    if (links.length) links[Math.max(chosen, 0)].click();
  });
  results.addEventListener("click", function () { results.hidden = true; });
  document.addEventListener("click", function (event) {
    if (!event.target.closest("#search")) results.hidden = true;
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) {
      query.focus();
      event.preventDefault();
    }
  });
  function open() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  }
  window.addEventListener("hashchange", open);
  open();
  if (window.matchMedia("(max-width: 50rem)").matches) {
    document.querySelectorAll(".contents details").forEach(function (d) { d.open = false; });
  }
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { query.value = asked; find(); }
})();
