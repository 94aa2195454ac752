"""Reading a page back: the tests ask what a person would see, not how it was put together."""

from html.parser import HTMLParser

_INLINE = {"a", "b", "code", "i", "span", "strong", "svg"}
_VOID = {"br", "img", "circle", "polyline", "path", "rect", "line"}


class Page(HTMLParser):
    """Parses a piece of HTML, refuses one that is not well nested, and keeps its words and tags."""

    def __init__(self, source: str):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()
        if tag not in _INLINE:
            self.words.append(" ")

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        """All words, with single spaces."""
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of that tag."""
        return [attributes for name, attributes in self.tags if name == tag]
