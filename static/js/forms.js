// Forms: one submission at a time, and errors that take the focus. Without this script both still work:
// the server answers a repeated post with the same result, and the summary carries `autofocus`.

function hold(form, button) {
  form.dataset.sent = "";
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.busy && button instanceof HTMLButtonElement) {
    button.style.minInlineSize = `${button.offsetWidth}px`;
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.busy;
  }
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[type=submit][aria-disabled]")) {
    button.removeAttribute("aria-disabled");
    if (button.dataset.label) button.textContent = button.dataset.label;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "repeat" in form.dataset) return;
  if ("sent" in form.dataset) event.preventDefault();
  else setTimeout(hold, 0, form, event.submitter); // later: the pressed button's value must travel
});

// A page that comes back from the browser's memory may be sent again.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

const summary = document.querySelector(".errors[tabindex]");
if (summary && !summary.contains(document.activeElement)) summary.focus();

// A security key that does not answer: say so where the page asked for it.
document.addEventListener("allauth.error", (event) => {
  const words = document.querySelector("[data-key-error]");
  if (!words) return;
  event.preventDefault();
  words.hidden = false;
  words.setAttribute("role", "alert");
});
