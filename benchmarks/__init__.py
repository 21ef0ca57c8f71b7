"""Measurements of speed and memory, side by side with peers; run by the commands in docs/benchmarks.md."""
