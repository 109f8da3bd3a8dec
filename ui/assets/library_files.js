// Files that are too large are refused before they are sent. Gradio would say so in English, and only in passing. It runs
// this once, as the last part of a function that knows `element` and `trigger`.

function refuse(event) {
  if (!event.target.closest?.("#beleg-library-files")) return;
  const files = [...((event.dataTransfer ?? event.target).files ?? [])];
  const limit = Number(element.querySelector("[data-bytes]").dataset.bytes);
  const large = files.filter((file) => file.size > limit).map((file) => ({ name: file.name, bytes: file.size }));
  if (!large.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.type === "change") event.target.value = ""; // so that the same file, made smaller, can be chosen again
  trigger("apply", { large });
}

for (const type of ["change", "drop"]) window.addEventListener(type, refuse, true);
