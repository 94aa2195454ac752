// Turns a practice's 'Start' button into the practice itself, in place. Loaded on every page, asks no other host.
(() => {
  "use strict";
  const root = document.documentElement.dataset.content_root || "./";

  const say = (practice, text) => {
    let line = practice.querySelector(".practice-fault");
    if (!line) {
      line = document.createElement("p");
      line.className = "practice-fault";
      line.setAttribute("role", "alert");
      practice.append(line);
    }
    line.textContent = text;
  };

  // The frame is of the same origin, so it can be made as tall as what it shows: no scroll bar in a scroll bar.
  const fit = (frame) => {
    const inside = frame.contentDocument;
    if (!inside || !inside.body) return;
    const resize = () => { frame.style.height = `${Math.ceil(inside.documentElement.getBoundingClientRect().height)}px`; };
    new ResizeObserver(resize).observe(inside.documentElement);
    resize();
  };

  const start = async (practice, button) => {
    const { lesson, practice: name } = practice.dataset;
    const address = `${root}practice/${encodeURIComponent(lesson)}--${encodeURIComponent(name)}.html`;
    const wait = document.createElement("p");
    wait.className = "practice-wait";
    wait.setAttribute("role", "status");
    wait.textContent = "Getting ready…";
    button.disabled = true;
    practice.append(wait);
    try {
      const answer = await fetch(address, { method: "HEAD" });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      wait.remove();
      button.disabled = false;
      say(practice, location.protocol === "file:"
        ? "Practices need the course's web address: they do not run from pages opened as files."
        : "This practice could not be reached. Try again in a moment.");
      return;
    }
    practice.querySelector(".practice-fault")?.remove();
    const frame = document.createElement("iframe");
    frame.title = practice.querySelector("p, h3, h4")?.textContent.trim() || "Practice";
    frame.addEventListener("load", () => { wait.remove(); fit(frame); });
    frame.src = address;
    practice.dataset.started = "";
    button.replaceWith(frame);
    frame.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".practice[data-lesson][data-practice] button");
    if (button) start(button.closest(".practice"), button);
  });
})();
