"""`python -m tracker`: the command line where no script is installed, as in the Windows zip."""

from tracker.cli import main

if __name__ == "__main__":
    main()
