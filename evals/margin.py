"""How clearly the example question's answer stands out: its sentence against the best wrong one, by encoder.

Sentences of the seed by the cosine of their vectors alone, and by the probability that the whole of Beleg gives them.

    python evals/margin.py --model minilm-de-en --model path/to/another
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from index.build import build
from index.embed import open_embedder
from index.settings import DEFAULT_MODEL
from qa.pipeline import Assistant
from qa.settings import Settings

ROOT = Path(__file__).parent.parent
QUESTION = "What did Hegseth say about NATO?"
ANSWERS = ("«Die Vereinigten Staaten glauben nicht, dass eine Nato-Mitgliedschaft",)  # how sentences that answer begin


def margins(model: str, folder: Path) -> dict[str, float]:
    """Right, best wrong and their difference, by cosine and by probability."""
    settings = Settings.load(data_dir=folder, model=model)
    embedder = open_embedder(settings)
    build([ROOT / "seeds"], settings, embedder=embedder)
    assistant = Assistant(settings)
    evidence = assistant.trace(QUESTION).evidence
    document = assistant.document(evidence[0].doc_id)
    said = [document.text[found.sentence.start : found.sentence.end] for found in evidence]
    cosines = embedder.embed_documents(said) @ embedder.embed_queries([QUESTION])[0]
    found: dict[str, float] = {}
    for name, scores in (("cosine", cosines), ("probability", [one.score for one in evidence])):
        right = max(score for score, text in zip(scores, said, strict=True) if text.startswith(ANSWERS))
        wrong = max(score for score, text in zip(scores, said, strict=True) if not text.startswith(ANSWERS))
        found |= {name: float(right), f"{name} of the best wrong": float(wrong), f"{name} margin": float(right - wrong)}
    return {name: round(value, 4) for name, value in found.items()}


def main() -> None:
    """Print the margins of each encoder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", help="encoder: a folder or a hub name; may be given again")
    for model in parser.parse_args().model or [DEFAULT_MODEL]:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps({"model": Path(model).name, **margins(model, Path(folder))}))


if __name__ == "__main__":
    main()
