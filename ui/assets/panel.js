// The source panel: opens the article that a citation points into, with the quotation marked, scrolled to and focused.
// Source text reaches the page through textContent alone; this file never builds HTML from strings.
// Gradio runs it once, as the last part of a function that knows `element` and `server`.

const LINKS = 'a[href^="#cite/"], a[href^="#near/"]';

const panel = element.querySelector(".beleg-panel");
const sidebar = element.closest(".sidebar");
const toggle = sidebar.querySelector(".toggle-button");
const content = sidebar.querySelector(".sidebar-content"); // inert when closed, or Tab would lead off the screen
let opener = null;
let request = 0;

function make(tag, className, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function isOpen() {
  return sidebar.classList.contains("open");
}

function open() {
  if (!isOpen()) toggle.click();
  content.inert = false;
}

function close() {
  request += 1;
  if (isOpen()) toggle.click();
  content.inert = true;
  history.replaceState(null, "", location.pathname + location.search);
  if (opener && opener.isConnected) opener.focus();
}

function bar() {
  const node = make("div", "beleg-bar");
  const button = make("button", "beleg-close", "×");
  button.type = "button";
  button.setAttribute("aria-label", words.close);
  button.addEventListener("click", close);
  node.append(make("span", "", words.source_panel), button);
  return node;
}

function sourceLink(url) {
  const link = make("a", "beleg-out", words.passage_link);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function heading(article) {
  const header = make("header", "beleg-heading");
  const title = make("h2", "", article.title);
  title.dir = "auto";
  header.append(title);
  if (article.byline) header.append(make("p", "beleg-byline", article.byline));
  if (article.url) header.append(sourceLink(article.url));
  if (article.notice) header.append(make("p", "beleg-notice", article.notice));
  return header;
}

function run({ text, mark }) {
  const tag = mark === "quote" || mark === "near" ? "mark" : "span";
  return make(tag, mark && `beleg-is-${mark}`, text);
}

function body(article) {
  const text = make("div", "beleg-text");
  text.lang = article.lang;
  for (const runs of article.paragraphs) {
    const paragraph = make("p");
    paragraph.dir = "auto";
    paragraph.append(...runs.map(run));
    text.append(paragraph);
  }
  return text;
}

function reveal() {
  const mark = panel.querySelector("mark");
  const target = mark ?? panel.querySelector(".beleg-close");
  if (mark) {
    mark.tabIndex = -1;
    // scrollIntoView would also scroll the page sideways while the panel is still sliding in
    const offset = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    const room = panel.clientHeight - mark.getBoundingClientRect().height;
    panel.scrollTop += offset - Math.max(room / 2, 16);
  }
  target.focus({ preventScroll: true });
}

function view(...nodes) {
  panel.replaceChildren(bar(), ...nodes);
}

async function show(href) {
  request += 1;
  const mine = request;
  panel.setAttribute("aria-busy", "true");
  view(make("p", "beleg-wait", words.fetching));
  open();
  let nodes;
  try {
    const article = await server.passage({ href, lang });
    nodes = [heading(article), body(article)];
  } catch {
    nodes = [make("p", "beleg-notice", words.unreachable)];
  }
  if (mine !== request) return;
  view(...nodes);
  panel.removeAttribute("aria-busy");
  history.replaceState(null, "", href);
  reveal();
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.(LINKS);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    opener = link;
    show(link.getAttribute("href"));
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isOpen()) close();
});

sidebar.setAttribute("role", "complementary");
sidebar.setAttribute("aria-label", words.source_panel);
toggle.setAttribute("aria-hidden", "true");
toggle.tabIndex = -1;
content.inert = !isOpen();
view();
if (/^#(cite|near)\//.test(location.hash)) show(location.hash);
