"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const rows = [...document.querySelectorAll("[data-s]")];
  let opened = []; // for printing
  const groups = [...new Set(rows.map((r) => r.parentElement))];

  // The details of most rows are text in <noscript> until they are needed.
  const fill = (row) => {
    const later = row.querySelector("noscript");
    if (later) {
      const parsed = document.createElement("template");
      parsed.innerHTML = later.textContent;
      later.replaceWith(parsed.content);
    }
    for (const line of row.querySelectorAll(".again:not(.ready)")) addCopy(line);
  };

  const addCopy = (line) => {
    line.classList.add("ready");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy the command");
    button.addEventListener("click", async () => {
      button.textContent = (await copy(line.querySelector("code"))) ? "Copied" : "Select and copy";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    line.append(button);
  };

  const copy = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(code);
      return document.execCommand("copy");
    }
  };

  const words = new Map();
  const text = (row) => {
    let found = words.get(row);
    if (found === undefined) {
      found = (row.id + " " + (row.querySelector("summary, th") || row).textContent + " " +
        (row.querySelector(".why") || row.firstElementChild).textContent).toLowerCase();
      words.set(row, found);
    }
    return found;
  };

  // What the filter looks at is collected before it is needed.
  const collect = (from) => {
    const until = Math.min(from + 200, rows.length);
    for (let i = from; i < until; i++) text(rows[i]);
    if (until < rows.length) later(() => collect(until));
  };
  const later = window.requestIdleCallback || ((work) => setTimeout(work, 20));
  later(() => collect(0));

  const fields = { text: $("_text"), rule: $("_rule"), state: $("_state"), cause: $("_cause") };
  const value = (name) => (fields[name] ? fields[name].value : "");
  const apply = () => {
    const wanted = value("text").toLowerCase().split(/\s+/).filter(Boolean);
    const rule = value("rule"), state = value("state"), cause = value("cause");
    const broken = new Set(["fail", "error", "untested"]);
    let shown = 0;
    for (const group of groups) {
      const inRule = !rule || group.dataset.rule === rule;
      let inGroup = 0;
      for (const row of group.children) {
        const is = row.dataset.s;
        if (is === undefined) continue;
        const visible = inRule &&
          (!state || state === is || (state === "broken" && broken.has(is))) &&
          (!cause || (row.dataset.c || "").split(" ").includes(cause)) &&
          (wanted.length === 0 || wanted.every((word) => text(row).includes(word)));
        if (row.hidden === visible) row.hidden = !visible;
        if (visible) inGroup++;
      }
      group.hidden = inGroup === 0;
      shown += inGroup;
    }
    $("_shown").value = shown === rows.length ? `${rows.length} vectors` : `${shown} of ${rows.length} vectors`;
    $("_reset").hidden = shown === rows.length;
  };
  const reset = () => {
    for (const field of Object.values(fields)) if (field) field.value = "";
    apply();
  };

  // A row that the address names is shown, whatever the filter.
  const go = () => {
    let row = null;
    try { row = $(decodeURIComponent(location.hash.slice(1))); } catch { /* not an id */ }
    if (!row || row.dataset.s === undefined) return;
    if (row.hidden || row.parentElement.hidden) reset();
    if (row.tagName === "DETAILS") row.open = true;
    fill(row);
    row.scrollIntoView();
    const summary = row.querySelector("summary");
    if (summary) summary.focus({ preventScroll: true });
  };

  if ($("_filter")) {
    $("_filter").hidden = false;
    for (const field of Object.values(fields)) if (field) field.addEventListener("input", apply);
    $("_reset").addEventListener("click", () => { reset(); fields.text.focus(); });
    $("_filter").addEventListener("submit", (event) => event.preventDefault());
    apply();
  }
  document.addEventListener("toggle", (event) => {
    const row = event.target;
    if (!row.open || row.dataset.s === undefined) return;
    fill(row);
    if (opened.length > 0) return;
    try { history.replaceState(null, "", "#" + row.id); } catch { /* some viewers forbid it */ }
  }, true);
  document.addEventListener("click", (event) => {
    const show = event.target.closest("[data-cause]");
    if (!show) return;
    reset();
    fields.cause.value = show.dataset.cause;
    apply();
  });
  for (const line of document.querySelectorAll(".again")) addCopy(line);

  // On paper, what fails is open.
  addEventListener("beforeprint", () => {
    opened = rows.filter((r) => !r.hidden && r.open === false && /fail|error/.test(r.dataset.s)).slice(0, 100);
    for (const row of opened) { fill(row); row.open = true; }
  });
  addEventListener("afterprint", () => { for (const row of opened) row.open = false; opened = []; });

  addEventListener("hashchange", go);
  go();
})();
