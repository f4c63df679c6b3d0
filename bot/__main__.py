"""`python -m bot` is `kakunin`."""

from bot.cli import main

main()
