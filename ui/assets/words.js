// The language of the page: the one chosen on it, or else the browser's, as for Gradio's own labels (assets/lang.js).
// `WORDS` is set before this file runs.

const lang = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
const words = WORDS[lang];
document.documentElement.lang = lang;
