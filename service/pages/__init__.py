"""Pages for people, drawn on the server; they work without JavaScript."""
