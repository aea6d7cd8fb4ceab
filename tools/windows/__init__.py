"""The zip for Windows: program, libraries and launcher around an embeddable Python (docs/handbook/windows.md)."""
