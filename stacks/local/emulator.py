"""The emulator's process: MiniStack, patched, its state saved every few seconds."""

import sys

from ministack import app

from stacks.local import patches
from stacks.local.place import chosen_place


def main() -> None:
    """Serve until SIGTERM; then the state is saved once more."""
    patches.apply_all(chosen_place())
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main()
