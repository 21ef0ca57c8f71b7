"""HTTP: parse, call one action or one read, answer. Nothing here knows SQL or arithmetic."""
