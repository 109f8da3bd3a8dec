// The buttons of the list of sources: each says in its data what it triggers. Gradio changes what is shown in place, so
// a button is known by its key alone: its node may stand for another document after each update. Gradio runs this once,
// as the last part of a function that knows `element` and `trigger`.

let used = ""; // the key of the button that is to be focused again
let asked = null; // the key, text and name of a button that asks whether it is meant

function find(key) {
  return [...element.querySelectorAll("button[data-key]")].find((button) => button.dataset.key === key);
}

function say(button, text, label) {
  button.textContent = text;
  button.setAttribute("aria-label", label);
}

// What cannot be undone is asked for twice: the first click only makes the button say so, until it is left.
function ask(button) {
  const { key, confirm } = button.dataset;
  asked = { key, confirm, text: button.textContent, label: button.getAttribute("aria-label") };
  say(button, confirm, `${confirm} ${asked.label}`);
  button.addEventListener("blur", calm, { once: true });
}

function calm() {
  const button = asked && find(asked.key);
  if (button) say(button, asked.text, asked.label);
  asked = null;
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-event]");
  if (!button) return;
  if (button.dataset.confirm && asked?.key !== button.dataset.key) {
    calm();
    ask(button);
    return;
  }
  calm();
  used = button.dataset.key;
  trigger(button.dataset.event, { ...button.dataset });
});

new MutationObserver(() => {
  const button = asked && find(asked.key);
  if (asked && button?.textContent !== asked.confirm) calm(); // it was drawn anew and asks no more, or is gone
  if (!used || document.activeElement !== document.body) return;
  (find(used) ?? element.querySelector("nav button"))?.focus({ preventScroll: true });
  used = "";
}).observe(element, { subtree: true, childList: true, characterData: true });
