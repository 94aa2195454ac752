// The exercise page: fetches the exercise, shows how far it is, runs it in a frame of JupyterLite and shows nothing else of it.

const settings = JSON.parse(document.getElementById("page-settings").textContent);
const root = new URL(settings.root, location.href).href;
const lite = new URL("lite/", root).href;
const frameStyle = new URL(settings.frameStyle, location.href).href;
const embedded = window.parent !== window;
const element = (id) => document.getElementById(id);
const LOCK = `course:${new URL(root).pathname}:${settings.slug}`;
const OPENING = `course:${new URL(root).pathname}:opening`;
const LEARNER = `course:learner:${new URL(root).pathname}`;
const VISITED = `course:visited:${new URL(root).pathname}`;
const NOTEBOOK_MB = 2; // what the frame fetches for itself, compressed
const HUNG = 15_000; // ms without progress after which an error seen in the frame is taken for the cause
const SLOWEST = 180_000; // ms until a start that shows no sign of life is called failed

let frame = null; // the frame of the running exercise
let release = null; // gives the lock back
let run = 0; // number of the current start; what belongs to an earlier one is ignored
let lastSign = 0; // when the start last moved on
let server = false; // whether there is a course server that knows the learner
let learner = ""; // who that is

class Trouble extends Error {
  constructor(text, detail = "") {
    super(text);
    this.detail = detail;
  }
}

// ---- what is on the screen --------------------------------------------------------------------------------------

function show(id) {
  for (const other of ["loading", "trouble", "offer"]) element(other).hidden = other !== id;
  tellHeight();
}

// How far the bar goes when each part of the start is done. The parts run beside each other, so the bar follows the least of them.
const PARTS = { fetched: 45, application: 55, notebook: 60, kernel: 88, cells: 97 };
let reached = 0;
let limit = 0;

function progress(percent, step) {
  reached = Math.max(reached, percent);
  lastSign = performance.now();
  limit = Math.min(...Object.values(PARTS).filter((end) => end > reached), 99);
  paint();
  if (step) element("step").textContent = step;
}

function done(part) {
  performance.mark(`course:${part}`); // for whoever measures the start
  if (part in PARTS) progress(PARTS[part], "");
}

function paint() {
  element("bar").value = reached;
  element("percent").textContent = `${Math.round(reached)} %`;
}

function say(step) {
  // Read out by a screen reader; the counting of megabytes is not.
  element("step").textContent = step;
  element("spoken").textContent = step;
}

setInterval(() => {
  // Between two signs of life the bar creeps, slower and slower.
  if (!element("loading").hidden && reached < limit) {
    reached += (limit - reached) * 0.02;
    paint();
  }
}, 200);

function offer(title, text, button) {
  element("offer-title").textContent = title;
  element("offer-text").textContent = text;
  element("offer-button").textContent = button;
  show("offer");
  return new Promise((resolve) => {
    element("offer-button").onclick = resolve;
  });
}

function trouble(title, text, button, act, detail = "") {
  document.body.classList.remove("ready");
  element("trouble-title").textContent = title;
  element("trouble-text").textContent = text;
  element("trouble-button").textContent = button;
  element("trouble-button").onclick = act;
  element("trouble-more").hidden = !detail;
  element("trouble-detail").textContent = detail;
  show("trouble");
  if (!embedded) element("trouble-button").focus();
}

function warn(text) {
  element("warning").textContent = text;
  element("warning").hidden = !text;
  tellHeight();
}

function tellHeight() {
  if (!embedded) return;
  const inside = document.body.classList.contains("ready") && frame ? frame.offsetHeight : element("start").offsetHeight;
  window.parent.postMessage({ course: "height", height: inside + element("warning").offsetHeight }, location.origin);
}

// ---- one writer -------------------------------------------------------------------------------------------------

const channel = "BroadcastChannel" in window ? new BroadcastChannel(LOCK) : null;
if (channel) {
  channel.onmessage = async (event) => {
    if (event.data === "give" && release) {
      await stop();
      trouble("You went on in another tab", "The exercise is now open there, with everything you saved. You can close this tab.", "Use it here instead", () => start(true));
    }
  };
}

