"""The process that redraws group maps."""
