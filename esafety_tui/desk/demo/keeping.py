"""What a made-up review keeps: a few made-up pictures, a device taken into the school's keeping."""

from __future__ import annotations

import struct
import tempfile
import zlib
from pathlib import Path

from esafety_tui.desk.demo.turns import Turns

#: A log of any length shows how exhibits look with these few.
MOST_PICTURES = 5
_WIDTH, _HEIGHT = 320, 200


class Keeper(Turns):
    """Exhibits and devices of a story."""

    def _keep_picture(self) -> None:
        """A screenshot of the newest row: the question, then the file, then what is left lying is removed."""
        if self.room.pictures >= MOST_PICTURES and "halt" not in self.todo:
            return
        self.room.pictures += 1
        with tempfile.TemporaryDirectory(prefix="esafety-demo-") as folder:
            file = Path(folder) / f"Screenshot {self.room.pictures}.png"
            file.write_bytes(picture(self.room.pictures))
            self._reply("copy-ask", {"row": self._case.rows[-1].row, "could": "no"})
            said = "The page as it was shown, with the address above it"
            self._reply("copy", {"file": str(file), "description": said})
            # Once something illegal was suspected nothing is removed any more (R5).
            if self.room.pictures % 2 and not self._standing.suspected:
                file.unlink()
                self._task("source", "removed", {})

    def _keep_device(self) -> None:
        """The device of the story comes into keeping, and is described without being opened."""
        what, _, kept = self._say(self.story.device).replace(", kept in ", ", in ").partition(", in ")
        place = f"In {kept}" if kept else "In the locked cabinet of the office"
        taken = {"what": what, "from": "Whoever brought it in", "kept_at": place, "when": self._when(20)}
        self._task("device", "taken", taken)
        if self._case.rows:
            self._task("describe", "words", {"description": what, "where": place, "why": "It is kept as it is."})
        if self.room.rng.random() < 0.5:
            self._task("device-moved", "moved", {"to": "The safe of the Principal", "why": "The cabinet was needed."})


def picture(number: int) -> bytes:
    """A made-up picture: grey stripes, and nothing to see."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\0" + bytes(210 if (x // 16 + y // 16 + number) % 2 else 235 for x in range(_WIDTH)) for y in range(_HEIGHT)
    )
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
