// A button that says it is working and cannot be pressed twice.
export default {
  template: `<button type="button" :aria-busy="busy ? 'true' : null" @click="press"><slot></slot></button>`,
  data() {
    return { busy: false };
  },
  methods: {
    press() {
      if (this.busy) return;
      if (document.activeElement?.matches("input,textarea")) document.activeElement.dispatchEvent(new Event("blur"));
      this.busy = true;
      this.$emit("press");
    },
    settle() {
      this.busy = false;
    },
    focus() {
      this.$el.focus();
    },
  },
};
