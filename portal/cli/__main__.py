"""`python -m portal.cli`: the same as the `portal` command, for processes that the portal starts itself."""

from portal.cli import main

main()
