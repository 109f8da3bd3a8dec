"""The Gradio page; never imports chromadb, torch or tantivy."""
