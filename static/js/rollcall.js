// The roll call: each tap says the state it wants, is kept here until the server has it, and is sent again.
// The server answers {"marks": {person: state}, "text", "late"}, and says as much to whoever only asks: a page shown
// again, or rendered while a tap was on its way, is behind. Without this script each tap is a plain post.
// Who came unannounced waits here in the same way, under a mark that makes them one person however often they are sent.

const form = document.querySelector("form[data-roll]");
const strip = document.querySelector("[data-told]");
const AGAIN = 5000;

if (form) {
  const key = `appel ${form.elements.jour.value}`;
  const waiting = new Map(JSON.parse(localStorage.getItem(key) || "[]"));
  let busy = false;
  let timer = 0;
  let taps = 0;

  const keep = () =>
    waiting.size ? localStorage.setItem(key, JSON.stringify([...waiting])) : localStorage.removeItem(key);

  const paint = (who, state) => {
    for (const button of form.querySelectorAll(`#p-${CSS.escape(who)} button`)) {
      const here = button.value === `${who} ${state}`;
      button.setAttribute("aria-pressed", String(here));
      button.classList.toggle("is-waiting", here && waiting.has(who));
    }
  };

  const tell = (text, late) => {
    strip.classList.toggle("late", late);
    if (strip.textContent !== text) strip.textContent = text;
  };

  const post = async (who, state) => {
    const body = new FormData(form);
    body.set("marque", `${who} ${state}`);
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    return answer.json(); // a login page or an error page is no JSON: the tap stays here
  };

  const hear = (told) => {
    for (const [one, mark] of Object.entries(told.marks)) if (!waiting.has(one)) paint(one, mark);
    tell(told.text, told.late);
  };

  const ask = async () => {
    const before = taps;
    try {
      const answer = await fetch(form.dataset.roll, { headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (taps === before) hear(told); // else the answer to a tap knows more
    } catch {
      // what is shown stays
    }
  };

  const send = async () => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    while (waiting.size) {
      const [who, state] = waiting.entries().next().value;
      try {
        const told = await post(who, state);
        if (waiting.get(who) === state) waiting.delete(who);
        keep();
        hear(told);
      } catch {
        tell(form.dataset.offline, true);
        timer = setTimeout(send, AGAIN);
        break;
      }
    }
    busy = false;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    taps += 1;
    const [who, state] = event.submitter.value.split(" ");
    waiting.delete(who);
    waiting.set(who, state);
    keep();
    paint(who, state);
    send();
  });

  const arrivals = document.querySelector("form[data-arrival]");
  const list = document.querySelector("[data-arrivals]");
  const store = `arrivees ${form.elements.jour.value}`;
  const coming = JSON.parse(localStorage.getItem(store) || "[]");
  let sending = false;
  let later = 0;

  const keepComing = () => {
    coming.length ? localStorage.setItem(store, JSON.stringify(coming)) : localStorage.removeItem(store);
    list?.replaceChildren(
      ...coming.map((person) => Object.assign(document.createElement("li"), { textContent: `… ${person.name}` })),
    );
  };

  const bring = async () => {
    if (sending || !arrivals) return;
    sending = true;
    clearTimeout(later);
    let added = false;
    while (coming.length) {
      const [person] = coming;
      const body = new FormData(arrivals); // this page's own token
      for (const [name, value] of Object.entries(person)) body.set(name, value);
      try {
        const answer = await fetch(arrivals.action, { method: "POST", body, headers: { Accept: "application/json" } });
        const told = await answer.json();
        coming.shift();
        keepComing();
        hear(told);
        added = !told.late;
        if (told.late && !arrivals.elements.name.value)
          for (const [name, value] of Object.entries(person)) arrivals.elements[name].value = value;
      } catch {
        tell(form.dataset.offline, true);
        later = setTimeout(bring, AGAIN);
        break;
      }
    }
    sending = false;
    // The new line comes with the page; what is being typed meanwhile stays.
    if (added && !coming.length && !arrivals.elements.name.value) location.reload();
  };

  arrivals?.addEventListener("submit", (event) => {
    event.preventDefault();
    const { csrfmiddlewaretoken, ...person } = Object.fromEntries(new FormData(arrivals));
    coming.push(person);
    keepComing();
    arrivals.reset();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    arrivals.elements.nonce.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    bring();
  });
  keepComing();
  const resume = async () => {
    await bring();
    waiting.size ? send() : ask();
  };
  addEventListener("online", resume);
  document.addEventListener("visibilitychange", () => document.hidden || resume());
  waiting.forEach((state, who) => paint(who, state));
  resume();
}
