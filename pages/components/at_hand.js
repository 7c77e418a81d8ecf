// What is put in a text by a sign: «/» at the beginning of a line, «@» before a name, or a button of the form. All
// of it was sent once: each key narrows the list here. The cursor never leaves the text; Escape leaves what was typed.
const AGAIN = 30_000; // milliseconds after which it is asked for anew, when the text is come back to
const MOST = 40; // shown at once
const PLACES = { line: "(?:^|\\n)", word: "(?:^|[\\s(«\"'’\\[])", any: "" };
const HOLE = /\[[^[\]\n]{1,40}\u00a0\?\]/;
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae");
const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}+]+/gu) || [];
const escaped = (mark) => mark.replace(/[/{[(]/g, "\\$&");
let serial = 0;
export default {
  template: `<div class="at-hand">
      <span class="unseen" role="status">{{ said }}</span>
      <div ref="sheet" popover="manual" class="suggest" @pointerdown.prevent>
        <p v-if="!count" class="meta">{{ said }}</p>
        <ul v-show="shown.length" :id="id" role="listbox" tabindex="0" :aria-label="kind?.label">
          <li v-for="(one, n) in shown" :key="n" :id="id + '-' + n" role="option" :aria-selected="n === at ? 'true' : 'false'"
              :class="{ leads: one.href }" @click="pick(one)"><span>{{ one.label }}</span> <small>{{ one.hint }}</small></li>
        </ul>
      </div>
    </div>`,
  props: { kinds: Array },
  data() {
    return { id: `at-hand-${++serial}`, given: null, place: null, at: -1, isOpen: false };
  },
  computed: {
    kind() {
      return this.place?.kind;
    },
    shown() {
      if (!this.kind) return [];
      const all = (this.given?.[this.kind.name] || []).filter((one) => !one.audience || one.audience !== this.place.audience);
      const wanted = wordsOf(this.place.typed);
      const ranked = all.filter((one) => !one.href).map((one) => [this.rank(one, wanted), one]).filter(([rank]) => rank);
      const found = ranked.sort(([a], [b]) => a - b).slice(0, MOST).map(([, one]) => one);
      return this.place.typed && !found.length ? [] : [...found, ...all.filter((one) => one.href)];
    },
    count() {
      return this.shown.filter((one) => !one.href).length;
    },
    said() {
      if (!this.place || (!this.isOpen && this.shown.length)) return "";
      if (!this.given) return "Un instant…";
      if (!this.count) return this.place.typed ? this.kind.none : this.kind.empty;
      return `${this.count}\u00a0${this.count === 1 ? this.kind.one : this.kind.many}`;
    },
  },
  watch: {
    isOpen: "show",
    at: "show",
    shown() {
      this.at = this.count ? 0 : -1;
      this.$nextTick(this.show);
    },
  },
  mounted() {
    const form = this.$el.closest("form, dialog, .field-group");
    const area = (this.area = form.querySelector("textarea"));
    Object.entries({ "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": this.id }).forEach(([name, value]) =>
      area.setAttribute(name, value),
    );
    this.patterns = this.kinds.map((kind) => [kind, new RegExp(`${PLACES[kind.where]}${escaped(kind.mark)}((?!\\s)[^\\n${escaped(kind.mark)}]{0,40})$`, "u")]);
    area.addEventListener("input", this.seek);
    area.addEventListener("keydown", this.keys, { capture: true });
    area.addEventListener("keyup", this.moved);
    area.addEventListener("click", this.moved);
    area.addEventListener("focus", this.ask);
    area.addEventListener("blur", this.close);
    form.addEventListener("click", this.pressed);
    form.addEventListener("pointerdown", this.hold);
    window.addEventListener("aplus:connected", this.askAgain);
    window.addEventListener("resize", this.put);
    this.watcher = new ResizeObserver(this.put); // the text grows, and what stands around it
    [form, area].forEach((one) => this.watcher.observe(one));
    if (document.activeElement === area) this.ask();
  },
  beforeUnmount() {
    window.removeEventListener("aplus:connected", this.askAgain);
    window.removeEventListener("resize", this.put);
    this.watcher.disconnect();
  },
  methods: {
    ask() {
      if (this.given && Date.now() - this.asked < AGAIN) return;
      this.asked = Date.now();
      if (window.aplusConnected?.() ?? true) this.$emit("ask");
    },
    askAgain() {
      if (this.asked && !this.given) this.$emit("ask");
    },
    give(offers) {
      this.given = offers;
    },
    // How well an offer answers the words, 1 the best; 0: not at all. Each word begins a word of the offer.
    rank(one, wanted) {
      if (!wanted.length) return 1;
      const stands = (text) => wanted.every((word) => wordsOf(text).some((other) => other.startsWith(word)));
      if (fold(one.label).startsWith(wanted.join(" "))) return 1;
      if (stands(one.label)) return 2;
      if (stands(`${one.label} ${one.hint || ""}`)) return 3;
      return one.is_searched && stands(`${one.label} ${one.text}`) ? 4 : 0;
    },
    audience() {
      return this.area.form?.querySelector("[type=radio]:checked")?.value || "";
    },
    // Where the cursor stands: after a sign and some letters, or after a press of the button.
    found() {
      const { selectionStart: caret, selectionEnd: end, value } = this.area;
      if (caret !== end) return null;
      const before = value.slice(0, caret);
      const audience = this.audience();
      if (this.free && caret >= this.free.from && value.startsWith(this.free.before)) {
        const typed = before.slice(this.free.from);
        if (!typed.includes("\n") && typed.length <= 40) return { ...this.free, typed, audience };
      }
      this.free = null;
      for (const [kind, pattern] of this.patterns) {
        const match = before.match(pattern);
        if (match) return { kind, typed: match[1], from: caret - match[1].length - kind.mark.length, audience };
      }
      return null;
    },
    seek() {
      this.ask();
      const found = this.found();
      if (JSON.stringify(found) !== JSON.stringify(this.place)) this.place = found;
      if (!found) this.left = null;
      const isLeft = this.left && this.left.kind === found.kind.name && this.left.from === found.from;
      this.isOpen = !!found && !isLeft && !this.isWhole(found) && (!found.typed || !this.given || this.shown.length > 0);
      if (this.isOpen) this.$nextTick(this.put);
    },
    // Somebody goes on after a whole name: there is nothing more to choose.
    isWhole({ typed }) {
      return /\s$/.test(typed) && this.shown.some((one) => fold(one.label) === fold(typed.trim()));
    },
    moved(event) {
      if (this.isOpen && event.key !== "Escape") this.seek();
    },
    // A press on a button of the form does not take the focus from the text: an on-screen keyboard stays.
    hold(event) {
      if (event.target.closest("[data-offers]")) event.preventDefault();
    },
    pressed(event) {
      const button = event.target.closest("[data-offers]");
      if (!button) return;
      const kind = this.kinds.find((one) => one.name === button.dataset.offers);
      this.area.focus();
      const wasOpen = this.isOpen;
      this.close();
      if (wasOpen) return;
      const { selectionEnd: from, value } = this.area;
      this.area.setSelectionRange(from, from);
      this.free = { kind, from, before: value.slice(0, from) };
      this.left = null;
      this.seek();
    },
    keys(event) {
      if (!this.isOpen || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const all = this.shown.length;
      if (step && all) {
        this.at = (this.at + step + (this.at < 0 && step < 0 ? 1 : 0) + all) % all;
      } else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && this.at >= 0) {
        this.pick(this.shown[this.at]);
      } else if (event.key === "Escape") {
        this.close();
      } else {
        if (event.key !== "Tab") return;
        this.close(); // at once: the focus leaves for what comes after, not for the list
        this.$refs.sheet.hidePopover();
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },
    pick(one) {
      const { from } = this.place;
      const area = this.area;
      this.close();
      if (one.href) return this.lead(one.href);
      area.focus();
      area.setSelectionRange(from, area.selectionEnd);
      const text = one.text + (one.is_word && !/^\s/.test(area.value.slice(area.selectionEnd)) ? " " : "");
      // By the browser's own way, so that it can be undone; where there is none, it is put all the same.
      if (!document.execCommand("insertText", false, text)) {
        area.setRangeText(text, from, area.selectionEnd, "end");
        area.dispatchEvent(new Event("input", { bubbles: true }));
      }
      const hole = text.match(HOLE);
      if (hole) area.setSelectionRange(from + hole.index, from + hole.index + hole[0].length);
      this.close();
    },
    lead(href) {
      const link = Object.assign(document.createElement("a"), { href });
      this.$el.append(link);
      link.click();
      link.remove();
    },
    close() {
      this.left = this.place && { kind: this.kind.name, from: this.place.from };
      this.free = null;
      this.isOpen = false;
    },
    show() {
      const { sheet } = this.$refs;
      if (!sheet?.isConnected) return;
      if (sheet.matches(":popover-open") !== this.isOpen) sheet.togglePopover(this.isOpen);
      if (this.isOpen && this.at >= 0) {
        this.area.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
        this.$nextTick(() => document.getElementById(`${this.id}-${this.at}`)?.scrollIntoView({ block: "nearest" }));
      } else {
        this.area.removeAttribute("aria-activedescendant");
      }
      if (this.isOpen) this.put();
    },
    // Above the text or below it, where there is more room: what is typed stays in view.
    put() {
      const { sheet } = this.$refs;
      if (!this.isOpen || !sheet) return;
      const { top, bottom, left, width } = this.area.getBoundingClientRect();
      const height = window.visualViewport?.height ?? window.innerHeight;
      const [above, below] = [top - 12, height - bottom - 12];
      const room = Math.max(above, below);
      const side = above >= below ? { top: "auto", bottom: `${window.innerHeight - top + 4}px` } : { top: `${bottom + 4}px`, bottom: "auto" };
      Object.assign(sheet.style, { left: `${left}px`, width: `${Math.min(width, 640)}px`, maxHeight: `${Math.min(room, 340)}px`, ...side });
    },
  },
};
