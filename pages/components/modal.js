// A native modal dialog: the browser keeps the focus inside, Escape leaves, the focus goes back where it was.
export default {
  template: `<dialog ref="dialog" class="dialog" :aria-labelledby="id" @cancel.prevent="$emit('leave')" @keydown.enter="enter">
      <h2 :id="id" tabindex="-1">{{ title }}</h2><slot></slot></dialog>`,
  props: { title: String },
  data() {
    return { id: `dialogue-${Math.random().toString(36).slice(2)}` };
  },
  mounted() {
    this.before = document.activeElement;
    this.$refs.dialog.showModal();
    const first = this.$refs.dialog.querySelector("input, textarea, select");
    (first || this.$refs.dialog.querySelector("h2")).focus();
  },
  methods: {
    // As in any form: Enter in a field of one line presses the gesture, which cannot be pressed twice.
    enter(event) {
      if (event.defaultPrevented || event.repeat || event.isComposing || !event.target.matches("input[type=text]")) return;
      this.$refs.dialog.querySelector(".dialog-buttons .primary")?.click();
    },
  },
  beforeUnmount() {
    this.$refs.dialog.close();
    if (this.before && document.contains(this.before)) this.before.focus({ preventScroll: true });
  },
};
