"""Who is calling, and what they may do: one `Caller`, made in one place."""
