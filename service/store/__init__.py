"""Where conversations, statements, votes and group maps are kept: the one place with SQL."""
