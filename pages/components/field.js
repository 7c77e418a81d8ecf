// One labelled control, native: label above, help, error, choices. What is typed belongs to the browser; the
// server hears of it a quarter of a second after the last key (two seconds after the first of many), and at once
// when the field is left. With ``keep``, what it has not saved yet is kept in the tab (pages/shell/kept.js).
const PAUSE = 250;
const LONGEST_PAUSE = 2000;
const KNOWN = 40;
const CUT = "Connexion perdue. Votre texte est gardé sur cet appareil, il partira à son retour.";
let serial = 0;
const print = (value) => {
  let sum = 7;
  const text = JSON.stringify(value);
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
  return `${text.length}:${sum}`;
};
export default {
  template: `
    <fieldset v-if="kind === 'radio' || kind === 'checks'" class="field choices" :class="{ wrong: error, tiles }" :aria-describedby="described">
      <legend>{{ label }} <span v-if="optional" class="optional">(facultatif)</span></legend>
      <p v-if="hint" :id="id + '-hint'" class="hint">{{ hint }}</p>
      <label v-for="option in options" :key="option.value" class="choice">
        <input :type="kind === 'radio' ? 'radio' : 'checkbox'" :name="id" :value="option.value" v-model="current"
               :aria-invalid="!!error" @change="changed" />
        <span><span class="choice-label">{{ option.label }}</span><small v-if="option.hint">{{ option.hint }}</small></span>
      </label>
      <p v-if="error" :id="id + '-error'" class="error">{{ error }}</p>
    </fieldset>
    <div v-else class="field" :class="{ wrong: error }">
      <label :for="id" :class="{ unseen: quiet }">{{ label }} <span v-if="optional" class="optional">(facultatif)</span></label>
      <p v-if="hint" :id="id + '-hint'" class="hint">{{ hint }}</p>
      <select v-if="kind === 'select'" ref="control" :id="id" v-model="current" :aria-invalid="!!error" :aria-describedby="described" @change="changed">
        <option v-if="empty !== null" value="">{{ empty }}</option>
        <option v-for="option in options" :key="option.value" :value="option.value">{{ option.label }}</option>
      </select>
      <textarea v-else-if="kind === 'area'" ref="control" :id="id" v-model="current" :rows="rows" :aria-invalid="!!error"
                :placeholder="placeholder" :aria-describedby="described" @input="later" @blur="flush" @keydown="keys"></textarea>
      <input v-else ref="control" :id="id" v-model="current" type="text" :inputmode="inputmode" :autocomplete="autocomplete"
             :class="{ secret }" :spellcheck="secret ? 'false' : null" :autocapitalize="secret ? 'none' : null" :autocorrect="secret ? 'off' : null"
             :placeholder="placeholder" :aria-invalid="!!error" :aria-describedby="described" @input="later" @blur="flush" @keydown.enter="enter" />
      <p v-if="said" :id="id + '-said'" class="said-back" role="status">{{ said }}</p>
      <p v-if="found" class="meta found" role="status">Texte retrouvé sur cet appareil.</p>
      <p v-if="error" :id="id + '-error'" class="error">{{ error }}</p>
    </div>`,
  props: {
    kind: String, label: String, hint: String, error: String, initial: [String, Array], options: Array, optional: Boolean,
    rows: Number, inputmode: String, empty: { type: String, default: null }, quiet: Boolean, placeholder: String, tiles: Boolean, secret: Boolean,
    autocomplete: { type: String, default: "off" },
    keep: String, token: String, said: String,
  },
  data() {
    return { current: this.initial, id: `champ-${++serial}`, entered: 0, found: false };
  },
  computed: {
    described() {
      const ids = [this.hint && `${this.id}-hint`, this.said && `${this.id}-said`, this.error && `${this.id}-error`].filter(Boolean);
      return ids.length ? ids.join(" ") : null;
    },
  },
  watch: {
    keep(name, before) {
      if (before) window.aplusKept?.drop(before);
      if (this.unsaved) this.put();
    },
  },
  created() {
    this.timer = this.deadline = null;
    this.touched = this.unsaved = false; // since the server last had it; since it last said that it saved it
    this.known = [print(this.initial)]; // what the server may hold of ours, however the line was cut
    this.presses = 0;
  },
  mounted() {
    this.restore();
    this.grow();
    window.addEventListener("aplus:connected", this.again);
  },
  beforeUnmount() {
    window.removeEventListener("aplus:connected", this.again);
    this.flush();
  },
  methods: {
    restore() {
      const entry = this.keep && window.aplusKept?.get(this.keep);
      if (!entry) return;
      const isNewer = entry.known.includes(print(this.current));
      if (print(entry.value) === print(this.current) || !(isNewer || this.kind === "area")) {
        window.aplusKept.drop(this.keep);
        return;
      }
      // Written elsewhere meanwhile: both stay.
      this.current = isNewer || !this.current ? entry.value : `${this.current}\n\n${entry.value}`;
      this.known = entry.known;
      this.found = !!this.current.length;
      if (isNewer && entry.token !== this.token) this.$emit("restored", entry.token);
      this.changed();
    },
    put() {
      if (this.keep) window.aplusKept?.put(this.keep, { value: this.current, token: this.token, known: this.known });
    },
    changed() {
      this.touched = this.unsaved = true;
      this.send();
    },
    later() {
      this.touched = this.unsaved = true;
      this.found = false;
      this.grow();
      this.put();
      clearTimeout(this.timer);
      this.deadline ??= Date.now() + LONGEST_PAUSE;
      this.timer = setTimeout(this.send, Math.min(PAUSE, Math.max(0, this.deadline - Date.now())));
    },
    flush() {
      if (this.timer) this.send();
    },
    send() {
      this.settleDown();
      this.known = [...this.known, print(this.current)].slice(-KNOWN);
      this.put();
      if (window.aplusConnected?.() ?? true) this.$emit("typed", this.current);
    },
    settleDown() {
      clearTimeout(this.timer);
      this.timer = this.deadline = null;
    },
    again() {
      if (this.touched) this.send();
      if (this.entered) this.$emit("enter", this.entered);
    },
    // The server has saved this value; what was typed since is still to be.
    kept(value) {
      const mark = print(value);
      this.known = this.known.slice(Math.max(0, this.known.lastIndexOf(mark)));
      if (print(this.current) === mark) this.forget();
      else if (this.unsaved) this.put();
    },
    forget() {
      this.touched = this.unsaved = false;
      if (this.keep) window.aplusKept?.drop(this.keep);
    },
    enter() {
      if (this.entered) return;
      this.entered = ++this.presses;
      this.send();
      if (window.aplusConnected()) this.$emit("enter", this.entered);
      else window.aplusSay(CUT, "refused");
    },
    settle() {
      this.entered = 0;
    },
    keys(event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.enter();
      }
    },
    // Another value from the server: not over keys that it has not heard of.
    set(value) {
      if (this.timer) return;
      this.current = value;
      this.found = false;
      this.known = [print(value)];
      this.forget();
      this.$nextTick(this.grow);
    },
    // This much has left: only what was typed after it stays.
    leave(sent) {
      const rest = this.current.startsWith(sent) ? this.current.slice(sent.length).trimStart() : this.current;
      this.replace(rest, (this.$refs.control?.selectionStart ?? 0) - (this.current.length - rest.length));
    },
    // A text comes back: before what was typed meanwhile.
    before(text) {
      this.replace(this.current.trim() ? `${text}\n\n${this.current}` : text, text.length);
    },
    replace(value, caret) {
      this.settleDown();
      this.current = value;
      this.found = false;
      this.known = [print("")];
      if (value) this.changed();
      else this.forget();
      this.$nextTick(() => {
        this.grow();
        this.$refs.control?.setSelectionRange(Math.max(0, caret), Math.max(0, caret));
      });
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
