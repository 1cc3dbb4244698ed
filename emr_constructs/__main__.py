"""Entry point of ``python -m emr_constructs``; see ``--help``."""

from .cli import main

if __name__ == "__main__":
    main(prog_name="python -m emr_constructs")