function hold(options) {
  // Resolves with true once this tab is the one that writes, with false if another one is.
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(LOCK, options, (lock) => {
        if (!lock) return resolve(false);
        return new Promise((giveBack) => {
          release = giveBack;
          resolve(true);
        });
      })
      .catch(reject);
  });
}

async function becomeWriter(takeOver) {
  if (!navigator.locks) return; // without a secure connection there are no locks; see storageOf
  if (await hold({ ifAvailable: true })) return;
  if (!takeOver) {
    await offer("This exercise is open in another tab", "Your answers are written from one tab at a time. Go on in the other tab, or use the exercise here: the other tab then stops, and everything it saved is here.", "Use it here");
  }
  show("loading");
  channel?.postMessage("give");
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 6000);
  try {
    await hold({ signal: patience.signal });
  } catch {
    // The other tab does not answer: it hangs, or the browser has put it to sleep. Its lock is taken away from it.
    await hold({ steal: true });
  } finally {
    clearTimeout(timer);
  }
}

function turn() {
  // Two frames that start at once in a fresh browser both make JupyterLite's database, and one of them fails: each waits for the one
  // before it, but not for ever. Resolves with a function that gives the turn back.
  return new Promise((resolve) => {
    if (!navigator.locks) return resolve(() => {});
    const patience = new AbortController();
    setTimeout(() => patience.abort(), 20_000);
    navigator.locks
      .request(OPENING, { signal: patience.signal }, () => new Promise((giveBack) => resolve(giveBack)))
      .catch(() => resolve(() => {}));
  });
}

// ---- what this browser can keep ---------------------------------------------------------------------------------

