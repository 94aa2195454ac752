// Turns a practice's 'Start' button into the practice itself, in place. Loaded on every page, asks no other host.
(() => {
  "use strict";
  const root = document.documentElement.dataset.content_root || "./";

  const say = (practice, text) => {
    let line = practice.querySelector(":scope > .practice-fault");
    if (!line) {
      line = document.createElement("p");
      line.className = "practice-fault";
      line.setAttribute("role", "alert");
      practice.append(line);
    }
    line.textContent = text;
  };

  const start = async (practice, button) => {
    const { lesson, practice: name } = practice.dataset;
    const address = `${root}practice/${encodeURIComponent(lesson)}--${encodeURIComponent(name)}.html`;
    button.disabled = true;
    try {
      const answer = await fetch(address, { method: "HEAD" });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      button.disabled = false;
      say(practice, location.protocol === "file:"
        ? "Practices need the course's web address: they do not run from pages opened as files."
        : "This practice could not be reached. Try again in a moment.");
      return;
    }
    practice.querySelector(":scope > .practice-fault")?.remove();
    const frame = document.createElement("iframe");
    frame.className = "course-practice";
    frame.title = practice.querySelector(".q-ask, p")?.textContent.trim() || "Practice";
    frame.src = `${address}?start`;
    practice.append(frame);
    practice.dataset.started = "";
    frame.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".practice[data-lesson][data-practice] .practice-start");
    if (button && !button.disabled) start(button.closest(".practice"), button);
  });

  // The practice's page tells how tall it is: no scroll bar within a scroll bar.
  addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.data?.course !== "height") return;
    for (const frame of document.querySelectorAll("iframe.course-practice")) {
      if (frame.contentWindow === event.source) frame.style.height = `${Math.ceil(event.data.height)}px`;
    }
  });
})();
