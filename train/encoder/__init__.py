"""The bilingual encoder, from the data to the published folder: `python -m train.encoder --help`.

Read in this order: `config`, `data`, `vocabulary`, `initialise`, `texts` (what is trained on), `teacher`, `model`,
`distil`, `retrieve`, `evaluate`, `export`, and `__main__`, which is the road through all of them.
"""
