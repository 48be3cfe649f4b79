"""`python -m gaoshi.cli` is `gaoshi`."""

from gaoshi.cli import main

main()
