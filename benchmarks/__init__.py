"""Measurements of the program on labelled sets and large inputs; `python -m benchmarks.<name>`."""
