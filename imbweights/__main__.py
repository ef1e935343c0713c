"""``python -m imbweights``."""

from __future__ import annotations

from imbweights.cli import main

if __name__ == "__main__":
    main()
