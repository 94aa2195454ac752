// Lets what was open once open again without a connection. Runs in two service workers: before JupyterLite's own, for the frame that an
// exercise runs in, and by itself, for the pages of the course. With a connection nothing changes: each request goes out as it would
// without this, the browser's cache rules as ever, and no page is ever older than the server's.
// Kept: lessons, exercises and what they are made of. Never kept: anything that says who somebody is (see OURS).
{
  const SITE = new URL(registration.scope).pathname.replace(/lite\/$/, "");
  const STORE = `course:${SITE}`;
  const OURS = /^(|index\.html|(_static|_images|book|exercise|lite|notebooks|practice)\/(?!.*(api\/drive|api\/stdin|service-worker)).*)$/;
  const RUNTIME = `${SITE}lite/static/pyodide/`; // large, and under a new name in each version
  const seen = new Set(); // what was asked for while this worker ran

  const plain = (address) => address.split("#")[0];
  const isOurs = (url) => url.origin === location.origin && url.pathname.startsWith(SITE) && OURS.test(url.pathname.slice(SITE.length));

  async function fromServer(event) {
    const { request } = event;
    const answer = await fetch(request);
    // A page that is read is kept at once. What an exercise takes is kept when it runs, so as not to slow its start.
    const read = request.method === "GET" && answer.status === 200 && !answer.redirected;
    if (read && !new URL(request.url).pathname.startsWith(`${SITE}lite/`)) {
      const copy = answer.clone();
      event.waitUntil(caches.open(STORE).then((store) => store.put(plain(request.url), copy)).catch(() => {}));
    }
    return answer;
  }

  async function fromStore(request) {
    const kept = await caches.match(plain(request.url), { cacheName: STORE, ignoreVary: true });
    return kept ?? Response.error();
  }

  async function keep(addresses) {
    const store = await caches.open(STORE);
    const wanted = new Set([...addresses, ...seen].map(plain).filter((address) => isOurs(new URL(address))));
    seen.clear();
    const have = new Set((await store.keys()).map((request) => request.url));
    const runtime = [...have].filter((address) => new URL(address).pathname.startsWith(RUNTIME));
    // An exercise names all of it; a lesson names none.
    if ([...wanted].some((address) => new URL(address).pathname.startsWith(RUNTIME))) {
      for (const address of runtime) if (!wanted.has(address)) await store.delete(address);
    }
    for (const address of wanted) {
      if (have.has(address) && runtime.includes(address)) continue;
      // It has just been fetched, so it comes from the browser's cache and not over the network again.
      const answer = await fetch(address, { cache: "force-cache" }).catch(() => null);
      if (answer?.ok && !answer.redirected) await store.put(address, answer).catch(() => {}); // a full disk: then it is not kept
    }
  }

  addEventListener("install", () => skipWaiting());
  addEventListener("activate", (event) => event.waitUntil(clients.claim()));
  addEventListener("message", (event) => {
    if (event.data?.keep) event.waitUntil(keep(event.data.keep).then(() => event.ports[0]?.postMessage("kept")));
  });
  addEventListener("fetch", (event) => {
    const { request } = event;
    if (!["GET", "HEAD"].includes(request.method) || !isOurs(new URL(request.url))) return;
    if (request.method === "GET") seen.add(request.url);
    event.stopImmediatePropagation();
    event.respondWith(fromServer(event).catch(() => fromStore(request)));
  });
}
