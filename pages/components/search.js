// Words that narrow a list as one types. They stay in this field and on the socket: never in the address. Escape or
// the cross empties it.
const PAUSE = 250;
let serial = 0;
export default {
  template: `
    <div class="search" role="search" :data-shortcut="shortcut || null">
      <label :for="id" class="unseen">{{ label }}</label>
      <slot></slot>
      <input ref="field" :id="id" v-model="current" type="text" enterkeyhint="search" autocomplete="off" spellcheck="false"
             maxlength="100" placeholder="Rechercher" @input="later" @keydown.enter.prevent="send" @keydown.esc="escape" />
      <button v-if="current" type="button" class="clear" aria-label="Effacer les mots cherchés" @click="empty">×</button>
      <kbd v-else-if="shortcut" aria-hidden="true">{{ shortcut }}</kbd>
    </div>`,
  props: { label: String, shortcut: String },
  data() {
    return { current: "", id: `mots-${++serial}` };
  },
  beforeUnmount() {
    clearTimeout(this.timer);
  },
  methods: {
    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(this.send, PAUSE);
    },
    send() {
      clearTimeout(this.timer);
      this.$emit("words", this.current);
    },
    empty() {
      this.current = "";
      this.$refs.field.focus();
      this.send();
    },
    escape(event) {
      if (!this.current || event.isComposing) return; // already empty: Escape leaves the field (keys.js)
      event.preventDefault();
      this.empty();
    },
  },
};
