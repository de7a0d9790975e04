"""``python -m stream_server`` and the ``vitrine`` command."""

from stream_server.cli import main

if __name__ == "__main__":
    main()
