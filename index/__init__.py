"""Turns files into a searchable, verified index; knows nothing of answers."""
