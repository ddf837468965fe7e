"""The web process as a command."""

from mim_portal.web.command import main

# A worker imports this module by another name.
if __name__ == "__main__":
    main()
