"""`python -m masklet_export`: see `cli.py`."""

from .cli import main

raise SystemExit(main())
