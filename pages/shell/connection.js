// The line to the server, said in words in a place of its own. NiceGUI and socket.io do the reconnecting; this says
// so, asks sooner whether the line still stands, and never loads the page again while the server cannot be reached
// (the browser would show its own error instead of what is being written).
//
// A page that the server knows no more loads itself again, and one whose session ended goes to the sign-in: where
// one was (scroll, cursor) is kept in the tab, for the same person; what is typed is kept by its field.
import { h } from "vue";
const SILENCE = 5000; // milliseconds without a word of the server after which a gesture asks whether it is there
const PATIENCE = 4000; // milliseconds that it has to answer
const GRACE = 400;
const KEPT_FOR = 3600e3;
const WORDS = "Connexion perdue. Ce que vous écrivez est gardé.";
const BACK = "Connexion rétablie.";
export default {
  render() {
    const { cut, back, left } = this;
    const next = left > 0 ? `Nouvel essai dans ${left}\u00a0s.` : "Nouvel essai en cours…";
    return h("aside", { class: ["connection", { shown: cut || back, back }], "aria-label": "Connexion" }, [
      h("p", { role: "status" }, cut ? WORDS : back ? BACK : ""),
      cut ? h("p", next) : null,
      h("button", { type: "button", class: "button quiet", hidden: !cut, onClick: this.retry }, "Réessayer"),
    ]);
  },
  data() {
    return { cut: false, back: false, left: 0 };
  },
  mounted() {
    this.heard = Date.now();
    this.ours = new AbortController();
    const on = (target, names, hear) =>
      names.split(" ").forEach((name) => target.addEventListener(name, hear, { signal: this.ours.signal, capture: true, passive: true }));
    on(window, "offline", this.lose);
    on(window, "online pageshow", this.look);
    on(document, "visibilitychange resume", () => document.visibilityState === "visible" && this.look());
    on(document, "keydown pointerdown", () => Date.now() - this.heard > SILENCE && this.look());
    on(document, "submit", (event) => event.target.getAttribute("action") === "/deconnexion" && this.leave());
    on(window, "pagehide", this.keepPlace);
    this.takePlace();
    this.follow();
  },
  beforeUnmount() {
    this.ours.abort();
    clearInterval(this.ticking);
  },
  methods: {
    follow() {
      if (!window.socket) return setTimeout(this.follow, 10);
      const { io } = window.socket;
      io.timeout(8000);
      const duration = io.backoff.duration.bind(io.backoff);
      io.backoff.duration = () => {
        const wait = duration();
        this.next = Date.now() + wait;
        return wait;
      };
      io.on("reconnect_attempt", () => (this.next = 0));
      window.socket.onAny(() => (this.heard = Date.now()));
      window.socket.on("connect", this.find);
      window.socket.on("disconnect", (reason) => {
        this.lose();
        // It said where to go. Did the page hear it? Only one that is still here a moment later asks: to leave twice
        // for the same place has made Chromium 156 crash.
        if (reason === "io server disconnect") setTimeout(this.ask, 1500);
      });
      window.socket.off("connect_error"); // NiceGUI's loads the page again when the network is silent
      window.socket.on("connect_error", this.fail);
      if (!window.socket.connected && !window.did_handshake) this.starting = setTimeout(this.lose, PATIENCE);
    },
    fail(error) {
      if (error.message === "Implicit handshake failed") return location.reload(); // the server knows this page no more
      if (error.message === "timeout" && !window.did_handshake) window.socket.io.opts.transports = ["polling", "websocket"];
      this.lose();
      this.ask();
    },
    // Whether the session still lives, if the server can be reached at all.
    async ask() {
      const answer = await fetch("/session", { signal: AbortSignal.timeout(PATIENCE), cache: "no-store" }).catch(() => null);
      const here = encodeURIComponent(location.pathname + location.search);
      const handed = answer?.headers.get("X-Aplus-Handed"); // the screen is in an usager's hands, elsewhere
      if (answer?.status === 401) location.replace(`/connexion?suite=${here}&raison=fin`);
      else if (handed && handed !== location.pathname) location.replace(handed);
      else if (answer && !window.socket.active) window.socket.connect();
    },
    // A socket may stand for a minute on a line that is dead: a tablet that slept, a tunnel.
    look() {
      const { socket } = window;
      if (!socket || this.looking) return;
      if (!socket.connected) return this.cut && this.retry();
      this.looking = true;
      const { engine } = socket.io;
      const question = { client_id: window.clientId, next_message_id: window.nextMessageId };
      socket.timeout(PATIENCE).emit("ack", question, (silent) => {
        this.looking = false;
        if (!silent) this.find();
        else if (engine === socket.io.engine) engine.close();
      });
    },
    retry() {
      const { socket } = window;
      if (socket.connected) return this.look();
      this.next = 0;
      socket.io.opts.query.next_message_id = window.nextMessageId;
      socket.disconnect().connect();
    },
    lose() {
      this.losing ??= setTimeout(() => {
        if (navigator.onLine && window.socket?.connected) return (this.losing = null);
        this.cut = true;
        this.back = false;
        document.body.classList.add("is-cut");
        this.tick();
        this.ticking ??= setInterval(this.tick, 500);
      }, GRACE);
    },
    find() {
      this.heard = Date.now();
      clearTimeout(this.starting);
      if (!navigator.onLine || !window.socket.connected) return;
      clearTimeout(this.losing);
      clearInterval(this.ticking);
      this.losing = this.ticking = null;
      document.body.classList.remove("is-cut");
      if (!this.cut) return;
      this.cut = false;
      this.back = true;
      setTimeout(() => (this.back = false), 4000);
    },
    tick() {
      this.left = Math.max(0, Math.ceil(((this.next || 0) - Date.now()) / 1000));
    },
    // Signing out: this tab leaves by its form, and is not told to go elsewhere meanwhile.
    leave() {
      this.isLeaving = true;
      window.socket?.disconnect();
    },

    keepPlace() {
      if (this.isLeaving) return;
      const field = document.activeElement?.matches("textarea, input[type=text]") && document.activeElement;
      const boxes = [...document.querySelectorAll("[data-scroll]")].map((box) => {
        const top = box.getBoundingClientRect().top;
        const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
        const first = [...box.querySelectorAll("[data-key]")].find((item) => item.getBoundingClientRect().bottom > top);
        return first && box.scrollTop && !isAtEnd ? [first.dataset.key, first.getBoundingClientRect().top - top] : null;
      });
      window.aplusKept?.put("place", {
        at: Date.now(), address: location.pathname + location.search, boxes,
        field: field && this.label(field), caret: field && field.selectionStart,
      });
    },
    label(field) {
      return document.querySelector(`label[for="${field.id}"]`)?.textContent.trim();
    },
    takePlace() {
      const place = window.aplusKept?.get("place");
      window.aplusKept?.drop("place");
      if (!place || place.address !== location.pathname + location.search || Date.now() - place.at > KEPT_FOR) return;
      let frames = 0;
      const stop = new AbortController();
      ["keydown", "pointerdown", "wheel"].forEach((name) =>
        document.addEventListener(name, () => stop.abort(), { once: true, capture: true, signal: this.ours.signal }),
      );
      const put = () => {
        if (stop.signal.aborted || ++frames > 180) return;
        const field = place.field && [...document.querySelectorAll("textarea, input[type=text]")].find((one) => this.label(one) === place.field);
        if (frames < 6 || (place.field && !field)) return requestAnimationFrame(put);
        document.querySelectorAll("[data-scroll]").forEach((box, i) => {
          const item = place.boxes[i] && box.querySelector(`[data-key="${CSS.escape(place.boxes[i][0])}"]`);
          if (item) box.scrollTop += item.getBoundingClientRect().top - box.getBoundingClientRect().top - place.boxes[i][1];
        });
        if (!field) return;
        field.focus({ preventScroll: true });
        field.setSelectionRange(place.caret, place.caret);
      };
      requestAnimationFrame(put);
    },
  },
};
