// The line between two panes: drag it, or move it with the arrows. What is chosen stays in this browser.
import { h } from "vue";
const STEP = 16;
export default {
  render() {
    return h("div", {
      role: "separator", tabindex: 0, "aria-orientation": "vertical", "aria-label": this.label,
      "aria-valuenow": this.now, "aria-valuemin": this.least, "aria-valuemax": this.limit, "aria-valuetext": `${this.now} pixels`,
      onKeydown: this.key, onDblclick: this.reset,
      onPointerdown: this.take, onPointermove: this.drag, onPointerup: this.drop, onPointercancel: this.drop,
    });
  },
  props: {
    name: String, label: String, grows: String, store: String,
    initial: Number, least: Number, most: Number, share: Number,
  },
  data() {
    return { now: this.initial, limit: this.most, from: null };
  },
  mounted() {
    const kept = this.kept()[this.name];
    this.fit();
    if (Number.isFinite(kept)) this.show(kept);
    window.addEventListener("resize", this.fit);
  },
  beforeUnmount() {
    window.removeEventListener("resize", this.fit);
  },
  methods: {
    fit() {
      this.limit = Math.max(this.least, Math.min(this.most, Math.floor(window.innerWidth * this.share)));
    },
    show(width) {
      this.now = Math.round(Math.max(this.least, Math.min(this.limit, width)));
      document.documentElement.style.setProperty(`--pane-${this.name}`, `${this.now}px`);
    },
    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const way = this.grows === "left" ? -1 : 1;
      const widths = {
        ArrowLeft: this.now - STEP * way, ArrowRight: this.now + STEP * way,
        Home: this.least, End: this.limit, Enter: this.initial,
      };
      if (!(event.key in widths)) return;
      event.preventDefault();
      this.show(widths[event.key]);
      this.keep();
    },
    reset() {
      this.show(this.initial);
      this.keep();
    },
    take(event) {
      if (event.button) return;
      event.preventDefault(); // no text is selected on the way
      this.$el.setPointerCapture(event.pointerId);
      this.$el.focus();
      this.from = { x: event.clientX, width: this.now };
    },
    drag(event) {
      if (!this.from) return;
      const way = this.grows === "left" ? -1 : 1;
      this.show(this.from.width + (event.clientX - this.from.x) * way);
    },
    drop() {
      if (!this.from) return;
      this.from = null;
      this.keep();
    },
    kept() {
      try {
        return JSON.parse(localStorage.getItem(this.store)) || {};
      } catch {
        return {};
      }
    },
    keep() {
      try {
        localStorage.setItem(this.store, JSON.stringify({ ...this.kept(), [this.name]: this.now }));
      } catch {} // a browser that keeps nothing still shows it
    },
  },
};
