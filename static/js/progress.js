// Long work: asks how far it is until it is done, then reloads the page. The address is in
// `data-progress`; it answers {"done": 3, "total": 12, "text": "3 lettres sur 12", "finished": false}.

const EVERY = 2000;

async function follow(box, wait) {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const state = await answer.json();
    const bar = box.querySelector("progress");
    bar.max = state.total || 1;
    bar.value = state.done;
    const words = box.querySelector("[data-words]");
    if (words.textContent !== state.text) words.textContent = state.text;
    if (state.finished) return location.reload();
    wait = EVERY;
  } catch {
    wait = Math.min(wait * 2, 30000); // the network or the server rests: ask less often
  }
  setTimeout(follow, wait, box, wait);
}

for (const box of document.querySelectorAll("[data-progress]")) setTimeout(follow, EVERY, box, EVERY);
