// Moving from screen to screen without loading the page again: links and the browser's own back and forward.
// The address changes at the click, and so does the row that is marked as open; what is shown changes when the
// server has drawn it. Where that takes longer, its shape stands over the place: before that nothing flickers.
import { h } from "vue";
const PATIENCE = 300; // milliseconds
export default {
  render() {
    return h("div", { "aria-busy": this.busy ? "true" : null }, this.$slots.default?.());
  },
  props: { shapes: Object },
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
    this.onFound = () => this.busy && this.$emit("go", this.at); // a cut line may have swallowed it
    window.addEventListener("aplus:connected", this.onFound);
    document.addEventListener("click", this.onClick);
    window.addEventListener("popstate", this.onBack);
  },
  beforeUnmount() {
    window.removeEventListener("aplus:connected", this.onFound);
    document.removeEventListener("click", this.onClick);
    this.settle();
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
      this.settle();
      this.busy = true;
      this.point(href);
      this.waiting = setTimeout(() => this.wait(href), PATIENCE);
      document.getElementById("dits")?.querySelectorAll(".refused").forEach((said) => said.remove());
      this.at = href;
      this.$emit("go", href);
    },
    shown(href, title, focus) {
      if (href !== this.here()) return;
      this.settle();
      document.title = title;
      this.locate();
      this.$nextTick(() => this.put(focus));
    },
    failed(href) {
      if (href === this.here()) this.settle(); // it was said; the same link can be followed again
    },
    settle() {
      clearTimeout(this.waiting);
      this.busy = false;
      this.cover?.remove();
      this.cover = null;
    },
    point(href) {
      const { pathname } = new URL(href, location.href);
      this.$el.querySelectorAll(".rows [aria-current]").forEach((row) => row.removeAttribute("aria-current"));
      const rows = [...this.$el.querySelectorAll(".rows a[href]")];
      this.row = rows.find((row) => new URL(row.href).pathname === pathname);
      this.row?.setAttribute("aria-current", "true");
    },
    wait(href) {
      const isList = new URL(href, location.href).pathname === "/demandes";
      const pane = this.$el.querySelector(isList ? ".list-pane" : ".case-pane");
      const place = (this.row || isList) && pane?.offsetWidth ? pane : this.$el;
      this.cover = document.createElement("div");
      this.cover.className = "waits";
      this.cover.innerHTML = `<p role="status">Chargement…</p>${isList ? this.shapes.list : this.shapes.case}`;
      place.append(this.cover);
    },
    // The first of these places that there is; a heading is announced where it stands, a row is scrolled to.
    put(places) {
      const target = [places].flat().map((place) => place && document.querySelector(place)).find(Boolean);
      if (!target) return;
      if (target.tabIndex < 0) target.setAttribute("tabindex", "-1");
      target.focus({ preventScroll: target.tabIndex < 0 });
      return target;
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
        const target = this.put(selector);
        if (target) target.closest(".content").scrollTop = 0;
      });
    },
    reveal(selector) {
      this.$nextTick(() => document.querySelector(selector)?.scrollIntoView({ block: "nearest", inline: "center" }));
    },
    rename(href, isStep, from) {
      if (from !== this.here()) return; // one has gone elsewhere meanwhile
      if (isStep && href !== this.here()) history.pushState({}, "", href);
      else history.replaceState({}, "", href);
      this.at = href;
    },
  },
};
