"""LangChain with Chroma, as its tutorial on retrieval does it: recursive splitter, 1,000 characters, 200 shared.

LangChain encodes a document's text alone, so each text begins with its title.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from protocol import Driver, Hit, Record, Request, Search, main, titled

_CHARACTERS, _OVERLAP = 1000, 200


def index(records: list[Record], request: Request) -> int:
    """Split, encode and store."""
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=_CHARACTERS, chunk_overlap=_OVERLAP, add_start_index=True)
    documents = [
        Document(page_content=titled(record), metadata={"doc": record["id"], "date": record.get("date", "")})
        for record in records
    ]
    splits = splitter.split_documents(documents)
    _store(request).add_documents(documents=splits)
    return len(splits)


def open_index(request: Request) -> Search:
    """The similarity search of a store that is there."""
    store = _store(request)

    def search(question: str, k: int) -> Sequence[Hit]:
        return [Hit(found.metadata["doc"], found.page_content) for found in store.similarity_search(question, k=k)]

    return search


def _store(request: Request) -> Any:  # noqa: ANN401 - of a library that is not in this project's environment
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    named = {"model_name": request.encoder} if request.encoder else {}
    return Chroma(
        collection_name="news",
        embedding_function=HuggingFaceEmbeddings(**named),
        persist_directory=str(request.store),
    )


if __name__ == "__main__":
    main(Driver(index, open_index))
