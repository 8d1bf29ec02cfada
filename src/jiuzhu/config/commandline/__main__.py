"""`python -m jiuzhu.config.commandline` is the command `jiuzhu`."""

from jiuzhu.config.commandline import main

main()
