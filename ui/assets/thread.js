// Looks after the conversation: names for what Gradio leaves nameless, and a scroll position that shows an answer from its
// question on. Gradio runs it once, before panel.js and in the same function; `words` is set there.

let followed = "";

// Gradio labels a message with its raw source, which a screen reader would read out instead of the message.
function name(thread) {
  for (const log of thread.querySelectorAll('[role="log"]')) {
    if (log.ariaLabel !== words.conversation) log.ariaLabel = words.conversation; // or it would observe itself for ever
  }
  for (const node of thread.querySelectorAll('[aria-label*="\'s message: "]')) node.removeAttribute("aria-label");
  for (const button of thread.querySelectorAll('button[aria-label="Clear"]')) button.ariaLabel = words.clear;
  for (const list of thread.querySelectorAll('.examples[role="list"]')) list.removeAttribute("role"); // of buttons alone
}

// Gradio heads what it has to say with "Warning" or "Error", in whatever language the page is.
function head() {
  for (const title of document.querySelectorAll(".toast-title")) {
    const own = title.firstChild; // a count may follow
    if (own && own.nodeValue.trim() !== words.notice) own.nodeValue = `${words.notice} `;
  }
  for (const button of document.querySelectorAll('.toast-close[aria-label="Close"]')) button.ariaLabel = words.dismiss;
}

// Once for a new question and once more for its answer: between and after the two, the reader scrolls.
function follow(thread) {
  const questions = thread.querySelectorAll(".beleg-question");
  const answered = thread.querySelector(".message-row:last-child :is(.beleg-answer, .beleg-check, .beleg-problem, .beleg-note)") !== null;
  const state = `${questions.length} ${answered}`;
  const scroller = thread.querySelector('[role="log"]');
  if (state === followed || !questions.length || !scroller) return;
  followed = state;
  const top = questions[questions.length - 1].getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  scroller.scrollTop += top;
}

// The address asks for the documents that the page asks, so that it can be sent to others.
function share() {
  const chips = document.querySelector("#beleg-chips [data-query]");
  if (!chips) return;
  const address = new URL(location.href);
  const kept = ["doc", "at", "v", "q"].flatMap((key) => address.searchParams.getAll(key).map((value) => [key, value]));
  const asked = [...new URLSearchParams(chips.dataset.query), ...kept];
  const search = asked.length ? `?${new URLSearchParams(asked)}` : "";
  if (search !== location.search) history.replaceState(null, "", location.pathname + search + location.hash);
}

// Gradio mounts its components in no promised order: the conversation may come after this script, or anew.
function tend() {
  const switcher = document.querySelector(".beleg-lang");
  if (switcher && !switcher.textContent) switcher.textContent = words.other_language;
  share();
  head();
  const thread = document.getElementById("beleg-thread");
  if (!thread) return;
  name(thread);
  decorate(thread);
  follow(thread);
}
