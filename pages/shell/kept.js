// What is typed and not known to the server yet, kept in this tab for who is signed in: it outlives a reload,
// a killed server, a session that ends. Somebody else's is erased at once, everything at the sign-out.
(() => {
  const OURS = "aplus:";
  const mine = `${OURS}${document.currentScript.dataset.account}:`;
  const attempt = (what) => {
    try {
      return what();
    } catch {
      return null; // no storage, or a full one: what is typed still goes to the server
    }
  };
  const erase = (but) =>
    attempt(() =>
      Object.keys(sessionStorage)
        .filter((name) => name.startsWith(OURS) && !(but && name.startsWith(but)))
        .forEach((name) => sessionStorage.removeItem(name)),
    );
  window.aplusKept = {
    get: (name) => attempt(() => JSON.parse(sessionStorage.getItem(mine + name))),
    put: (name, entry) => attempt(() => sessionStorage.setItem(mine + name, JSON.stringify(entry))),
    drop: (name) => attempt(() => sessionStorage.removeItem(mine + name)),
  };
  erase(mine);
  const tabs = new BroadcastChannel("aplus-sign-out");
  tabs.onmessage = () => erase();
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") !== "/deconnexion") return;
    erase();
    tabs.postMessage("");
  });

  // Whether the server can be reached, and ``aplus:connected`` each time it can be again. What is said while the
  // line is cut is said then, in the order of the page: socket.io's own buffer would send it before the rest.
  window.aplusConnected = () => navigator.onLine && !!window.socket?.connected;
  const tell = () => window.dispatchEvent(new Event("aplus:connected"));
  const listen = () => {
    if (!window.socket) return setTimeout(listen, 10);
    window.socket.on("connect", tell);
    if (window.socket.connected) tell();
  };
  listen();
  window.addEventListener("online", () => window.aplusConnected() && tell()); // a socket may have outlived it
})();
