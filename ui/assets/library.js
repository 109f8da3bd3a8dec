// The buttons of the list of sources: each says in its data what it triggers. Gradio draws the list anew each time, so
// the button that was used is found again by its key and focused. Gradio runs this once, as the last part of a function
// that knows `element` and `trigger`.

let used = "";

// What cannot be undone is asked for twice: the first click only makes the button say so, until it is left.
function ask(button) {
  const label = button.getAttribute("aria-label");
  const text = button.textContent;
  const confirm = button.dataset.confirm;
  const say = (shown, name) => {
    button.textContent = shown;
    button.setAttribute("aria-label", name);
  };
  say(confirm, `${confirm} ${label}`);
  delete button.dataset.confirm;
  const back = () => {
    say(text, label);
    button.dataset.confirm = confirm;
  };
  button.addEventListener("blur", back, { once: true });
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-event]");
  if (!button) return;
  if (button.dataset.confirm) {
    ask(button);
    return;
  }
  used = button.dataset.key;
  trigger(button.dataset.event, { ...button.dataset });
});

new MutationObserver(() => {
  if (!used || document.activeElement !== document.body) return;
  const again = [...element.querySelectorAll("button[data-key]")].find((button) => button.dataset.key === used);
  (again ?? element.querySelector("nav button"))?.focus({ preventScroll: true });
  used = "";
}).observe(element, { subtree: true, childList: true });
