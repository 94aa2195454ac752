"""A note that is being written, beside the one it may have been copied from: what is copied, and what is new."""

from simemr.domain import copied
from simemr.domain.actions.notes import SECTIONS, EarlierNote, NoteDesk, earlier, share
from simemr.domain.record import Patient
from simemr.domain.session import Session
from simemr.html.escape import Markup, el, hidden, join


def checked(sections: dict[str, str], source: EarlierNote | None) -> Markup:
    """Return the note as it would be signed, with what is copied marked, and how much that is."""
    parts = [_section(title, sections[name], source) for name, title in SECTIONS.items()]
    return join(_share(sections, source) if source else "", parts)


def _section(title: str, text: str, source: EarlierNote | None) -> Markup:
    if not text:
        return join(el("h4", title), el("p", "Nothing is written here.", class_="em-empty"))
    cut = copied.pieces(text, source.text) if source else [copied.Piece(text, False)]
    return join(el("h4", title), el("p", [_piece(piece) for piece in cut], class_="em-checked-note"))


def _piece(piece: copied.Piece) -> Markup | str:
    if not piece.copied:
        return piece.text
    return el("span", hidden("copied: "), piece.text, hidden(" (end of copy) "), class_="em-copied")


def _share(sections: dict[str, str], source: EarlierNote) -> Markup:
    part = round(100 * share(sections, source))
    words = (
        f" of the words in the first three sections are copied from {source.author}'s note; at most"
        f" {source.most_copied} % are wanted. What is copied is underlined: read each line of it against today's"
        " record."
    )
    return el(
        "p", el("b", f"{part} %"), words, class_=f"em-news {'em-score-medium' if is_over(sections, source) else ''}"
    )


def is_over(sections: dict[str, str], source: EarlierNote | None) -> bool:
    """Whether more is copied than is wanted."""
    return source is not None and 100 * share(sections, source) > source.most_copied


def draft(session: Session, patient: Patient) -> Markup:
    """Return the draft of this patient's note, for a picture of the record; nothing where there is none."""
    made = session.state.part(NoteDesk).drafts.get(patient.id)
    if made is None:
        return Markup("")
    head = el("h3", "The note being written")
    return el("div", head, checked(made, earlier(session, patient.id)), class_="em-check-card")
