"""Turns a question into a cited answer and measures how well; never imports Gradio."""
