// What is chosen in the list beside this bar: boxes of its items ([data-pick]), their count, the gestures on them.
// The boxes stand in HTML that the server draws anew; what is chosen is kept here, by key.
import { h } from "vue";
export default {
  render() {
    const all = this.shown > 0 && this.keys.length === this.shown;
    return h("div", { class: "choosing", hidden: !this.on, role: "group", "aria-label": "Demandes choisies" }, [
      h("p", { role: "status", class: "chosen-count" }, this.on ? this.said : ""),
      h("button", { type: "button", class: "button plain", onClick: this.all }, all ? "Ne rien choisir" : this.more ? `Choisir les ${this.shown} affichées` : `Tout choisir (${this.shown})`),
      h("button", { type: "button", class: "button plain", "aria-label": "Ne plus choisir", title: "Ne plus choisir", onClick: this.end }, "×"),
      h("div", { class: "choosing-gestures" }, this.gestures.map((words) =>
        h("button", {
          type: "button", class: "button", disabled: !this.keys.length, "aria-busy": this.busy === words ? "true" : null,
          onClick: () => this.press(words),
        }, words),
      )),
    ]);
  },
  props: { gestures: Array, one: String, many: String, more: Boolean },
  data() {
    return { on: false, keys: [], shown: 0, busy: "", number: 0 };
  },
  computed: {
    said() {
      const n = this.keys.length;
      const rest = this.more && n && n === this.shown ? ". La liste continue\u00a0: affichez la suite pour choisir les autres." : "";
      return n > 1 ? `${n}\u00a0${this.many}${rest}` : n ? `1\u00a0${this.one}${rest}` : "Choisissez dans la liste";
    },
  },
  mounted() {
    this.pane = this.$el.parentElement;
    this.list = this.pane.querySelector("[data-walk]");
    this.pane.addEventListener("change", this.changed);
    this.pane.addEventListener("keydown", this.key);
    this.observer = new MutationObserver(this.look);
    this.observer.observe(this.list, { childList: true, subtree: true });
  },
  beforeUnmount() {
    this.observer.disconnect();
    this.pane.removeEventListener("change", this.changed);
    this.pane.removeEventListener("keydown", this.key);
  },
  methods: {
    boxes() {
      return [...this.list.querySelectorAll("[data-key] [data-pick]")];
    },
    keyOf(box) {
      return box.closest("[data-key]").dataset.key;
    },
    changed({ target }) {
      if (!target.matches("[data-pick]")) return;
      const key = this.keyOf(target);
      this.keys = this.keys.filter((one) => one !== key);
      if (target.checked) this.keys.push(key);
      this.begin();
    },
    key(event) {
      if (event.key !== "Escape" || !this.on || event.defaultPrevented) return;
      event.preventDefault();
      this.end();
    },
    begin() {
      this.on = true;
      this.pane.classList.add("choosing-mode");
      this.look();
    },
    end() {
      const held = this.$el.contains(document.activeElement) || document.activeElement?.matches("[data-pick]");
      const last = this.keys.at(-1);
      this.keys = [];
      this.on = false;
      this.pane.classList.remove("choosing-mode");
      this.look();
      if (!held) return;
      const item = last && this.list.querySelector(`[data-key="${CSS.escape(last)}"]`);
      (item || this.list).querySelector("a[href]")?.focus({ preventScroll: true });
    },
    all() {
      const keys = this.boxes().map(this.keyOf);
      this.keys = this.keys.length === keys.length ? [] : keys;
      this.look();
    },
    // The list was drawn anew or moved: its boxes say what is chosen, and what has left it is chosen no more.
    look() {
      const boxes = this.boxes();
      const there = new Set(boxes.map(this.keyOf));
      this.shown = there.size;
      if (this.keys.some((key) => !there.has(key))) this.keys = this.keys.filter((key) => there.has(key));
      for (const box of boxes) box.checked = this.keys.includes(this.keyOf(box));
    },
    press(gesture) {
      if (this.busy) return;
      if (!(window.aplusConnected?.() ?? true)) return window.aplusSay("Connexion perdue : rien n’a été fait.", "refused");
      this.busy = gesture;
      this.$emit("gesture", { gesture, keys: [...this.keys], number: ++this.number });
    },
    settle() {
      this.busy = "";
    },
  },
};
