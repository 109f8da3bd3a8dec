"""Haystack with Chroma, as its documentation has it: one pipeline that splits, encodes and writes, one that asks.

Texts are split by DocumentSplitter's default of 200 words; the title is put before each chunk for the encoder with the
option that Haystack has for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from protocol import Driver, Hit, Record, Request, Search, main

_KEPT = ("title", "date")


def index(records: list[Record], request: Request) -> int:
    """Split, encode and store."""
    from haystack import Document, Pipeline
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.writers import DocumentWriter
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder

    store = _store(request)
    pipeline = Pipeline()
    pipeline.add_component("splitter", DocumentSplitter())
    pipeline.add_component(
        "embedder", SentenceTransformersDocumentEmbedder(**_encoder(request), meta_fields_to_embed=["title"])
    )
    pipeline.add_component("writer", DocumentWriter(store))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    documents = [
        Document(content=record["text"], meta={"doc": record["id"], **{k: record[k] for k in _KEPT if record.get(k)}})
        for record in records
    ]
    pipeline.run({"splitter": {"documents": documents}})
    return int(store.count_documents())


def open_index(request: Request) -> Search:
    """The pipeline that asks a store that is there."""
    from haystack import Pipeline
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder
    from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever

    pipeline = Pipeline()
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(**_encoder(request)))
    pipeline.add_component("retriever", ChromaEmbeddingRetriever(document_store=_store(request)))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")

    def search(question: str, k: int) -> Sequence[Hit]:
        found = pipeline.run({"embedder": {"text": question}, "retriever": {"top_k": k}})["retriever"]["documents"]
        return [Hit(one.meta["doc"], one.content) for one in found]

    return search


def _store(request: Request) -> Any:  # noqa: ANN401 - of a library that is not in this project's environment
    from haystack_integrations.document_stores.chroma import ChromaDocumentStore

    return ChromaDocumentStore(persist_path=str(request.store))


def _encoder(request: Request) -> dict[str, Any]:
    return {"model": request.encoder} if request.encoder else {}


if __name__ == "__main__":
    main(Driver(index, open_index))
