// Single keys, for those who want them. A key presses a control that is shown and carries it (data-shortcut), so
// that nothing can be done by keys alone and the rights are those of the control; j and k walk the rows of
// [data-walk]. None acts while one types, with a modifier, or over a dialog. Letters, not places on the keyboard.
import { h } from "vue";
const PATIENCE = 1500; // milliseconds between «g» and the letter of the place
const FIELDS = "input, textarea, select, [contenteditable]:not([contenteditable='false'])";
const EVERYWHERE = "Sur tous vos appareils. Ils n’agissent jamais pendant que vous écrivez.";
const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
const shown = (one) => one.checkVisibility({ visibilityProperty: true });
export default {
  render() {
    return h("dialog", { ref: "dialog", class: "dialog keys", "aria-labelledby": "touches", onClick: this.outside }, [
      h("h2", { id: "touches", tabindex: -1, ref: "title" }, "Raccourcis clavier"),
      h("label", { class: "choice" }, [
        h("input", { type: "checkbox", checked: this.active, onChange: this.want }),
        h("span", ["Utiliser les raccourcis", h("small", EVERYWHERE)]),
      ]),
      this.parts.map((part) =>
        h("section", { class: { off: !this.active } }, [h("h3", part.title), h("dl", part.lines.map(this.line))]),
      ),
      h("div", { class: "dialog-buttons" }, [h("button", { type: "button", class: "button", onClick: this.close }, "Fermer")]),
    ]);
  },
  props: { on: Boolean, parts: Array },
  data() {
    return { active: this.on };
  },
  watch: {
    on(value) {
      this.active = value;
    },
    active() {
      this.tell();
    },
  },
  mounted() {
    document.addEventListener("keydown", this.hear);
    document.addEventListener("click", this.asked);
    this.observer = new MutationObserver(this.tell);
    this.observer.observe(document.body, { childList: true, subtree: true });
    this.tell();
  },
  beforeUnmount() {
    document.removeEventListener("keydown", this.hear);
    document.removeEventListener("click", this.asked);
    this.observer.disconnect();
  },
  methods: {
    line({ keys, between, words }) {
      const shown = keys.flatMap((key, i) => [i ? h("span", ` ${between} `) : null, h("kbd", key)]);
      return h("div", [h("dt", shown), h("dd", words)]);
    },
    hear(event) {
      if (!this.active || event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (event.key === "Escape") return this.back(event);
      if (event.target.closest?.(FIELDS)) return;
      const letter = /^\p{L}$/u.test(event.key);
      if (letter && event.shiftKey) return;
      const key = letter ? event.key.toLowerCase() : event.key;
      const after = performance.now() - (this.startedAt ?? -Infinity) < PATIENCE ? "g" : "";
      this.startedAt = undefined;
      if (!after && key in STEPS) return this.walk(event, STEPS[key], letter);
      if (event.repeat) return;
      if (!after && key === "g") this.startedAt = performance.now();
      else if (!after && key === "?") this.take(event, this.open);
      else if (!after && key === "x") this.pick(event);
      else this.press(event, after + key);
    },
    take(event, act) {
      event.preventDefault();
      act();
    },
    press(event, keys) {
      if (!/^\S+$/.test(keys)) return;
      const control = [...document.querySelectorAll(`[data-shortcut~="${CSS.escape(keys)}"]`)].find(shown);
      if (!control || control.disabled || control.getAttribute("aria-busy") === "true") return;
      const target = this.target(control);
      if (!target) return;
      this.take(event, () => {
        target.focus({ preventScroll: target === control }); // where a dialog gives the focus back
        if (target === control) control.click();
      });
    },
    // What a key acts on: the control itself, or the field of the place that carries the key.
    target(control) {
      if (control.matches("a, button, summary")) return control;
      return control.querySelector("textarea") || control.querySelector("input");
    },
    rows(list) {
      return [...list.querySelectorAll("a[href]")].filter((row) => !row.closest("[hidden]"));
    },
    walk(event, step, letter) {
      const list = document.querySelector("[data-walk]");
      if (!list) return;
      const inside = list.contains(event.target);
      if (!letter && !inside) return; // the arrows scroll everywhere else
      const rows = this.rows(list);
      let at = rows.indexOf(event.target.closest("a[href]"));
      if (at < 0) at = rows.findIndex((row) => row.hasAttribute("aria-current"));
      const next = rows[at < 0 ? 0 : at + step];
      if (!next) return inside ? event.preventDefault() : undefined;
      this.take(event, () => (shown(list) ? next.focus() : next.click())); // one pane: the list is behind
    },
    // The row that has the focus is chosen, or chosen no more.
    pick(event) {
      const box = event.target.closest("[data-walk] [data-key]")?.querySelector("[data-pick]");
      if (box) this.take(event, () => box.click());
    },
    back(event) {
      const target = event.target;
      if (target.matches?.("select")) return; // its own list closes
      const open = target.closest?.("details[open]");
      if (open) return this.take(event, () => ((open.open = false), open.querySelector("summary").focus()));
      const list = document.querySelector("[data-walk]");
      if (list && shown(list)) {
        if (list.contains(target)) return;
        const rows = this.rows(list);
        const row = rows.find((one) => one.hasAttribute("aria-current")) || rows[0];
        return row && this.take(event, () => row.focus());
      }
      if (target.closest?.(FIELDS)) return this.take(event, () => target.blur());
      this.press(event, "Escape");
    },
    asked(event) {
      if (event.target.closest("[data-shortcut='?']")) this.open();
    },
    open() {
      this.$refs.dialog.showModal();
      this.$refs.title.focus();
    },
    close() {
      this.$refs.dialog.close();
    },
    outside(event) {
      if (event.target === this.$refs.dialog) this.close();
    },
    want(event) {
      this.active = event.target.checked;
      this.$emit("wanted", this.active);
    },
    // The controls say their key, to the eye and to assistive tools, for as long as it acts.
    tell() {
      document.documentElement.classList.toggle("has-keys", this.active);
      for (const control of document.querySelectorAll("[data-shortcut]")) {
        const key = control.dataset.shortcut.split(" ").find((one) => one.length === 1 || one === "Escape");
        const target = this.target(control);
        if (!key || !target || target.getAttribute("aria-keyshortcuts") === (this.active ? key : null)) continue;
        const told = { "aria-keyshortcuts": key };
        if (target === control) told.title = `Touche ${key === "Escape" ? "Échap" : key}`;
        for (const name of Object.keys(told)) {
          if (this.active) target.setAttribute(name, told[name]);
          else target.removeAttribute(name);
        }
      }
    },
  },
};
