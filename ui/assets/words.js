// The language of the page is the browser's, as it is for Gradio's own labels. `WORDS` is set before this file runs.

const lang = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
const words = WORDS[lang];
document.documentElement.lang = lang;
