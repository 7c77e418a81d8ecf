// One labelled control, native: label above, help, error, choices. What is typed belongs to the browser; the
// server hears of it a quarter of a second after the last key, and at once when the field is left.
const PAUSE = 250;
let serial = 0;
export default {
  template: `
    <fieldset v-if="kind === 'radio' || kind === 'checks'" class="field choices" :class="{ wrong: error, tiles }" :aria-describedby="described">
      <legend>{{ label }} <span v-if="optional" class="optional">(facultatif)</span></legend>
      <p v-if="hint" :id="id + '-hint'" class="hint">{{ hint }}</p>
      <label v-for="option in options" :key="option.value" class="choice">
        <input :type="kind === 'radio' ? 'radio' : 'checkbox'" :name="id" :value="option.value" v-model="current"
               :aria-invalid="!!error" @change="send" />
        <span><span class="choice-label">{{ option.label }}</span><small v-if="option.hint">{{ option.hint }}</small></span>
      </label>
      <p v-if="error" :id="id + '-error'" class="error">{{ error }}</p>
    </fieldset>
    <div v-else class="field" :class="{ wrong: error }">
      <label :for="id" :class="{ unseen: quiet }">{{ label }} <span v-if="optional" class="optional">(facultatif)</span></label>
      <p v-if="hint" :id="id + '-hint'" class="hint">{{ hint }}</p>
      <select v-if="kind === 'select'" ref="control" :id="id" v-model="current" :aria-invalid="!!error" :aria-describedby="described" @change="send">
        <option v-if="empty !== null" value="">{{ empty }}</option>
        <option v-for="option in options" :key="option.value" :value="option.value">{{ option.label }}</option>
      </select>
      <textarea v-else-if="kind === 'area'" ref="control" :id="id" v-model="current" :rows="rows" :aria-invalid="!!error"
                :placeholder="placeholder" :aria-describedby="described" @input="later" @blur="flush" @keydown="keys"></textarea>
      <input v-else ref="control" :id="id" v-model="current" type="text" :inputmode="inputmode" autocomplete="off"
             :placeholder="placeholder" :aria-invalid="!!error" :aria-describedby="described" @input="later" @blur="flush" @keydown.enter="enter" />
      <p v-if="error" :id="id + '-error'" class="error">{{ error }}</p>
    </div>`,
  props: {
    kind: String, label: String, hint: String, error: String, initial: [String, Array], options: Array, optional: Boolean,
    rows: Number, inputmode: String, empty: { type: String, default: null }, quiet: Boolean, placeholder: String, tiles: Boolean,
  },
  data() {
    return { current: this.initial, id: `champ-${++serial}`, timer: null, entered: false };
  },
  computed: {
    described() {
      const ids = [this.hint && `${this.id}-hint`, this.error && `${this.id}-error`].filter(Boolean);
      return ids.length ? ids.join(" ") : null;
    },
  },
  mounted() {
    this.grow();
  },
  beforeUnmount() {
    this.flush();
  },
  methods: {
    later() {
      this.grow();
      clearTimeout(this.timer);
      this.timer = setTimeout(this.send, PAUSE);
    },
    flush() {
      if (this.timer) this.send();
    },
    send() {
      clearTimeout(this.timer);
      this.timer = null;
      this.$emit("typed", this.current);
    },
    enter() {
      if (this.entered) return;
      this.entered = true;
      this.send();
      this.$emit("enter");
    },
    settle() {
      this.entered = false;
    },
    keys(event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.enter();
      }
    },
    set(value) {
      clearTimeout(this.timer);
      this.timer = null;
      this.current = value;
      this.$nextTick(this.grow);
    },
    grow() {
      const area = this.kind === "area" && this.$refs.control;
      if (!area) return;
      area.style.height = "auto";
      area.style.height = `${Math.min(area.scrollHeight + 2, window.innerHeight * 0.4)}px`;
    },
    focus() {
      (this.$refs.control || this.$el.querySelector("input"))?.focus();
    },
  },
};
