// The screen in the usager's hands: the size of the text, where the reading stands, and going back, which stays here
// without loading the page again. The lock is the server's (app/handing.py); nothing here keeps anybody out.
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
    this.onBack = () => this.isHeld && this.stand();
    window.addEventListener("popstate", this.onBack);
  },
  beforeUnmount() {
    window.removeEventListener("popstate", this.onBack);
  },
  methods: {
    // One entry of history more, that going back uses up: what is drawn in the box is not lost by a wrong gesture.
    stand() {
      history.pushState({ handed: true }, "", location.href);
    },
    hold() {
      if (this.isHeld) return;
      this.isHeld = true;
      this.stand();
    },
    leave(address) {
      this.isHeld = false;
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
