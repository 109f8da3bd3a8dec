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
let shown = ""; // the reference whose article is open

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
  shown = "";
  const address = new URL(location.href);
  for (const key of ["doc", "at", "v"]) address.searchParams.delete(key); // or a reload would open it again
  history.replaceState(null, "", address.pathname + address.search);
  if (opener && opener.isConnected) opener.focus();
}

function button(className, sign, label, run) {
  const node = make("button", className, sign);
  node.type = "button";
  node.title = label;
  node.setAttribute("aria-label", label);
  node.addEventListener("click", run);
  return node;
}

function bar() {
  const node = make("div", "beleg-bar");
  node.append(make("span", "", words.source_panel), ...steps(), button("beleg-close", "×", words.close, close));
  return node;
}

// -- the other quotations of the same answer

const PLACES = ":is(.beleg-chip, .beleg-open)";

function isShown(link) {
  return link.getAttribute("href") === shown;
}

function siblings() {
  const link = [...document.querySelectorAll(`#beleg-thread ${PLACES}`)].find(isShown);
  const answer = (opener?.isConnected && isShown(opener) ? opener : link)?.closest(".beleg-answer, .beleg-check");
  return answer ? [...answer.querySelectorAll(PLACES)] : [];
}

function steps() {
  const links = siblings();
  if (links.length < 2) return [];
  const here = links.findIndex(isShown);
  const position = words.position.replace("{number}", here + 1).replace("{total}", links.length);
  return [
    button("beleg-step", "‹", words.previous_quotation, () => step(-1)),
    make("span", "beleg-position", position),
    button("beleg-step", "›", words.next_quotation, () => step(1)),
  ];
}

function step(by) {
  const links = siblings();
  const here = links.findIndex(isShown);
  if (here < 0 || links.length < 2) return;
  opener = links[(here + by + links.length) % links.length];
  show(opener.getAttribute("href"));
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
  if (article.url) header.append(sourceLink(article.url), " ");
  const only = () => document.dispatchEvent(new CustomEvent("beleg-only", { detail: article.id }));
  if (article.id) header.append(action(words.only_this, only));
  if (article.notice) header.append(make("p", "beleg-notice", article.notice));
  return header;
}

function run({ text, mark }) {
  const tag = ["quote", "near", "other"].includes(mark) ? "mark" : "span";
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
  const mark = panel.querySelector("mark:not(.beleg-is-other)");
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
  shown = href;
  panel.setAttribute("aria-busy", "true");
  view(make("p", "beleg-wait", words.fetching));
  open();
  let nodes;
  try {
    const others = siblings().map((link) => link.getAttribute("href")).filter((other) => other !== href);
    const article = await server.passage({ href, others, lang });
    nodes = [heading(article), body(article)];
  } catch {
    nodes = [make("p", "beleg-notice", words.unreachable)];
  }
  if (mine !== request) return;
  view(...nodes);
  panel.removeAttribute("aria-busy");
  history.replaceState(null, "", location.pathname + location.search + href);
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
  if (!isOpen()) return;
  if (event.key === "Escape") close();
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
  if (event.key === "n") step(1);
  if (event.key === "p") step(-1);
});

// A permanent link names a place in the address: ?doc=<document>&at=<start>-<end>&v=<version>
function linked() {
  const asked = new URLSearchParams(location.search);
  const at = asked.get("at")?.match(/^(\d{1,9})-(\d{1,9})$/);
  if (!asked.has("doc")) return "";
  const id = encodeURIComponent(asked.get("doc")).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  const version = /^[0-9a-f]{16}$/.test(asked.get("v")) ? asked.get("v") : "-";
  return `#cite/${id}/${version}/${at ? `${at[1]}/${at[2]}` : "0/0"}`;
}

sidebar.setAttribute("role", "complementary");
sidebar.setAttribute("aria-label", words.source_panel);
toggle.setAttribute("aria-hidden", "true");
toggle.tabIndex = -1;
content.inert = !isOpen();
view();
const wanted = /^#(cite|near)\//.test(location.hash) ? location.hash : linked();
if (wanted) show(wanted);
