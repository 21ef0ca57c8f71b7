"""Everything in one: what `poldermodel serve` starts besides the web server when nothing else is given."""
