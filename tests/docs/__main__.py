"""Write the generated pages: `python -m tests.docs`, or `make docs`."""

from tests.docs.written import PAGES

for path, make in PAGES.items():
    path.write_text(make(), encoding="utf-8", newline="\n")
    print(path.name)
