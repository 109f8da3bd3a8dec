"""Files to documents: one small reader per format, all of them giving the same `Content`."""
