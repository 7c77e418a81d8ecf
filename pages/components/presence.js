// Who else is here, in a place that is always there: words come and go without moving anything. It also tells
// the server whether its person looks at this tab.
export default {
  template: `<p class="presence">{{ words }}</p>`,
  data() {
    return { words: "" };
  },
  mounted() {
    this.look = () => this.$emit("look", document.visibilityState === "visible");
    document.addEventListener("visibilitychange", this.look);
    if (document.visibilityState !== "visible") this.look();
  },
  beforeUnmount() {
    document.removeEventListener("visibilitychange", this.look);
  },
  methods: {
    show(words) {
      this.words = words;
    },
  },
};