function canKeep() {
  return new Promise((resolve) => {
    try {
      const name = "course storage test";
      const opening = indexedDB.open(name, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("test");
      opening.onerror = () => resolve(false);
      opening.onblocked = () => resolve(false);
      opening.onsuccess = () => {
        const database = opening.result;
        try {
          const writing = database.transaction("test", "readwrite");
          writing.objectStore("test").put("x".repeat(50_000), "test"); // more than an answer log
          writing.oncomplete = () => finish(true);
          writing.onabort = writing.onerror = () => finish(false);
        } catch {
          finish(false);
        }
        function finish(kept) {
          database.close();
          indexedDB.deleteDatabase(name);
          resolve(kept);
        }
      };
    } catch {
      resolve(false);
    }
  });
}

let liteWorker = null; // JupyterLite's service worker, once it runs

async function startServiceWorker(list) {
  // Lets the kernel's files be the browser's. JupyterLite would start it by itself, but only after the kernel may have begun.
  if (!navigator.serviceWorker) return; // no secure connection, or a rule of the hospital's
  try {
    const address = `${lite}service-worker.js?enableCache=false`;
    localStorage.setItem(`${address}-version`, list.version);
    const registration = await navigator.serviceWorker.register(address);
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    const active = new Promise((resolve) => {
      if (registration.active) resolve();
      worker.addEventListener("statechange", () => worker.state === "activated" && resolve());
    });
    await Promise.race([active, pause(5000)]);
    liteWorker = registration.active;
  } catch (error) {
    console.info("No service worker:", error); // a private window, for instance; see the Keeper
  }
}

async function keepForOffline(list) {
  // Once all is there: tells the service workers (offline.js) what it took, so that the exercise opens without a connection, too.
  if (!liteWorker) return;
  try {
    await navigator.serviceWorker.register(`${root}offline.js`);
    const fetched = (page) => page.performance.getEntriesByType("resource").map((entry) => entry.name);
    const files = ["manifest.json", ...list.files.map((file) => file.path)].map((path) => lite + path);
    const keep = [location.href, frame.src, ...files, ...fetched(window), ...fetched(frame.contentWindow)];
    if (embedded) keep.push(window.parent.location.href, ...fetched(window.parent)); // the lesson that it stands in
    const answer = new MessageChannel();
    answer.port1.onmessage = () => (document.body.dataset.kept = "");
    liteWorker.postMessage({ keep }, [answer.port2]);
  } catch (error) {
    console.info("Not kept for later:", error);
  }
}

// The kernel's files go to the browser's storage, or, where they cannot, this page copies them there.
class Keeper {
  constructor(app, kernel, folder) {
    this.contents = app.serviceManager.contents;
    this.save = this.contents.saveOrFail; // see answerAlways
    this.kernel = kernel;
    this.folder = folder;
    this.stamps = {}; // of the files as they are kept: a file can change and be as long as before
    this.rested = 0; // how often the kernel has come to rest, and how often it had when the files were last looked at
    this.seen = 0;
    this.pulling = false;
  }

  async restore() {
    const listed = await this.contents.get(this.folder + "answers", { content: true }).catch(() => ({ content: [] }));
    for (const file of listed.content ?? []) {
      const { content } = await this.contents.get(file.path, { content: true, type: "file", format: "text" });
      await silently(this.kernel, `import os\nos.makedirs("answers", exist_ok=True)\nopen("answers/" + ${python(file.name)}, "w", encoding="utf-8").write(${python(content)})`);
    }
  }

  watch() {
    this.kernel.statusChanged.connect((_, status) => {
      if (status !== "idle") return;
      this.rested++;
      this.pull();
    });
    addEventListener("beforeunload", (event) => {
      if (this.rested > this.seen && !this.kernel.isDisposed) event.preventDefault();
    });
  }

  async pull() {
    if (this.pulling) return;
    this.pulling = true;
    while (this.rested > this.seen && !this.kernel.isDisposed) {
      await pause(50); // one look for a burst of events
      const before = this.rested;
      try {
        await this.copy();
      } catch (error) {
        console.error(error);
        warn("Your answers could not be kept in this browser. Hand in, or save the hand-in file, before you close this page.");
      }
      this.seen = before + 1; // looking has itself brought the kernel to rest once
    }
    this.pulling = false;
  }

  async copy() {
    const changed = JSON.parse(await silently(this.kernel, `import json as _j, os as _o
_k = _j.loads(${python(JSON.stringify(this.stamps))})
_n = [n for n in (_o.listdir("answers") if _o.path.isdir("answers") else []) if n.endswith((".jsonl", ".txt"))]
_s = {n: [_o.stat("answers/" + n).st_size, _o.stat("answers/" + n).st_mtime] for n in _n}
print(_j.dumps({n: [s, open("answers/" + n, encoding="utf-8").read()] for n, s in _s.items() if s != _k.get(n)}))
del _j, _o, _k, _n, _s`));
    for (const [name, [stamp, content]] of Object.entries(changed)) {
      await this.folders();
      await this.save(`${this.folder}answers/${name}`, { type: "file", format: "text", content });
      this.stamps[name] = stamp;
    }
    if (Object.keys(changed).length) warn("");
  }

  async folders() {
    for (const path of this.folder ? [this.folder.slice(0, -1), `${this.folder}answers`] : ["answers"]) {
      try {
        await this.contents.get(path, { content: false });
      } catch {
        await this.save(path, { type: "directory", name: path.split("/").pop(), content: [], format: "json" });
      }
    }
  }
}

function answerAlways(contents) {
  // JupyterLite leaves the kernel waiting for ever when a write fails, on a full disk for instance. With an answer the kernel goes on,
  // sees that the file has not grown, and says so.
  const save = contents.save.bind(contents);
  contents.saveOrFail = save;
  contents.save = async (path, options) => {
    try {
      return await save(path, options);
    } catch (error) {
      console.error(error);
      return { name: path.split("/").pop(), path, type: options?.type ?? "file", content: null, format: null, mimetype: "", writable: true, created: "", last_modified: "" };
    }
  };
}

// A Python text literal: JSON's escapes are Python's too.
const python = (text) => JSON.stringify(text);

// ---- fetching ---------------------------------------------------------------------------------------------------

async function manifest() {
  try {
    const answer = await fetch(`${lite}manifest.json`, { cache: "no-cache" });
    if (answer.status === 401 || answer.status === 403) throw new Trouble("You are not signed in to the course any more: open your personal link again.");
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
    return await answer.json();
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble("The course could not be reached.", String(error));
  }
}

async function fetchAll(list, mine) {
  // The kernel asks for the same files a little later and finds them in the browser's cache. Fetching them here, at once and
  // beside the rest of the start, saves time and lets the page say how far it is.
  const size = (bytes) => (bytes / 1e6).toFixed(1);
  let got = 0;
  const one = async (file) => {
    const answer = await fetch(lite + file.path);
    if (!answer.ok) throw new Trouble("A part of the exercise could not be fetched.", `${answer.status} ${answer.url}`);
    const reader = answer.body.getReader();
    for (let seen = 0; ; ) {
      const { done: ended, value } = await reader.read();
      if (mine !== run) return reader.cancel();
      if (ended) {
        got += file.bytes - seen;
      } else {
        // What arrives is counted unpacked, what is told is what travels.
        const part = Math.min(file.bytes - seen, (value.length * file.bytes) / file.unpacked);
        seen += part;
        got += part;
      }
      if (got < list.bytes - 1) progress((PARTS.fetched * got) / list.bytes, `Fetching the exercise: ${size(got)} of ${size(list.bytes)} MB`);
      if (ended) return;
    }
  };
  try {
    await Promise.all(list.files.map(one));
    done("fetched");
    say("Starting the simulated record");
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble("The connection was lost while the exercise was being fetched.", String(error));
  }
}

// ---- the frame --------------------------------------------------------------------------------------------------

function openFrame() {
  frame = document.createElement("iframe");
  frame.title = settings.title;
  // Where the server isolates its pages, the kernel would use another way to its files, which now and then hangs at the start.
  frame.allow = "cross-origin-isolated 'none'";
  frame.src = `${lite}notebooks/index.html?path=${encodeURIComponent(settings.notebook)}`;
  element("stage").replaceChildren(frame);
  return frame;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(mine, find, ms = 50) {
  for (;;) {
    if (mine !== run) throw new Error("superseded");
    const found = find();
    if (found) return found;
    await pause(ms);
  }
}

async function application(mine) {
  const app = await until(mine, () => frame.contentWindow?.jupyterapp, 20);
  done("exposed");
  answerAlways(app.serviceManager.contents);
  startKernel(app, mine).catch((error) => console.info("The kernel starts with the notebook:", error));
  // No key and no menu of the notebook's own may act on the exercise: 'd d' would delete it.
  app.commands.processKeydownEvent = () => {};
  frame.contentDocument.addEventListener("contextmenu", (event) => event.stopPropagation(), true);
  style(frame.contentDocument);
  await app.restored;
  return app;
}

function style(inside) {
  const link = inside.createElement("link");
  link.rel = "stylesheet";
  link.href = frameStyle;
  inside.head.append(link);
  inside.documentElement.lang = "en-GB";
  inside.documentElement.classList.toggle("course-embedded", embedded);
}

async function startKernel(app, mine) {
  // Before the notebook is there: the slow part of the start then runs beside the rest. The notebook finds this session by its name.
  await app.serviceManager.ready;
  const options = { path: settings.notebook, name: settings.notebook, type: "notebook", kernel: { name: "python" } };
  // JupyterLite says what kernels there are before it can start one.
  while (mine === run && !app.shell.currentWidget && frame.contentWindow.navigator.serviceWorker?.controller) {
    try {
      // This connection only starts it: the widgets talk through the notebook's own.
      return await app.serviceManager.sessions.startNew(options, { kernelConnectionOptions: { handleComms: false } });
    } catch (error) {
      if (!String(error).includes("No factory")) throw error;
      await pause(20);
    }
  }
}

async function notebook(app, mine) {
  const panel = await until(mine, () => app.shell.currentWidget?.context && app.shell.currentWidget);
  await panel.context.ready;
  return panel;
}

async function isPublished(panel) {
  // A copy that was once saved in this browser would hide the notebook of an upgraded course.
  const answer = await fetch(`${lite}files/${settings.notebook}`, { cache: "no-cache" });
  if (!answer.ok) throw new Trouble("The course has no such exercise.", `${answer.status} ${answer.url}`);
  const cells = (book) => JSON.stringify(book.cells.map((cell) => [cell.cell_type, [].concat(cell.source).join("")]));
  return cells(await answer.json()) === cells(panel.context.model.toJSON());
}

async function silently(kernel, code) {
  // Runs code that shows nothing; returns what it printed.
  let printed = "";
  const future = kernel.requestExecute({ code, silent: true, store_history: false, stop_on_error: false });
  future.onIOPub = (message) => {
    if (message.header.msg_type === "stream") printed += message.content.text;
  };
  const reply = await future.done;
  if (reply.content.status === "error") throw new Trouble("The exercise could not be started.", `${reply.content.ename}: ${reply.content.evalue}`);
  return printed;
}

function faultOf(panel) {
  for (const cell of panel.context.model.toJSON().cells) {
    for (const output of cell.outputs ?? []) {
      if (output.output_type === "error") return `${output.ename}: ${output.evalue}\n${(output.traceback ?? []).join("\n").replace(/\x1b\[[0-9;]*m/g, "")}`;
    }
  }
  return "";
}

function lay(inside, panel) {
  // Marks the way from the page down to each shown cell; everything else in the frame is hidden.
  const shown = panel.content.widgets.filter((cell) => (cell.model.type === "code" ? cell.outputArea?.node.querySelector(".jp-OutputArea-output") : settings.text));
  for (const cell of shown) {
    const leaves = cell.model.type === "code" ? cell.outputArea.node.querySelectorAll(".jp-OutputArea-output") : cell.node.querySelectorAll(".jp-MarkdownOutput");
    for (const leaf of leaves) {
      leaf.classList.add("course-leaf");
      for (let step = leaf; step && step !== inside.documentElement; step = step.parentElement) step.classList.add("course-flow");
    }
  }
  return shown.length;
}

function mend(inside) {
  // Jupyter names parts of its page for a notebook that nobody sees any more; a screen reader would read those names out.
  for (const part of inside.querySelectorAll(".course-flow:not(body)")) {
    for (const name of ["role", "aria-label", "aria-labelledby", "aria-roledescription", "tabindex"]) {
      if (part.hasAttribute(name) && part.getAttribute(name) !== "main") part.removeAttribute(name);
    }
  }
  if (inside.documentElement.lang !== "en-GB") inside.documentElement.lang = "en-GB";
}

function keepLaid(inside, panel) {
  let due = false;
  const again = () => {
    due = false;
    lay(inside, panel);
    mend(inside);
    if (embedded) fit(inside);
  };
  const later = () => {
    if (!due) {
      due = true;
      requestAnimationFrame(again);
    }
  };
  new MutationObserver(later).observe(inside.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["role", "tabindex", "aria-label"] });
  if (embedded) new ResizeObserver(later).observe(inside.body);
  again();
}

function fit(inside) {
  const height = Math.ceil(inside.body.getBoundingClientRect().height);
  if (frame && height > 40 && frame.style.height !== `${height}px`) {
    frame.style.height = `${height}px`;
    tellHeight();
  }
}

// ---- start and stop ---------------------------------------------------------------------------------------------

async function start(takeOver = false) {
  const mine = ++run;
  warn("");
  show("loading");
  reached = 0;
  progress(0, "");
  say("Starting");
  element("why").textContent = "";
  try {
    await becomeWriter(takeOver);
    const [keeps, list, learners] = await Promise.all([canKeep(), manifest(), learnersFolder()]);
    // Two practices of a lesson may be open at once, each with a kernel of its own: they never write in one file.
    const folder = settings.kind === "exercise" ? learners : `${learners.replace("/", "-")}${settings.slug}/`;
    if (!keeps) {
      await offer("This browser keeps nothing", "A private window, a full disk or a rule of this computer stops the page from keeping your answers. You can do the exercise and hand it in, or save it as a hand-in file, but if you close the page before that, your answers are lost.", "Do the exercise anyway");
      show("loading");
    }
    explain(list);
    const fetched = fetchAll(list, mine);
    await Promise.race([startServiceWorker(list), fetched.then(() => pause(60_000))]);
    const giveBack = await turn();
    try {
      if (mine !== run) return;
      openFrame();
      await Promise.race([Promise.all([fetched, begin(mine, keeps, folder)]), watchdog(mine)]);
    } finally {
      giveBack();
    }
    if (mine !== run) return;
    remember(VISITED, "1");
    reveal(keeps);
    keepForOffline(list);
  } catch (error) {
    if (mine !== run) return;
    await stop();
    failed(error);
  }
}

async function watchdog(mine) {
  // A kernel that cannot start leaves nothing but an unhandled error in the frame.
  let suspect = null;
  while (mine === run && !document.body.classList.contains("ready")) {
    await pause(500);
    const inside = frame?.contentWindow;
    if (inside && !inside.courseWatched) {
      inside.courseWatched = true;
      inside.addEventListener("unhandledrejection", (event) => (suspect = { text: String(event.reason), at: performance.now() }));
    }
    const quiet = performance.now() - Math.max(lastSign, suspect?.at ?? 0);
    if (suspect && quiet > HUNG) throw new Trouble("The exercise could not be started.", suspect.text);
    if (quiet > SLOWEST) throw new Trouble("The exercise did not start within three minutes.");
  }
  return new Promise(() => {});
}

async function begin(mine, keeps, folder) {
  let app = await application(mine);
  done("application");
  let panel = await notebook(app, mine);
  if (!(await isPublished(panel))) {
    await app.serviceManager.contents.delete(settings.notebook).catch(() => {});
    openFrame();
    app = await application(mine);
    panel = await notebook(app, mine);
  }
  done("notebook");
  await panel.sessionContext.ready;
  const kernel = await until(mine, () => panel.sessionContext.session?.kernel);
  watchKernel(panel, mine);
  await kernel.info;
  const storage = await tellPlace(kernel, keeps, folder);
  if (storage === "page") {
    const keeper = new Keeper(app, kernel, folder);
    await keeper.restore();
    keeper.watch();
  }
  if (server && settings.kind === "exercise") await goOn(kernel);
  done("kernel");
  say("Opening the exercise");
  await app.commands.execute("notebook:run-all-cells");
  done("cells");
  const fault = faultOf(panel);
  if (fault) throw new Trouble("The exercise could not be opened.", fault);
  await until(mine, () => lay(frame.contentDocument, panel));
  // Widgets draw themselves a moment after the cell has run.
  await until(mine, () => [...frame.contentDocument.querySelectorAll(".course-leaf")].some((leaf) => leaf.offsetHeight > 40 && leaf.innerText.trim()));
  keepLaid(frame.contentDocument, panel);
}

async function tellPlace(kernel, keeps, folder) {
  // Tells the learner's package where it is, and finds out by trying whether a file it writes is kept.
  const told = await silently(kernel, `
import os as _os, sys as _sys
# The kernel puts an empty module in the place of one that no browser has; code that looks before it locks a file would be misled.
_sys.modules["fcntl"] = None
import simemr.place as _place
_place.site_root = ${python(root)}
_place.server = ${server ? "True" : "False"}
_place.learner = ${python(learner)}
_place.home = ${python(new URL(settings.home, location.href).href)}
def _kept():
    try:
        _os.makedirs("/drive/" + ${python(folder)}, exist_ok=True)
        _os.chdir("/drive/" + ${python(folder)})
        with open(".kept", "w") as _file:
            _file.write("kept")
        return _os.stat(".kept").st_size == 4
    except OSError:
        return False
if _os.path.isdir("/drive") and _kept():
    _place.storage = "browser"
else:
    _os.makedirs("/home/pyodide", exist_ok=True)
    _os.chdir("/home/pyodide")
    _place.storage = ${python(keeps ? "page" : "none")}
print(_place.storage)
del _os, _sys, _place, _kept`);
  return told.trim();
}

async function goOn(kernel) {
  // What this browser has comes first. Where it has nothing, the exercise goes on from what the learner did at another computer.
  const path = python(`answers/${settings.slug}.jsonl`);
  if ((await silently(kernel, `import os as _os\nprint(_os.path.exists(${path}))\ndel _os`)).trim() === "True") return;
  let log;
  try {
    const answer = await fetch(`${root}api/log?exercise=${encodeURIComponent(settings.slug)}`, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.status === 404) return;
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
    ({ log } = await answer.json());
  } catch (error) {
    // Beginning anew would leave the learner with two attempts that do not fit together.
    throw new Trouble("Your earlier answers could not be fetched from the course.", String(error));
  }
  if (log) await silently(kernel, `import os as _os\n_os.makedirs("answers", exist_ok=True)\nwith open(${path}, "w", encoding="utf-8", newline="") as _file:\n    _file.write(${python(log)})\ndel _os, _file`);
}

async function learnersFolder() {
  // On a shared computer each learner known to the course has a folder of their own.
  try {
    const answer = await fetch(`${root}api/me`, { headers: { Accept: "application/json" } });
    const me = answer.ok ? await answer.json().catch(() => ({})) : {};
    learner = me.server && me.learner ? String(me.learner) : ""; // else there is no course server: files only
    remember(LEARNER, learner);
  } catch {
    // No connection: whoever it was last time goes on, and what they do is sent later.
    learner = remembered(LEARNER) ?? "";
  }
  server = Boolean(learner);
  return server ? `learner-${await shortDigest(learner)}/` : "";
}

async function shortDigest(text) {
  const bytes = new TextEncoder().encode(text);
  if (crypto.subtle) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...hash.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""); // no secure connection: the name itself, spelt in digits
}

