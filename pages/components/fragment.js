// A piece of HTML made on the server. It hears clicks on [data-act], and takes live changes without moving
// what is read: items are known by data-key; nothing that has the focus or the pointer is pulled away.
export default {
  template: `<component :is="tag"></component>`,
  props: { html: String, tag: String, follow: Boolean, pill: String },
  mounted() {
    this.$el.setHTML(this.html || "");
    this.$emit("shown");
    this.onClick = (event) => this.act(event);
    this.$el.addEventListener("click", this.onClick);
    if (this.follow) {
      this.box().addEventListener("scroll", (this.onScroll = () => this.near() && this.hidePill()), { passive: true });
      this.toEnd();
      requestAnimationFrame(() => this.toEnd());
      this.onVisible = () => this.seen();
      document.addEventListener("visibilitychange", this.onVisible);
      this.seen();
    }
  },
  beforeUnmount() {
    document.removeEventListener("visibilitychange", this.onVisible);
  },
  watch: {
    html(value) {
      if (value !== undefined) this.replace(value); // the server keeps no copy of what is shown here
    },
  },
  methods: {
    box() {
      return this.$el.closest("[data-scroll]") || this.$el;
    },
    near() {
      const box = this.box();
      return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    },
    toEnd() {
      const box = this.box();
      box.scrollTop = box.scrollHeight;
      this.hidePill();
    },
    seen() {
      if (document.visibilityState === "visible") this.$emit("seen");
    },
    act(event) {
      const target = event.target.closest("[data-act]");
      if (!target || !this.$el.contains(target)) return;
      event.preventDefault();
      if (target.getAttribute("aria-busy") === "true") return;
      target.setAttribute("aria-busy", "true");
      const { act, ...rest } = target.dataset;
      this.$emit("act", { act, ...rest });
    },
    settle() {
      this.$el.querySelectorAll('[aria-busy="true"]').forEach((busy) => busy.removeAttribute("aria-busy"));
    },
    items(html) {
      const holder = document.createElement("div");
      holder.setHTML(html);
      return [...holder.children];
    },
    find(key) {
      return this.$el.querySelector(`[data-key="${CSS.escape(key)}"]`);
    },
    list() {
      return this.$el.querySelector("[data-items]") || this.$el;
    },
    replace(html) {
      const box = this.box();
      const top = box.scrollTop;
      const held = this.$el.contains(document.activeElement) && document.activeElement.closest("[data-key]");
      const key = held && held.dataset.key;
      // What is the same stays itself: a button that is being pressed must not be changed under the finger.
      const holder = document.createElement("div");
      holder.setHTML(html);
      const old = [...this.$el.childNodes];
      const fresh = [...holder.childNodes];
      fresh.forEach((node, i) => {
        if (i >= old.length) this.$el.append(node);
        else if (!old[i].isEqualNode(node)) old[i].replaceWith(node);
      });
      old.slice(fresh.length).forEach((node) => node.remove());
      box.scrollTop = top;
      this.mark(this.marked);
      const again = key && this.find(key);
      if (again && !again.contains(document.activeElement)) (again.matches("a,button") ? again : again.querySelector("a,button") || again).focus({ preventScroll: true });
    },
    append(html) {
      const stay = !this.follow || this.near();
      let added = 0;
      for (const item of this.items(html)) {
        if (item.dataset.key && this.find(item.dataset.key)) continue;
        if (item.dataset.day && this.list().querySelector(`[data-day="${item.dataset.day}"]`)) continue;
        this.list().append(item);
        if (item.dataset.key) added += 1;
      }
      if (!this.follow || !added) return;
      this.seen();
      if (stay) this.toEnd();
      else this.showPill(added);
    },
    prepend(html) {
      const box = this.box();
      const before = box.scrollHeight - box.scrollTop;
      for (const item of this.items(html).reverse()) {
        if (item.dataset.key && this.find(item.dataset.key)) continue;
        const first = this.list().querySelector("[data-day]");
        if (item.dataset.day && first && first.dataset.day === item.dataset.day) first.remove();
        this.list().prepend(item);
      }
      box.scrollTop = box.scrollHeight - before;
    },
    put(key, html) {
      const old = this.find(key);
      const item = html ? this.items(html)[0] : null;
      const held = old && old.contains(document.activeElement);
      const still = this.$el.matches(":hover") || this.$el.contains(document.activeElement);
      if (old && !item) {
        if (!held) old.remove();
        else old.classList.add("gone");
      } else if (old && still) {
        old.replaceWith(item);
        if (held) (item.querySelector("a") || item).focus({ preventScroll: true });
      } else if (item) {
        const box = this.box();
        const top = box.scrollTop;
        if (old) old.remove();
        this.list().prepend(item);
        if (top > 0) box.scrollTop = top + item.offsetHeight - (old ? item.offsetHeight : 0);
      }
      this.mark(this.marked);
      this.$el.querySelector("[data-empty]")?.toggleAttribute("hidden", this.list().querySelector("[data-key]") !== null);
    },
    mark(key) {
      if (key === undefined) return;
      this.marked = key;
      this.$el.querySelectorAll("[aria-current]").forEach((item) => item.removeAttribute("aria-current"));
      const item = key && this.find(key);
      if (item) (item.querySelector("a") || item).setAttribute("aria-current", "true");
    },
    showPill(added) {
      this.waiting = (this.waiting || 0) + added;
      if (!this.pillButton) {
        this.pillButton = document.createElement("button");
        this.pillButton.type = "button";
        this.pillButton.className = "pill";
        this.pillButton.addEventListener("click", () => this.toEnd());
        this.$el.parentElement.append(this.pillButton);
      }
      this.pillButton.textContent =
        this.waiting === 1 ? "1 nouveau message" : `${this.waiting} nouveaux messages`;
    },
    hidePill() {
      this.waiting = 0;
      this.pillButton?.remove();
      this.pillButton = null;
    },
  },
};
