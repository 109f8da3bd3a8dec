"""LlamaIndex with Chroma, as its page on the Chroma vector store does it: documents, default splitter, retriever.

Titles and dates are the document's metadata, which LlamaIndex puts before each chunk for the encoder by default. Chunks
are SentenceSplitter's default of 1,024 tokens; variant ``fitted`` makes them as long as the encoder reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from protocol import Driver, Hit, Record, Request, Search, main

FITTED = "fitted"
_FITTED_TOKENS, _FITTED_OVERLAP = 256, 20
_METADATA = ("title", "date")


def index(records: list[Record], request: Request) -> int:
    """Split, encode and store."""
    from llama_index.core import Document, StorageContext, VectorStoreIndex

    documents = [
        Document(text=record["text"], id_=record["id"], metadata={k: record[k] for k in _METADATA if record.get(k)})
        for record in records
    ]
    store = _store(request)
    VectorStoreIndex.from_documents(
        documents,
        storage_context=StorageContext.from_defaults(vector_store=store),
        **_encoder(request),
        **_splitter(request),
    )
    return int(store.client.count())


def open_index(request: Request) -> Search:
    """The retriever of an index that is there."""
    from llama_index.core import VectorStoreIndex

    opened = VectorStoreIndex.from_vector_store(_store(request), **_encoder(request))

    def search(question: str, k: int) -> Sequence[Hit]:
        found = opened.as_retriever(similarity_top_k=k).retrieve(question)
        return [Hit(one.node.ref_doc_id or "", one.node.get_content()) for one in found]

    return search


def _store(request: Request) -> Any:  # noqa: ANN401 - of a library that is not in this project's environment
    import chromadb
    from llama_index.vector_stores.chroma import ChromaVectorStore

    client = chromadb.PersistentClient(path=str(request.store))
    return ChromaVectorStore(chroma_collection=client.get_or_create_collection("news"))


def _encoder(request: Request) -> dict[str, Any]:
    if request.encoder is None:
        return {}
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return {"embed_model": HuggingFaceEmbedding(model_name=request.encoder)}


def _splitter(request: Request) -> dict[str, Any]:
    if request.variant != FITTED:
        return {}
    from llama_index.core.node_parser import SentenceSplitter

    return {"transformations": [SentenceSplitter(chunk_size=_FITTED_TOKENS, chunk_overlap=_FITTED_OVERLAP)]}


if __name__ == "__main__":
    main(Driver(index, open_index))
