"""The service with a clock that is wrong by as many seconds as a file says, which may change."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from service import app
from service.__main__ import main

OFF_BY: Final = "OFF_BY_SECONDS_IN"


def _set_wrong(file: Path) -> None:
    right = app.now

    def wrong() -> datetime:
        return right() + timedelta(seconds=float(file.read_text(encoding="utf-8")))

    app.now = wrong


if __name__ == "__main__":
    _set_wrong(Path(os.environ[OFF_BY]))
    main()
