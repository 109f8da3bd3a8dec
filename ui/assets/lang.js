// Before Gradio's front end starts: a language chosen on the page counts as the browser's, for Gradio's labels as well.

{
  const chosen = document.cookie.match(/(?:^|; )beleg-lang=(de|en)/)?.[1];
  if (chosen) {
    Object.defineProperty(navigator, "language", { get: () => chosen });
    Object.defineProperty(navigator, "languages", { get: () => [chosen] });
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".beleg-lang")) return;
    const other = navigator.language.toLowerCase().startsWith("de") ? "en" : "de";
    document.cookie = `beleg-lang=${other}; path=/; max-age=31536000; samesite=strict`;
    location.reload();
  });
}
