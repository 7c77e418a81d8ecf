// The tablet in the usager's hands: nothing else is reachable. The tab remembers that it was handed over, so that
// going back, a reload or another address of the service lead here again (the frame's guard, pages/shell/layout.py),
// until the adviser has taken it back. Also the size of the text; full screen is asked for and may be refused.
const HANDED = "aplus-remis";
const SIZES = [0.85, 1, 1.2, 1.45, 1.75];
export default {
  template: `<main id="contenu" class="handed" :class="{ large: size > 1 }" :style="{ '--scale': scale }"><div class="handed-in">
      <div class="text-size" role="group" aria-label="Taille du texte">
        <button type="button" class="button" :aria-disabled="size === 0 ? 'true' : null" @click="resize(-1)" aria-label="Réduire le texte">A−</button>
        <button type="button" class="button" :aria-disabled="size === last ? 'true' : null" @click="resize(1)" aria-label="Agrandir le texte">A+</button>
      </div><slot></slot></div></main>`,
  data() {
    return { size: 1, last: SIZES.length - 1 };
  },
  computed: {
    scale() {
      return SIZES[this.size];
    },
  },
  mounted() {
    this.onBack = () => sessionStorage.getItem(HANDED) && this.stand();
    window.addEventListener("popstate", this.onBack);
  },
  beforeUnmount() {
    window.removeEventListener("popstate", this.onBack);
  },
  methods: {
    // One entry of history more, that going back uses up without leaving the page.
    stand() {
      history.pushState({ handed: true }, "", location.href);
    },
    hand() {
      sessionStorage.setItem(HANDED, location.pathname);
      this.stand();
    },
    takeBack(address) {
      sessionStorage.removeItem(HANDED);
      if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
      location.replace(address);
    },
    lead() {
      this.$nextTick(() => {
        const title = this.$el.querySelector("h1");
        title?.setAttribute("tabindex", "-1");
        title?.focus();
      });
    },
    resize(step) {
      this.size = Math.min(Math.max(this.size + step, 0), this.last);
    },
  },
};
