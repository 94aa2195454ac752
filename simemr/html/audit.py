"""The audit log as it reads: a line for each access, the chosen one in full, and what was made of it."""

from simemr.domain import when
from simemr.domain.access import Access
from simemr.domain.actions.access import REASONS
from simemr.domain.actions.audit import VERDICTS, WHYS, Audit, AuditRow
from simemr.domain.session import Session
from simemr.html.escape import Markup, el, join, sign
from simemr.html.tables import empty, table


def line(session: Session, row: AuditRow) -> str:
    """Return "today 02:10 · Dr S. Amin · SOLBERG, Ingrid", with the answer once there is one."""
    judged = session.state.part(Audit).judged.get(row.id)
    parts = [when.moment_text(row.at, session.hospital.clock), row.who, row.patient_name]
    return " · ".join([*parts, *([f"✓ {_first(VERDICTS[judged.verdict])}"] if judged else [])])


def full(session: Session, row: AuditRow) -> Markup:
    """Return everything that the log holds of one access."""
    facts = [
        ("Who", f"{row.who}, {row.role}"),
        ("Unit", row.unit),
        ("Record", row.patient_name),
        ("When", when.moment_text(row.at, session.hospital.clock)),
        ("What", row.what),
        ("Relation", row.relation),
        ("Reason", row.reason or "none given"),
    ]
    judged = session.state.part(Audit).judged.get(row.id)
    return join(
        el("dl", [el("div", el("dt", n), " ", el("dd", v)) for n, v in facts], class_="em-log"), _verdict(judged)
    )


def own(session: Session) -> Markup:
    """Return the learner's own broken glasses: they are in the log like everybody's."""
    opened = session.state.part(Access).opened
    if not opened:
        return Markup("")
    lines = [
        el("li", f"You · {session.patient(p).display_name} · {_first(REASONS[o.reason])}: “{o.words}”")
        for p, o in opened.items()
    ]
    return el("div", el("h3", "Also in the log: you broke the glass"), el("ul", lines), class_="em-own")


def screen(session: Session) -> Markup:
    """Return the whole log as a table: for a demonstration."""
    found = session.scenario.of(AuditRow)
    if not found:
        return empty("The log is empty.")
    judged = session.state.part(Audit).judged
    rows = [
        (
            f"{row.who}, {row.role}",
            row.unit,
            row.patient_name,
            when.moment_text(row.at, session.hospital.clock),
            row.what,
            row.relation,
            row.reason or "none",
            _verdict(judged.get(row.id)),
        )
        for row in found
    ]
    titles = ("Who", "Works on", "Record of", "When", "What", "Relation", "Reason", "What follows")
    return join(table("The audit log", titles, rows, look="em-stack"), own(session))


def _verdict(judged) -> Markup:
    if judged is None:
        return el("p", "Still to judge", class_="em-still")
    return el("p", sign("✓"), f" {VERDICTS[judged.verdict]}. {WHYS[judged.why]}.", class_="em-verdict em-accepted")


def _first(words: str) -> str:
    return words.split(":")[0].split(" the ")[0].lower()
