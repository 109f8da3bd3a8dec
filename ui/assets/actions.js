// What a reader can do with an answer: copy it with its sources, ask again, edit the question, say whether it helped.
// Built from the answer as it is shown, with textContent alone; `words` and `server` are set before.

function make(tag, className, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function action(label, run) {
  const button = make("button", "beleg-action", label);
  button.type = "button";
  button.addEventListener("click", () => run(button));
  return button;
}

// -- copy with sources

const MARKS = { de: ["„", "“"], en: ["“", "”"] };

function quotations(answer) {
  return [...answer.querySelectorAll(".beleg-quote:has(.beleg-permalink)")].map((quote) => {
    const text = quote.querySelector("blockquote");
    const source = [...quote.querySelectorAll(".beleg-source bdi")].map((part) => part.textContent).join(", ");
    const address = new URL(quote.querySelector(".beleg-permalink").getAttribute("href"), location.origin + location.pathname);
    return { text: text.textContent, lang: text.lang, source, address: address.href };
  });
}

function asText(answer) {
  return quotations(answer)
    .map(({ text, lang, source, address }) => {
      const [opening, closing] = MARKS[lang] ?? MARKS.en;
      return `${opening}${text}${closing}\n(${source}, ${address})`;
    })
    .join("\n\n");
}

function escaped(text) {
  return text.replace(/[\\`*_[\]<>#|~$&!]/g, "\\$&");
}

function asMarkdown(answer) {
  return quotations(answer)
    .map(({ text, source, address }) => {
      const lines = escaped(text).split("\n").map((line) => `> ${line}`);
      return `${lines.join("\n")}\n>\n> — [${escaped(source)}](<${address}>)`;
    })
    .join("\n\n");
}

async function copy(text, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = words.copied;
  } catch {
    button.textContent = words.copy_failed;
  }
  setTimeout(() => (button.textContent = label), 2000);
}

// -- the question again

function questionOf(answer) {
  const rows = [...document.querySelectorAll("#beleg-thread .beleg-question")];
  return rows.filter((row) => row.compareDocumentPosition(answer) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
}

function write(text) {
  const box = document.querySelector("#beleg-box textarea");
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

function askAgain(answer) {
  write(questionOf(answer).textContent);
  setTimeout(() => document.querySelector("#beleg-ask, #beleg-ask button").click(), 50); // once Gradio has taken the text
}

// -- whether it helped

function opinion(answer, verdict, group) {
  const said = make("span", "beleg-comment");
  const box = make("input");
  box.type = "text";
  box.maxLength = 2000;
  box.placeholder = words.comment;
  box.setAttribute("aria-label", words.comment);
  const places = [...answer.querySelectorAll(".beleg-chip")].map((chip) => chip.getAttribute("href"));
  const send = async () => {
    const question = questionOf(answer).textContent;
    const kept = await server.opinion({ verdict, question, comment: box.value, places }).catch(() => false);
    const status = make("span", "beleg-status", kept ? words.thanks : words.feedback_failed);
    status.setAttribute("role", "status");
    said.replaceChildren(status);
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") send();
  });
  said.append(box, action(words.send, send));
  group.querySelector(".beleg-comment")?.remove();
  group.append(said);
  box.focus();
}

function actions(answer) {
  const group = make("div", "beleg-actions");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.actions);
  if (answer.querySelector(".beleg-permalink")) {
    group.append(
      action(words.copy, (button) => copy(asText(answer), button)),
      action(words.copy_markdown, (button) => copy(asMarkdown(answer), button)),
    );
  }
  group.append(
    action(words.again, () => askAgain(answer)),
    action(words.edit, () => write(questionOf(answer).textContent)),
    action(words.useful, () => opinion(answer, "useful", group)),
    action(words.useless, () => opinion(answer, "useless", group)),
  );
  return group;
}

function correct(query) {
  const text = query.querySelector("bdi").textContent;
  query.append(" ", action(words.edit, () => write(text)));
}

// Gradio replaces a message when it changes, and what was added to it goes with it.
function decorate(thread) {
  for (const answer of thread.querySelectorAll(".beleg-answer, .beleg-check:last-child")) {
    if (!answer.querySelector(".beleg-actions")) answer.append(actions(answer));
  }
  for (const note of thread.querySelectorAll(".message-row:last-child :is(.beleg-note, .beleg-problem)")) {
    if (!note.querySelector(".beleg-actions") && questionOf(note)) note.append(retry(note));
  }
  for (const query of thread.querySelectorAll(".beleg-query")) if (!query.querySelector("button")) correct(query);
}

function retry(note) {
  const group = make("span", "beleg-actions");
  group.append(action(words.again, () => askAgain(note)), action(words.edit, () => write(questionOf(note).textContent)));
  return group;
}

new MutationObserver(tend).observe(document.body, { subtree: true, childList: true, attributeFilter: ["aria-label"] });
tend();
