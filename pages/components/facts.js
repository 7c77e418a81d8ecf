// What stands beside a thread: a column where there is room, else a modal sheet, opened at the section that a button
// of the head names (data-sheet). It is the same content in both, so that what is live stays live.
const ROOM = "(min-width: 1440px)";
export default {
  template: `
    <div class="facts-place">
      <aside ref="column" class="facts" aria-label="Informations"><div ref="content"><slot></slot></div></aside>
      <dialog ref="sheet" class="facts sheet" aria-label="Informations" @click="outside" @close="closed">
        <div class="sheet-head"><button type="button" class="button" @click="close">Fermer</button></div>
      </dialog>
    </div>`,
  mounted() {
    this.case = this.$el.closest(".case");
    this.case.addEventListener("click", this.asked);
    this.wide = matchMedia(ROOM);
    this.wide.addEventListener("change", this.close);
  },
  beforeUnmount() {
    this.case.removeEventListener("click", this.asked);
    this.wide.removeEventListener("change", this.close);
    this.close();
    this.home();
  },
  methods: {
    asked(event) {
      const button = event.target.closest("[data-sheet]");
      if (button) this.open(button.dataset.sheet);
    },
    open(name) {
      this.name = name;
      this.$refs.sheet.append(this.$refs.content);
      this.$refs.sheet.showModal();
      const section = this.$refs.content.querySelector(`[data-section="${name}"]`) || this.$refs.content;
      section.querySelector("h2").focus({ preventScroll: true });
      section.scrollIntoView({ block: "start" });
    },
    close() {
      this.$refs.sheet.close();
    },
    closed() {
      this.home();
      if (!this.$el.isConnected) return;
      // The button may have been drawn anew meanwhile.
      if (document.activeElement === document.body) this.case.querySelector(`[data-sheet="${this.name}"]`)?.focus();
    },
    home() {
      if (!this.$refs.content) return; // the case was left with the sheet open
      if (this.$refs.content.parentElement !== this.$refs.column) this.$refs.column.append(this.$refs.content);
    },
    outside(event) {
      if (event.target === this.$refs.sheet) this.close();
    },
  },
};
