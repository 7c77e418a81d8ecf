// Moving from screen to screen without loading the page again: links and the browser's own back and forward.
// The address changes at the click; what is shown changes when the server has drawn it.
export default {
  template: `<div :aria-busy="busy ? 'true' : null"><slot></slot></div>`,
  data() {
    return { busy: false };
  },
  mounted() {
    this.locate();
    this.onClick = (event) => {
      if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.target.closest("a[href]");
      if (!link || link.target || link.hasAttribute("download") || link.dataset.plain !== undefined) return;
      const href = link.getAttribute("href");
      if (!href.startsWith("/") || href.startsWith("//")) return;
      event.preventDefault();
      this.go(href);
    };
    this.at = this.here();
    this.onBack = () => this.here() !== this.at && this.show(this.here()); // not for a place in the same page
    // A session that ended while the tablet slept: its socket is refused for ever, so the page is asked for again.
    this.onRefused = async () => {
      const answer = await fetch(location.href, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer && answer.status === 401) location.reload();
    };
    window.socket?.on("connect_error", this.onRefused);
    document.addEventListener("click", this.onClick);
    window.addEventListener("popstate", this.onBack);
  },
  beforeUnmount() {
    window.socket?.off("connect_error", this.onRefused);
    document.removeEventListener("click", this.onClick);
    window.removeEventListener("popstate", this.onBack);
  },
  methods: {
    here() {
      return location.pathname + location.search;
    },
    go(href) {
      if (href !== this.here()) history.pushState({}, "", href);
      this.show(href);
    },
    show(href) {
      if (document.activeElement?.matches("input,textarea")) document.activeElement.dispatchEvent(new Event("blur"));
      this.busy = true;
      document.getElementById("dits")?.querySelectorAll(".refused").forEach((said) => said.remove());
      this.at = href;
      this.$emit("go", href);
    },
    shown(href, title, focus) {
      if (href !== this.here()) return;
      this.busy = false;
      document.title = title;
      this.locate();
      this.$nextTick(() => {
        const target = focus && document.querySelector(focus);
        if (!target) return;
        target.setAttribute("tabindex", "-1");
        target.focus({ preventScroll: true });
      });
    },
    locate() {
      const here = location.pathname;
      const links = [...document.querySelectorAll(".rail a[href]:not(.brand)")];
      const under = links.filter((link) => here.startsWith(link.getAttribute("href")));
      const most = links.find((link) => link.getAttribute("href") === here) || under.pop();
      links.forEach((link) => link.removeAttribute("aria-current"));
      if (most) most.setAttribute("aria-current", "page");
    },
    focus(selector) {
      this.$nextTick(() => {
        const target = document.querySelector(selector);
        if (!target) return;
        target.setAttribute("tabindex", "-1");
        target.focus({ preventScroll: true });
        target.closest(".content").scrollTop = 0;
      });
    },
    rename(href) {
      history.replaceState({}, "", href);
      this.at = href;
    },
  },
};
