"use strict";
// Long tables are sorted by a click on a header and filtered by what is typed above them.
for (const table of document.querySelectorAll("table.long")) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const headers = Array.from(table.tHead.rows[0].cells);
  const value = (row, column) => {
    const cell = row.cells[column];
    if (!cell) { return ""; }
    return "number" in cell.dataset ? Number(cell.dataset.number) : cell.textContent;
  };
  const compare = (one, other) =>
    typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other));
  const sort = (header, column) => {
    const descends = header.getAttribute("aria-sort") === "ascending";
    headers.forEach((other) => other.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", descends ? "descending" : "ascending");
    const sign = descends ? -1 : 1;
    rows.sort((a, b) => sign * compare(value(a, column), value(b, column)));
    body.append(...rows);
  };
  headers.forEach((header, column) => {
    header.tabIndex = 0;
    header.addEventListener("click", () => sort(header, column));
    header.addEventListener("keydown", (event) => { if (event.key === "Enter") { sort(header, column); } });
  });
  const input = document.createElement("input");
  input.className = "filter";
  input.type = "search";
  input.placeholder = "filter " + rows.length + " rows";
  input.setAttribute("aria-label", input.placeholder);
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    rows.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
  });
  table.parentElement.before(input);
}
// A link to folded lists unfolds them, and paper has them all.
const unfold = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) { target.open = true; target.scrollIntoView(); }
};
window.addEventListener("hashchange", unfold);
unfold();
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details").forEach((lists) => { lists.open = true; });
});
