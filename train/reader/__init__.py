"""Trains the evidence reader: which sentence of which passage answers a question, or none.

Read in this order: `config`, `tasks`, `quoted`, `cloze`, `changed`, `mine`, `model`, `learn`, `evaluate`, `road`;
then `gather` and `calibrate`, which fit what the trained network is read with.
"""
