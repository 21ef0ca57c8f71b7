"""What a participant's browser runs: the element `<opinion-widget>`, its strings and its style; no Python."""
