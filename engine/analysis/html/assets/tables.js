// Lets every table of class "sortable" be sorted by a column and filtered by words.
"use strict";
(function () {
  const FEW = 10;  // shown of a table with more than MANY rows
  const MANY = 15;

  function key(row, column) {
    const cell = row.cells[column];
    return "v" in cell.dataset ? Number(cell.dataset.v) : cell.textContent.trim().toLowerCase();
  }

  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en", { numeric: true });
  }

  function element(name, attributes, text) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  }

  function arm(listing) {
    const table = listing.querySelector("table.sortable");
    const body = table.tBodies[0];
    const heads = Array.from(table.tHead.rows[0].cells);
    const rows = Array.from(body.rows);
    const texts = new Map(rows.map(function (r) { return [r, r.textContent.toLowerCase()]; }));
    if (rows.length < 2) return;
    let all = rows.length <= MANY;
    const tools = element("div", { class: "tools" });
    const filter = element("input", { type: "search", placeholder: "Filter", autocomplete: "off",
      "aria-label": "Filter: " + listing.dataset.name });
    const said = element("span", { class: "meta", role: "status" });
    const more = element("button", { type: "button", class: "more" });

    function show() {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const row of body.rows) {
        const fits = words.every(function (w) { return texts.get(row).includes(w); });
        found += fits ? 1 : 0;
        row.hidden = !fits || (!all && !words.length && found > FEW);
      }
      said.textContent = words.length ? found + " of " + rows.length : "";
      more.hidden = rows.length <= MANY || words.length > 0;
      const cut = !all && !words.length ? rows.length - FEW : 0;
      listing.dataset.left = cut ? "and " + cut + " more on the page itself" : "";
      more.textContent = all ? "Show fewer" : "Show all " + rows.length;
    }

    heads.forEach(function (head, column) {
      const button = element("button", { type: "button" }, head.textContent);
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        const numeric = head.classList.contains("num");
        const now = head.getAttribute("aria-sort");
        const down = now ? now === "ascending" : numeric;
        heads.forEach(function (h) { h.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        Array.from(body.rows)
          .sort(function (a, b) { return (down ? -1 : 1) * compare(key(a, column), key(b, column)); })
          .forEach(function (row) { body.appendChild(row); });
        show();
      });
    });
    filter.addEventListener("input", show);
    more.addEventListener("click", function () { all = !all; show(); });
    if (rows.length > FEW / 2) tools.append(filter, said);
    listing.insertBefore(tools, listing.firstChild);
    listing.appendChild(more);
    show();
  }

  document.querySelectorAll(".listing").forEach(arm);
})();
