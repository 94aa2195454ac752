"""How axe-core looks at a page, light and dark."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that the dark look can change
SCHEMES = (("dark", COLOURS), ("light", RULES))
AXE = "rules => axe.run(document, { runOnly: rules, iframes: false, resultTypes: ['violations'] })"
#: Colours fade from one look to the other: waits until they have.
FADED = "Promise.allSettled(document.getAnimations().filter((a) => a.transitionProperty).map((a) => a.finished)).then()"


def serious(frame, axe: str, rules: list[str]) -> list[str]:
    """What axe finds serious in a page or frame once its colours have settled: a line each, with the first places."""
    if not frame.evaluate("'axe' in window"):
        frame.evaluate(axe)
    frame.evaluate(FADED)
    return [
        f"{fault['impact']} {fault['id']}: {node['html'][:160]} {node['failureSummary']}"
        for fault in frame.evaluate(AXE, rules)["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"][:2]
    ]
