// A piece of HTML made on the server. It hears clicks on [data-act], and takes live changes without moving
// what is read: items are known by data-key, and placed by data-rank (the greatest first).
//
// «follow»: a thread; new items at the bottom are followed, unless one reads above: then a button leads to them.
// «calm»: a list; items come, move and go only while the pointer and the focus are elsewhere and the list stands
// at its top; else they wait, and a button says how many. What an item says changes in its place at once.
import { h } from "vue";
const SETTLE = 400; // milliseconds from the leaving of the pointer to the moving of rows
const HOVERS = window.matchMedia("(hover: hover)");
const many = (n, one, several) => (n === 1 ? `1\u00a0${one}` : `${n}\u00a0${several}`);
export default {
  render() {
    return h(this.tag);
  },
  props: { html: String, tag: String, follow: Boolean, start: String, calm: Boolean, me: String },
  created() {
    this.held = new Map(); // key → the item to place, or null to remove
    this.notes = new Map(); // key → words of an item that come and go beside the rest
    this.heldWhole = null;
    this.acts = 0;
  },
  mounted() {
    this.$el.setHTML(this.html || "");
    this.own(this.$el);
    this.$emit("shown");
    this.$el.addEventListener("click", this.act);
    window.addEventListener("aplus:connected", this.actAgain);
    if (this.calm) {
      this.box().addEventListener("pointerleave", this.later);
      this.box().addEventListener("scroll", this.later, { passive: true });
      this.$el.addEventListener("focusout", this.later);
    }
    if (this.follow) {
      this.box().addEventListener("scroll", this.scrolled, { passive: true });
      this.begin();
      requestAnimationFrame(this.begin);
      document.addEventListener("visibilitychange", this.seen);
      this.seen();
    }
  },
  beforeUnmount() {
    window.removeEventListener("aplus:connected", this.actAgain);
    document.removeEventListener("visibilitychange", this.seen);
    clearTimeout(this.settling);
    this.pillButton?.remove();
  },
  watch: {
    html(value) {
      if (value !== undefined) this.replace(value); // the server keeps no copy of what is shown here
    },
  },
  methods: {
    // Where one left off: at the first line not read yet, else at the end.
    begin() {
      const at = this.start && this.find(this.start);
      if (!at) return this.toEnd();
      const box = this.box();
      box.scrollTop += at.getBoundingClientRect().top - box.getBoundingClientRect().top - 48;
    },
    box() {
      return this.$el.closest("[data-scroll]") || this.$el;
    },
    list() {
      return this.$el.querySelector("[data-items]") || this.$el;
    },
    find(key) {
      return this.$el.querySelector(`[data-key="${CSS.escape(key)}"]`);
    },
    parsed(html) {
      const holder = document.createElement("div");
      holder.setHTML(html);
      this.own(holder);
      return holder;
    },
    own(place) {
      if (this.me) place.querySelectorAll(`[data-to~="${CSS.escape(this.me)}"]`).forEach((one) => one.classList.add("own"));
    },

    // Clicks. One that a cut line may have swallowed is said again, under its number.
    act(event) {
      const target = event.target.closest("[data-act]");
      if (!target || !this.$el.contains(target)) return;
      event.preventDefault();
      if (target.getAttribute("aria-busy") === "true") return;
      target.setAttribute("aria-busy", "true");
      const { act, ...rest } = target.dataset;
      this.acting = { act, ...rest, number: ++this.acts };
      if (window.aplusConnected?.() ?? true) this.$emit("act", this.acting);
    },
    actAgain() {
      if (this.acting) this.$emit("act", this.acting);
    },
    settle() {
      this.acting = null;
      this.$el.querySelectorAll('[aria-busy="true"]').forEach((busy) => busy.removeAttribute("aria-busy"));
    },

    // The whole of it.
    replace(html) {
      this.held.clear();
      this.heldWhole = null;
      const box = this.box();
      const top = box.scrollTop;
      const key = this.$el.contains(document.activeElement) && document.activeElement.closest("[data-key]")?.dataset.key;
      // What is the same stays itself: a button that is being pressed must not be changed under the finger.
      const old = [...this.$el.childNodes];
      const whole = this.parsed(html);
      // What somebody has unfolded stays so.
      for (const { dataset } of this.$el.querySelectorAll("details[open][data-key]")) whole.querySelector(`details[data-key="${CSS.escape(dataset.key)}"]`)?.setAttribute("open", "");
      const fresh = [...whole.childNodes];
      fresh.forEach((node, i) => {
        if (i >= old.length) this.$el.append(node);
        else if (!old[i].isEqualNode(node)) old[i].replaceWith(node);
      });
      old.slice(fresh.length).forEach((node) => node.remove());
      box.scrollTop = top;
      this.changed();
      const again = key && this.find(key);
      if (again && !again.contains(document.activeElement)) (again.matches("a,button") ? again : again.querySelector("a,button") || again).focus({ preventScroll: true });
    },
    // The same list, read again: what it holds now takes its place as single items do.
    renew(html) {
      const fresh = [...this.parsed(html).querySelectorAll("[data-key]")];
      const shown = [...this.list().querySelectorAll(":scope > [data-key]")];
      const keys = new Set(fresh.map((item) => item.dataset.key));
      const last = fresh.at(-1)?.dataset.rank ?? ""; // further pages may be shown below it
      if (!this.isLookedAt()) return this.replace(html);
      const gone = shown.filter((item) => !keys.has(item.dataset.key) && item.dataset.rank >= last).map((item) => item.dataset.key);
      const moved = fresh.filter((item) => !this.isPlaced(item)).map((item) => item.dataset.key);
      for (const item of fresh) this.say(item);
      this.held = new Map([...moved, ...gone].map((key) => [key, null]));
      this.heldWhole = this.held.size ? html : null;
      this.changed();
    },

    // Items at an end.
    append(html) {
      const stay = !this.follow || this.near();
      let added = 0;
      for (const item of [...this.parsed(html).children]) {
        if (item.dataset.key && this.find(item.dataset.key)) continue;
        if (item.dataset.day && this.list().querySelector(`[data-day="${item.dataset.day}"]`)) continue;
        this.list().append(item);
        if (!item.dataset.key) continue;
        added += 1;
        if (!stay) this.firstNew ??= item;
      }
      this.changed();
      if (!this.follow || !added) return;
      this.seen();
      if (stay) return this.toEnd();
      this.fresh = (this.fresh || 0) + added;
      this.pill(many(this.fresh, "nouveau message", "nouveaux messages"), this.toNew);
    },
    prepend(html) {
      const box = this.box();
      const before = box.scrollHeight - box.scrollTop;
      for (const item of [...this.parsed(html).children].reverse()) {
        if (item.dataset.key && this.find(item.dataset.key)) continue;
        const first = this.list().querySelector("[data-day]");
        if (item.dataset.day && first && first.dataset.day === item.dataset.day) first.remove();
        this.list().prepend(item);
      }
      box.scrollTop = box.scrollHeight - before;
    },

    // One item of a list: its words now, its place when nobody looks.
    put(key, html) {
      const item = html ? this.parsed(html).firstElementChild : null;
      const old = this.find(key);
      const node = item && old ? this.say(item) : item;
      if (!node && old) old.classList.add("gone");
      if (node ? old && this.isPlaced(node) : !old) this.held.delete(key);
      else this.held.set(key, node);
      if (this.isLookedAt()) this.changed();
      else this.release();
    },
    change(key, html) {
      this.find(key)?.replaceWith(...this.parsed(html || "").children);
    },
    say(item) {
      const old = this.find(item.dataset.key);
      if (!old) return null;
      const [link, fresh] = [old.lastElementChild, item.lastElementChild]; // what chooses it may stand before it
      if (link?.tagName !== fresh?.tagName || old.childElementCount !== item.childElementCount) {
        old.replaceWith(item);
        return item;
      }
      // The link stays itself, with its focus: it may be under a finger.
      link.className = fresh.className;
      link.replaceChildren(...fresh.cloneNode(true).childNodes);
      old.className = item.className;
      if (item.dataset.rank) old.dataset.rank = item.dataset.rank;
      return old;
    },
    isPlaced(item) {
      const node = this.find(item.dataset.key);
      const { rank } = item.dataset;
      const [before, after] = [node?.previousElementSibling, node?.nextElementSibling];
      return !!node && !(before && before.dataset.rank < rank) && !(after && after.dataset.rank > rank);
    },
    place(node) {
      const others = [...this.list().children].filter((one) => one !== node);
      const next = others.find((one) => !(one.dataset.rank > node.dataset.rank)) || null;
      if (!node.parentElement || node.nextElementSibling !== next) this.list().insertBefore(node, next);
    },
    isLookedAt() {
      if (!this.calm) return false;
      const box = this.box();
      return box.scrollTop > 0 || (HOVERS.matches && box.matches(":hover")) || box.contains(document.activeElement);
    },
    later() {
      clearTimeout(this.settling);
      if (this.held.size) this.settling = setTimeout(() => this.isLookedAt() || this.release(), SETTLE);
    },
    release() {
      clearTimeout(this.settling);
      if (this.heldWhole !== null) return this.replace(this.heldWhole);
      this.held.forEach((node, key) => (node ? this.place(node) : this.find(key)?.remove()));
      this.held.clear();
      this.changed();
    },
    toMoved() {
      const key = [...this.held.keys()].find((one) => this.held.get(one) || this.find(one));
      const had = document.activeElement === this.pillButton;
      this.release();
      this.box().scrollTop = 0;
      if (had) (this.find(key) || this.list()).querySelector("a")?.focus({ preventScroll: true });
    },
    changed() {
      this.mark(this.marked);
      this.notes.forEach((words, key) => this.note(key, words));
      this.$el.querySelector("[data-empty]")?.toggleAttribute("hidden", this.list().querySelector("[data-key]") !== null);
      if (!this.calm) return;
      if (this.held.size) this.pill(many(this.held.size, "demande a bougé", "demandes ont bougé"), this.toMoved);
      else this.hidePill();
    },
    mark(key) {
      if (key === undefined) return;
      this.marked = key;
      this.$el.querySelectorAll("[aria-current]").forEach((item) => item.removeAttribute("aria-current"));
      const item = key && this.find(key);
      if (item) (item.querySelector("a") || item).setAttribute("aria-current", "true");
    },
    note(key, words) {
      if (words) this.notes.set(key, words);
      else this.notes.delete(key);
      const place = this.find(key)?.querySelector("[data-here]");
      if (place && place.textContent !== words) place.textContent = words;
    },

    // A thread: its end, what is new there, who has read it.
    near() {
      const box = this.box();
      return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    },
    toEnd() {
      const box = this.box();
      box.scrollTop = box.scrollHeight;
      this.scrolled();
    },
    toNew() {
      const had = document.activeElement === this.pillButton;
      const [box, first] = [this.box(), this.firstNew];
      if (first?.isConnected) box.scrollTop += first.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
      else box.scrollTop = box.scrollHeight;
      this.forgetNew();
      if (had) box.focus({ preventScroll: true });
    },
    scrolled() {
      if (this.near()) this.forgetNew();
    },
    forgetNew() {
      this.fresh = 0;
      this.firstNew = null;
      this.hidePill();
    },
    seen() {
      if (document.visibilityState === "visible") this.$emit("seen");
    },
    below(key, words) {
      const item = this.find(key);
      const stay = this.near();
      let line = this.$el.querySelector(".seen-by");
      if (line?.parentElement !== item) {
        line?.remove();
        line = Object.assign(document.createElement("p"), { className: "seen-by" });
        item?.append(line);
      }
      if (line.textContent !== words) line.textContent = words;
      if (stay) this.toEnd();
    },

    pill(words, lead) {
      if (!this.pillButton) {
        this.pillButton = Object.assign(document.createElement("button"), { type: "button", className: "pill" });
        this.$el.parentElement.append(this.pillButton);
      }
      this.pillButton.onclick = lead;
      if (this.pillButton.textContent !== words) this.pillButton.textContent = words;
    },
    hidePill() {
      this.pillButton?.remove();
      this.pillButton = null;
    },
  },
};
