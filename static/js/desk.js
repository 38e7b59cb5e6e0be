// The desk: names for what Django's widgets leave nameless (comboboxes of select2, double lists), and for the cells of
// its tables of fields, which are cards on a phone.

// The cross that empties a whole choice of several: select2 would put it among the list's items, and it is none.
// Each item keeps its own.
for (const select of document.querySelectorAll("select[multiple].admin-autocomplete")) {
  select.dataset.allowClear = "false";
}

function labelOf(select) {
  const label = select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  return label ? label.textContent.replace(/\s*:\s*$/, "").trim() : select.name;
}

function name() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    if (!box || box.hasAttribute("aria-label")) continue;
    box.removeAttribute("aria-labelledby");
    box.setAttribute("aria-label", labelOf(select));
    box.querySelector(".select2-search__field")?.setAttribute("aria-label", labelOf(select));
    for (const words of box.querySelectorAll("[aria-readonly]")) {
      words.removeAttribute("role");
      words.removeAttribute("aria-readonly");
    }
  }
  for (const field of document.querySelectorAll(".select2-dropdown .select2-search__field:not([aria-label])")) {
    field.setAttribute("aria-label", field.closest(".select2-container")?.textContent || "…");
  }
  for (const cell of document.querySelectorAll(".tabular tbody td:not([data-label])")) {
    cell.dataset.label = cell.closest("table").tHead.rows[0].cells[cell.cellIndex]?.textContent.trim() ?? "";
  }
  for (const box of document.querySelectorAll(".selector :is(div, span, p)[aria-label]:not([role])")) {
    box.setAttribute("role", "group");
  }
}

name();
new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
