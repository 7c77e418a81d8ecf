// Words that narrow a list as one types. They stay in this field and on the socket: never in the address. Escape or
// the cross empties it.
import { h } from "vue";
const PAUSE = 250;
let serial = 0;
export default {
  render() {
    const { id, current, shortcut } = this;
    const aside = shortcut ? h("kbd", { "aria-hidden": "true" }, shortcut) : null;
    return h("div", { class: "search", role: "search", "data-shortcut": shortcut || null }, [
      h("label", { for: id, class: "unseen" }, this.label),
      this.$slots.default?.(),
      h("input", {
        ref: "field", id, value: current, type: "text", enterkeyhint: "search", autocomplete: "off", spellcheck: "false",
        maxlength: 100, placeholder: "Rechercher", onInput: this.typed, onKeydown: this.key,
      }),
      current
        ? h("button", { type: "button", class: "clear", "aria-label": "Effacer les mots cherchés", onClick: this.empty }, "×")
        : aside,
    ]);
  },
  props: { label: String, shortcut: String, initial: String },
  data() {
    return { current: this.initial || "", id: `mots-${++serial}` };
  },
  beforeUnmount() {
    clearTimeout(this.timer);
  },
  methods: {
    typed(event) {
      this.current = event.target.value;
      this.later();
    },
    key(event) {
      if (event.key === "Escape") return this.escape(event);
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.send();
    },
    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(this.send, PAUSE);
    },
    send() {
      clearTimeout(this.timer);
      this.$emit("words", this.current);
    },
    put(words) {
      clearTimeout(this.timer);
      this.current = words;
    },
    empty() {
      this.current = "";
      this.$refs.field.focus();
      this.send();
    },
    escape(event) {
      if (!this.current || event.isComposing) return; // already empty: Escape leaves the field (keys.js)
      event.preventDefault();
      this.empty();
    },
  },
};
