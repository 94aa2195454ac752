"""Serves the built site: precompressed where the browser takes it, cached for a year where the name says so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tornado.web import StaticFileHandler

from grading.server.base import PersonMixin

#: Names that change with their content: a hash of seven or more hexadecimal digits before the extension.
HASHED = re.compile(r"[.-][0-9a-f]{7,}\.[a-z0-9.]+$|/static/pyodide/|/wheels/")
YEAR = 31_536_000
ENCODINGS = {"br": ".br", "gzip": ".gz"}
#: Types that Python's table, or the machine's, may not know or may get wrong.
TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".json": "application/json",
    ".ipynb": "application/json",
    ".webmanifest": "application/manifest+json",
}


class SiteHandler(PersonMixin, StaticFileHandler):
    """A file of the site. A folder shows its index page."""

    encoding = ""

    def initialize(self, path: str) -> None:  # type: ignore[override]
        super().initialize(path, default_filename="index.html")

    def prepare(self) -> None:
        self.require_person()

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        path = super().validate_absolute_path(root, absolute_path)
        if path is None or self.request.headers.get("Range"):
            return path
        accepted = {part.split(";")[0].strip() for part in self.request.headers.get("Accept-Encoding", "").split(",")}
        for encoding, ending in ENCODINGS.items():
            if encoding in accepted and Path(path + ending).exists():
                self.encoding = encoding
                return path + ending
        return path

    def get_content_size(self) -> int:
        return Path(self.absolute_path).stat().st_size  # type: ignore[arg-type]

    def get_content_type(self) -> str:
        ending = ENCODINGS.get(self.encoding, "")
        plain = self.absolute_path.removesuffix(ending) if ending else self.absolute_path  # type: ignore[union-attr]
        known = TYPES.get(Path(plain).suffix)
        if known is None:
            shown, self.absolute_path = self.absolute_path, plain
            try:
                known = super().get_content_type()
            finally:
                self.absolute_path = shown
        return f"{known}; charset=utf-8" if known.startswith("text/") else known

    def set_extra_headers(self, path: str) -> None:
        if self.encoding:
            self.set_header("Content-Encoding", self.encoding)
        self.set_header("Vary", "Accept-Encoding")
        lasting = HASHED.search("/" + path)
        self.set_header("Cache-Control", f"private, max-age={YEAR}, immutable" if lasting else "private, no-cache")

    def get_cache_time(self, *args: Any) -> int:
        return 0

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.write_page(status_code)
