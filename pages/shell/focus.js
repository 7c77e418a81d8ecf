// The focus is never lost: when what holds it goes away (a gesture that removes its own button, something live, a
// dialog whose button is gone), it moves to the place that what is left around names by data-refuge, or to its heading.
export default {
  template: `<span hidden></span>`,
  mounted() {
    this.path = [];
    this.took = (event) => (this.path = this.above(event.target));
    this.left = (event) => {
      const path = this.path;
      // Left by a click beside, not by going away.
      setTimeout(() => path === this.path && path[0]?.isConnected && document.activeElement === document.body && (this.path = []));
    };
    document.addEventListener("focusin", this.took);
    document.addEventListener("focusout", this.left);
    this.observer = new MutationObserver(this.keep);
    this.observer.observe(document.body, { childList: true, subtree: true });
  },
  beforeUnmount() {
    document.removeEventListener("focusin", this.took);
    document.removeEventListener("focusout", this.left);
    this.observer.disconnect();
  },
  methods: {
    above(node) {
      const path = [];
      for (let one = node; one && one !== document.body; one = one.parentElement) path.push(one);
      return path;
    },
    keep() {
      if (!this.path.length || this.path[0].isConnected || document.activeElement !== document.body) return;
      const left = this.path.find((one) => one.isConnected) || document.getElementById("contenu");
      this.path = [];
      const place = left?.closest("[data-refuge], dialog, .screen, main");
      if (!place) return;
      const targets = [...place.querySelectorAll(place.dataset.refuge || "h1, h2")];
      const target = targets.find((one) => one.checkVisibility({ visibilityProperty: true })) || place;
      if (target.tabIndex < 0) target.setAttribute("tabindex", "-1");
      target.focus({ preventScroll: true });
    },
  },
};
