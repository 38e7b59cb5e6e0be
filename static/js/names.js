// An organisation picked among actors: what is typed proposes names, in the browser's own list. Without this script,
// without network, or for an organisation that the directory does not know, the field stays the plain text it is.
// The address in `data-names` answers {"names": ["…"]}.

const PAUSE = 250;
const SHORTEST = 3;

function propose(input) {
  const list = document.createElement("datalist");
  list.id = `${input.id}_names`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer = 0;
  let last = "";

  const option = (name, typed) => {
    const one = document.createElement("option");
    one.value = name;
    // Browsers hide what does not hold the very letters that were typed: « ecole » would never show « École ».
    if (!name.toLowerCase().includes(typed.toLowerCase())) one.label = typed;
    return one;
  };

  const ask = async () => {
    const typed = input.value.trim();
    if (typed.length < SHORTEST || typed === last || !navigator.onLine) return;
    last = typed;
    try {
      const answer = await fetch(`${input.dataset.names}?q=${encodeURIComponent(typed)}`);
      if (!answer.ok) return;
      const { names } = await answer.json();
      if (input.value.trim() === typed) list.replaceChildren(...names.map((name) => option(name, typed)));
    } catch {
      last = ""; // no network: the same letters may ask again
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}

for (const input of document.querySelectorAll("input[data-names]")) propose(input);
