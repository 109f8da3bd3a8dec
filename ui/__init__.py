"""The Gradio page; never imports chromadb, torch or tantivy.

Gradio reads this variable while it is imported and calls home unless it is set; so it is set here, before any module of
this package can import it. It is no setting of ours: the page never reports on its use.
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
