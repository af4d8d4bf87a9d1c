"""The emulator's process: MiniStack, patched, its state saved every few seconds."""

import sys

from ministack import app

from stacks.local import patches
from stacks.local.place import chosen_place
from stacks.local.uploads import watch_uploads


def main() -> None:
    """Serve until SIGTERM; then the state is saved once more."""
    place = chosen_place()
    patches.apply_all(place)
    watch_uploads(place)
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main()
