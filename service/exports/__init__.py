"""A conversation as files for others: our own zip, Polis's tables, and a table for open data; streamed."""
