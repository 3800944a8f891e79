"""Files people and bots have sent, kept in memory up to a limit."""

import struct
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b

from bot.simulator.errors import ApiError, bad_request
from bot.simulator.wire import Json, Upload

UPLOAD_BYTES_MAX = 50 * 1024 * 1024
DOWNLOAD_BYTES_MAX = 20 * 1024 * 1024
PHOTO_BYTES_MAX = 10 * 1024 * 1024
KEPT_BYTES_MAX = 128 * 1024 * 1024

_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"\xff\xd8", "image/jpeg"),
)
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file and the names under which it is asked for."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes
    width: int
    height: int

    @property
    def picture_type(self) -> str:
        """Say what kind of picture it is by its first bytes; empty when it is none."""
        if not self.width:
            return ""
        return next(kind for sign, kind in _PICTURES if self.content.startswith(sign))

    def described(self) -> Json:
        """Give the fields every file object carries."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }

    def as_photo(self) -> list[Json]:
        """Describe a picture as the list of its sizes."""
        return [self.described() | {"width": self.width, "height": self.height}]

    def as_document(self) -> Json:
        """Describe a file as a document."""
        return self.described() | {"file_name": self.name, "mime_type": self.mime_type}


class Files:
    """The shelf of files; the oldest fall off."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._paths: dict[str, str] = {}
        self._bytes = 0
        self._count = 0

    def add(self, upload: Upload, *, is_photo: bool) -> StoredFile:
        """Keep a file, refusing what the messenger refuses."""
        content = upload.content
        if not content:
            raise bad_request("file must be non-empty")
        if len(content) > UPLOAD_BYTES_MAX:
            raise ApiError(413, "Request Entity Too Large")
        width, height = image_size(content)
        if is_photo and (not width or not height):
            raise bad_request("IMAGE_PROCESS_FAILED")
        if is_photo and len(content) > PHOTO_BYTES_MAX:
            raise bad_request("too big file for a photo")
        self._count += 1
        number = self._count
        folder = "photos" if is_photo else "documents"
        suffix = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        ending = suffix if suffix.isascii() and suffix.isalnum() else "bin"
        stored = StoredFile(
            file_id=f"DEMO{folder[0].upper()}{number:08d}",
            unique_id=blake2b(content, digest_size=8).hexdigest(),
            path=f"{folder}/file_{number}.{ending}",
            name=upload.name,
            mime_type=upload.mime_type or "application/octet-stream",
            content=content,
            width=width,
            height=height,
        )
        self._keep(stored)
        return stored

    def by_id(self, file_id: str) -> StoredFile:
        """Find a file by the id in a message."""
        stored = self._files.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return stored

    def by_path(self, path: str) -> StoredFile | None:
        """Find a file by the path getFile gave."""
        return self._files.get(self._paths.get(path, ""))

    def _keep(self, stored: StoredFile) -> None:
        self._files[stored.file_id] = stored
        self._paths[stored.path] = stored.file_id
        self._bytes += len(stored.content)
        while self._bytes > KEPT_BYTES_MAX and len(self._files) > 1:
            _, oldest = self._files.popitem(last=False)
            del self._paths[oldest.path]
            self._bytes -= len(oldest.content)


def image_size(content: bytes) -> tuple[int, int]:
    """Read width and height of a PNG, GIF, WebP or JPEG; zeros when it is none of them."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:  # noqa: PLR2004 - IHDR ends
        return struct.unpack(">II", content[16:24])
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        return struct.unpack("<HH", content[6:10])
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 512, 512  # Nobody here needs a WebP's exact size.
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return 0, 0


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = content[at + 1]
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return 0, 0
