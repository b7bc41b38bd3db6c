"""What `make run` needs before settings can be read: a data folder, and in it the keys of this installation.

The keys are made once, in `local.env` of the data folder, readable by its owner alone. Whoever loses HISTORY_KEY can
no longer prove the history; docs/running.md says how to keep it.
"""

import os
import secrets
import sys
from pathlib import Path

from statement_tracker import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent


def make_local_settings(folder: Path) -> bool:
    """Write the file unless it is there; whether it was written. Raises OSError where the folder refuses."""
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)  # the database and the mails in it are for nobody else
    target = folder / "local.env"
    if target.exists():
        return False
    draft = folder / f"local.env.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(local_settings())
    try:
        os.link(draft, target)  # all of it or nothing, and never over the keys of another first start
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def local_settings() -> str:
    """New keys, and whether sample data is wanted: by default on a site that only this machine can reach."""
    demo = env.flag("DEMO", not env.text("SITE_URL") and not env.text("DATABASE_URL"))
    return (
        "# Made by the first `make run`. HISTORY_KEY proves the history: keep a copy away from the database.\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        f"HISTORY_KEY={secrets.token_urlsafe(50)}\n"
        f"DEMO={int(demo)}\n"
    )


def main() -> None:
    env.load(Path(os.environ.get("ENV_FILE", BASE_DIR / ".env")))
    folder = Path(env.text("DATA_DIR", str(BASE_DIR / "var")))
    try:
        make_local_settings(folder)
    except OSError as error:
        sys.exit(f"The data folder {folder} cannot be written ({error.strerror}): choose another with DATA_DIR=.")


if __name__ == "__main__":
    main()
