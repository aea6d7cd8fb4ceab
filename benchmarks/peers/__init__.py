"""Our routes held against other tools: the same fake platforms, the same answers demanded, equal evidence written."""
