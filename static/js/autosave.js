// Autosave: what is being written is kept a moment after the last key. Without this script « Enregistrer » does it.
// The server answers {"text", "tone", "seen"}; `seen` marks which version of each answer this page now knows.

const form = document.querySelector("form[data-autosave]");
const strip = document.querySelector("[data-saved]");
const PAUSE = 1200;
let timer = 0;
let busy = false;
let again = false;

function tell(text, tone) {
  strip.hidden = false;
  strip.classList.toggle("late", tone === "late");
  if (strip.textContent !== text) strip.textContent = text;
}

async function save() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form) });
    const told = await answer.json();
    for (const [name, mark] of Object.entries(told.seen || {})) form.elements[name].value = mark;
    tell(told.text, told.tone);
    if (answer.status === 409) form.dataset.closed = "";
  } catch {
    tell(form.dataset.offline, "late");
    if (!("closed" in form.dataset)) timer = setTimeout(save, 15000);
  }
  busy = false;
  if (again) {
    again = false;
    save();
  }
}

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    if (!("closed" in form.dataset)) timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}
