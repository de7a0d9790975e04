"""``python -m ar_assets``."""

from ar_assets.cli import main

if __name__ == "__main__":
    main()