function watchKernel(panel, mine) {
  panel.sessionContext.statusChanged.connect((_, status) => {
    if (mine === run && (status === "dead" || status === "autorestarting")) {
      stop().then(() => failed(new Trouble("The exercise stopped working.", `kernel ${status}`)));
    }
  });
}

function explain(list) {
  const first = !remembered(VISITED);
  element("why").textContent = first
    ? `On a first visit this computer fetches about ${Math.ceil(list.bytes / 1e6) + NOTEBOOK_MB} MB. That takes some 10 to 30 seconds; later visits are quicker. Nothing is installed, and you can read your task meanwhile.`
    : "You can read your task meanwhile.";
}

function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // nothing that the exercise could not do without
  }
}

function reveal(keeps) {
  say("Ready");
  if (!keeps) warn("This browser keeps nothing: hand in, or save the hand-in file, before you close this page.");
  document.body.classList.add("ready");
  if (embedded) {
    fit(frame.contentDocument);
    tellHeight();
    return;
  }
  frame.focus();
  focusInside(frame.contentDocument);
}

function focusInside(inside) {
  const first = inside.querySelector(".course-leaf :is(h1, h2, h3, [role=heading])") ?? inside.querySelector(".course-leaf");
  if (!first) return;
  if (!first.hasAttribute("tabindex")) first.setAttribute("tabindex", "-1");
  first.classList.add("course-start"); // has the focus to begin with, so needs no ring
  first.focus({ preventScroll: true });
  inside.defaultView.scrollTo(0, 0);
}

function failed(error) {
  console.error(error);
  const text = error instanceof Trouble ? error.message : "The exercise could not be started.";
  trouble(text, "Everything that was saved is still there. Check your connection, then try again; if it fails again, tell your trainer.", "Try again", () => start(), error.detail || String(error.stack ?? error));
}

async function stop() {
  // Writing is done in one go inside the kernel, so an idle kernel has nothing half written.
  run++;
  const kernel = frame?.contentWindow?.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
  for (let waited = 0; kernel?.status === "busy" && waited < 2000; waited += 50) await pause(50);
  frame?.remove();
  frame = null;
  document.body.classList.remove("ready");
  release?.();
  release = null;
}

if (embedded) document.body.classList.add("embedded");
if (settings.kind === "exercise" || new URLSearchParams(location.search).has("start")) {
  start();
} else {
  await offer(settings.title, "Practise in the simulated record. The first time, this fetches about 10 MB and takes some seconds.", "Start");
  start();
}
