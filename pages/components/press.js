// A button that says it is working and cannot be pressed twice. Pressed while the line is cut, it says so at
// once, and is heard when the line is back: its number makes it one press, however often it had to be said.
import { h } from "vue";
const SLOW = 6000;
const NEAR = "600px";
const CUT = "Connexion perdue. Ce que vous demandez se fera à son retour : gardez cette page ouverte.";
const LONG = "La réponse tarde : la connexion est lente ou perdue. Rien n’est perdu, gardez cette page ouverte.";
export default {
  render() {
    return h("button", { type: "button", "aria-busy": this.busy ? "true" : null, onClick: this.press }, this.$slots.default?.());
  },
  props: { eager: Boolean },
  data() {
    return { busy: 0 };
  },
  mounted() {
    this.presses = 0;
    window.addEventListener("aplus:connected", this.again);
    if (!this.eager) return;
    const root = this.$el.closest("[data-scroll]");
    this.near = new IntersectionObserver(([seen]) => seen.isIntersecting && this.$emit("near"), { root, rootMargin: NEAR });
    this.near.observe(this.$el);
  },
  beforeUnmount() {
    this.near?.disconnect();
    window.removeEventListener("aplus:connected", this.again);
    clearTimeout(this.slow);
  },
  methods: {
    press() {
      if (this.busy) return;
      if (document.activeElement?.matches("input,textarea")) document.activeElement.dispatchEvent(new Event("blur"));
      this.busy = ++this.presses;
      if (window.aplusConnected?.() ?? true) {
        this.$emit("press", this.busy);
        this.slow = setTimeout(() => window.aplusSay?.(LONG, "refused"), SLOW);
      } else {
        window.aplusSay(CUT, "refused");
      }
    },
    again() {
      if (this.busy) this.$emit("press", this.busy);
    },
    settle(number) {
      if (number && number !== this.busy) return;
      clearTimeout(this.slow);
      this.busy = 0;
    },
    focus() {
      this.$el.focus();
    },
  },
};
