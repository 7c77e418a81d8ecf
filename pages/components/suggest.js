// What the letters typed in the field beside may mean, to be chosen by keys, finger or mouse. Anything else may
// be typed: it proposes and never insists. The field is told as if its own keys had been pressed.
let serial = 0;
export default {
  template: `<ul v-show="isOpen" :id="id" class="suggest" role="listbox" :aria-label="label">
      <li v-for="(one, n) in offered" :key="one.value + one.hint" :id="id + '-' + n" role="option" :aria-selected="n === at ? 'true' : 'false'"
          @pointerdown.prevent @click="pick(n)"><span>{{ one.value }}</span> <small>{{ one.hint }}</small></li></ul>`,
  props: { label: String },
  data() {
    return { id: `proposes-${++serial}`, offered: [], at: -1, wanted: false };
  },
  computed: {
    isOpen() {
      return this.wanted && this.offered.length > 0;
    },
  },
  watch: {
    isOpen: "show",
    at: "show",
  },
  mounted() {
    const input = (this.input = this.$el.parentElement.querySelector("input"));
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-controls": this.id, "aria-expanded": "false" };
    Object.entries(roles).forEach(([name, value]) => input.setAttribute(name, value));
    input.addEventListener("input", (event) => !event.picked && this.seek());
    input.addEventListener("keydown", this.keys);
    input.addEventListener("focus", () => input.select()); // what was guessed is typed over
    input.addEventListener("blur", (event) => event.isTrusted && this.close());
  },
  methods: {
    seek() {
      this.wanted = true;
      this.at = -1;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (window.aplusConnected?.() ?? true) && this.$emit("seek", this.input.value), 120);
    },
    offer(text, offered) {
      if (text !== this.input.value) return;
      this.offered = offered;
      this.$nextTick(() => this.isOpen && this.$el.scrollIntoView({ block: "nearest" }));
    },
    keys(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && this.offered.length) {
        this.wanted = true;
        const count = this.offered.length;
        this.at = (this.at + step + (this.at < 0 && step < 0 ? 1 : 0) + count) % count;
      } else if (event.key === "Enter" && this.isOpen && this.at >= 0) {
        this.pick(this.at);
      } else if (event.key === "Escape" && this.isOpen) {
        this.close();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },
    pick(n) {
      const { value, data } = this.offered[n];
      this.input.value = value;
      this.input.dispatchEvent(Object.assign(new Event("input", { bubbles: true }), { picked: true }));
      this.input.dispatchEvent(new Event("blur"));
      this.close();
      this.input.focus();
      this.$emit("picked", data);
    },
    close() {
      clearTimeout(this.timer);
      this.wanted = false;
      this.at = -1;
      this.offered = [];
    },
    show() {
      this.input.setAttribute("aria-expanded", this.isOpen ? "true" : "false");
      if (this.isOpen && this.at >= 0) this.input.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
      else this.input.removeAttribute("aria-activedescendant");
    },
  },
};
