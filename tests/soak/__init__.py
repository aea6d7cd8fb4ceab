"""Long runs: `make soak`. What they measure is written to build/soak/ and, with `python -m tests.soak.page`, to docs/soak.md."""
