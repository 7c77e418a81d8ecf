// The form in the browser: says truly whether what is typed is saved, leads Enter to the next question, and takes
// a double click for one. An edit is saved once the server has said the number of the mark that came after it.
const PAUSE = 320; // longer than a field's own, so that the mark follows what was typed
const LATE = 4000;
const CUT = "Pas encore enregistré : connexion perdue. Votre texte est gardé sur cet appareil.";
const SLOW = "Pas encore enregistré : la connexion est lente. Gardez cette page ouverte.";
const ONE_LINE = "input:not([type=checkbox], [type=radio], [type=file])";
const TYPED = `textarea, ${ONE_LINE}`;
export default {
  template: `<div class="draft-form" @input="edited($event, PAUSE)" @change="edited($event, 0)" @keydown.enter="next" @focusin="name" @click.capture="once">
      <p ref="line" class="saved"></p><p ref="alarm" class="unseen" role="status"></p><slot></slot></div>`,
  props: { saved: String },
  data() {
    return { PAUSE };
  },
  created() {
    // Nothing here is watched by Vue: drawing the form again at a key would undo a box being ticked.
    this.edits = this.kept = 0;
    this.at = this.saved;
    this.trouble = "";
  },
  mounted() {
    this.tell();
    this.again = () => setTimeout(() => this.isDirty() && this.mark()); // after the fields have said theirs again
    window.addEventListener("aplus:connected", this.again);
  },
  beforeUnmount() {
    window.removeEventListener("aplus:connected", this.again);
    clearTimeout(this.timer);
    clearTimeout(this.late);
  },
  methods: {
    isDirty() {
      return this.edits > this.kept;
    },
    tell(trouble = this.trouble) {
      const words = this.at ? `Enregistré ${this.at}` : "Rien n’est encore enregistré.";
      this.$refs.line.textContent = trouble || (this.isDirty() ? "Enregistrement…" : words);
      this.$refs.line.classList.toggle("wrong", !!trouble);
      if (trouble !== this.trouble) this.$refs.alarm.textContent = this.trouble = trouble;
    },
    edited({ target, type }, pause) {
      if (target.type === "file" || (type === "input") !== target.matches(TYPED)) return;
      this.edits += 1;
      this.tell();
      clearTimeout(this.timer);
      this.timer = setTimeout(this.mark, pause);
    },
    mark() {
      clearTimeout(this.late);
      const isConnected = window.aplusConnected?.() ?? true;
      if (isConnected) this.$emit("mark", this.edits);
      else this.tell(CUT);
      this.late = setTimeout(() => {
        this.tell((window.aplusConnected?.() ?? true) ? SLOW : CUT);
        this.mark();
      }, LATE);
    },
    // The server has saved all that came before this mark; without a number, something it did by itself.
    keep(words, mark) {
      this.at = words;
      if (Number.isInteger(mark)) this.kept = Math.max(this.kept, mark);
      if (!this.isDirty()) clearTimeout(this.late);
      this.tell(this.isDirty() ? this.trouble : "");
    },
    questions() {
      const all = this.$el.querySelectorAll(".step :is(input, select, textarea):not([type=file])");
      return [...all].filter((one) => one.checkVisibility() && (one.type !== "radio" || one.checked || one === this.firstOf(one)));
    },
    firstOf(radio) {
      const group = [...this.$el.querySelectorAll(`[name="${CSS.escape(radio.name)}"]`)];
      return group.find((one) => one.checked) || group[0];
    },
    after(target) {
      const all = this.questions();
      return all[all.indexOf(target) + 1];
    },
    name({ target }) {
      if (target.matches(ONE_LINE)) target.enterKeyHint = this.after(target) ? "next" : "go";
    },
    next(event) {
      if (event.defaultPrevented || event.isComposing || !event.target.matches(ONE_LINE)) return;
      event.preventDefault();
      const following = this.after(event.target);
      if (following) following.focus();
      else this.$el.querySelector(".form-buttons .primary")?.click();
    },
    once(event) {
      if (event.detail < 2 || !event.target.closest("button, a")) return;
      event.preventDefault();
      event.stopPropagation();
    },
  },
};
