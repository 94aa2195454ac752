"""A learner at the page of an exercise: what hands (tests.hands) do, with real clicks and real typing."""

import re

from playwright.sync_api import Frame, Locator

#: The kernel has nothing left to do: what was pressed has been answered.
IDLE = "jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status === 'idle'"


class PageLearner:
    """Presses, fills and reads in an exercise's frame. ``clicks``: how often something was pressed."""

    def __init__(self, frame: Frame):
        self.frame = frame
        self.clicks = 0

    def press(self, words: str, within: str = "") -> None:
        start = re.escape(words).replace(r"\ ", r"\s+")
        self._do(self._find("button:visible", rf"^\s*{start}\s*$", rf"^\s*{start}", within).click)
        self.clicks += 1

    def fill(self, label: str, value: object, within: str = "") -> None:
        exact = rf"^\s*{re.escape(label)}\s*$"
        fields = "label:visible, .widget-label-basic:visible, .widget-label:visible"
        field = self._find(fields, exact, exact, within).locator("xpath=ancestor-or-self::*[contains(@class,'em-')][1]")
        if field.locator("input[type=checkbox]").count():
            self._do(lambda: field.locator("input[type=checkbox]").set_checked(bool(value)))
        elif field.locator("select").count():
            self._do(lambda: self._choose(field.locator("select"), str(value)))
        elif field.locator("input[type=radio], .jupyter-button, .widget-toggle-button").count():
            wanted = re.compile(rf"^\s*{re.escape(str(value))}")
            self._do(field.locator("label:has(input), button").filter(has_text=wanted).first.click)
        else:
            typed = field.locator("textarea, input").first
            self._do(lambda: (typed.fill(str(value)), typed.blur()))

    def shows(self, words: str) -> bool:
        return self.frame.locator(f".simemr :visible:has-text('{words}')").count() > 0

    def _choose(self, select: Locator, start: str) -> None:
        # the widget writes its options with spaces that do not break
        words = [word.replace("\u00a0", " ") for word in select.locator("option").all_text_contents()]
        found = [n for n, word in enumerate(words) if word == start]
        found = found or [n for n, word in enumerate(words) if word.startswith(start)]
        assert len(found) == 1, f"{start!r} of {words}"
        select.select_option(index=found[0])

    def _find(self, css: str, exact: str, start: str, within: str) -> Locator:
        scope: Frame | Locator = self.frame
        if within:
            wanted = self.frame.locator(css).filter(has_text=re.compile(start))
            scope = self.frame.locator(".em-box:visible").filter(has_text=within).filter(has=wanted).last
        some = scope.locator(css).filter(has_text=re.compile(start))
        some.first.wait_for()
        only = scope.locator(css).filter(has_text=re.compile(exact))
        return only.first if only.count() else some.first

    def _do(self, act) -> None:
        act()
        self.frame.wait_for_timeout(20)
        self.frame.wait_for_function(IDLE)
