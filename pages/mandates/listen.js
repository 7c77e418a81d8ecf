// Reads aloud what is shown of a text, with the voice of this device: nothing is sent anywhere, so that a voice of
// the browser's maker, far away, is not used. What is being read is marked. Without a voice, it says so in words.
const SILENCE = 4000; // milliseconds after which a voice that has not begun will not
const LOADING = 1000; // some browsers name their voices only a moment after they are asked
const GONE = ["canceled", "interrupted"];
const tag = (language) => language.toLowerCase().replace("_", "-");
export default {
  template: `<div class="listen"><button type="button" class="button" :aria-pressed="reading ? 'true' : 'false'" @click="press">{{ reading ? stop : listen }}</button>
      <p v-if="silent" class="notice" role="status">{{ none }}</p></div>`,
  props: { voice: String, listen: String, stop: String, none: String },
  data() {
    return { reading: false, silent: false };
  },
  created() {
    this.turn = 0;
  },
  mounted() {
    window.addEventListener("pagehide", this.quiet);
  },
  beforeUnmount() {
    window.removeEventListener("pagehide", this.quiet);
    this.quiet();
  },
  methods: {
    async press() {
      if (this.reading) return this.quiet();
      const speech = window.speechSynthesis;
      this.silent = !speech;
      if (!speech) return;
      const turn = ++this.turn;
      this.reading = true;
      speech.cancel(); // the other language stops
      const voices = await this.voices(speech);
      if (turn !== this.turn) return;
      const ours = voices.filter((one) => one.localService);
      const chosen =
        ours.find((one) => tag(one.lang) === tag(this.voice)) ||
        ours.find((one) => tag(one.lang).split("-")[0] === tag(this.voice).split("-")[0]);
      if (voices.length && !chosen) return this.fail();
      const lines = [...this.$el.closest("section").querySelectorAll(".words p")].filter((one) => one.checkVisibility());
      lines.forEach((line, number) => speech.speak(this.utterance(line, chosen, turn, number === lines.length - 1)));
      this.waiting = setTimeout(() => turn === this.turn && this.fail(), SILENCE);
    },
    utterance(line, chosen, turn, isLast) {
      const said = new SpeechSynthesisUtterance(line.textContent);
      said.lang = this.voice;
      said.rate = 0.9;
      if (chosen) said.voice = chosen;
      said.onstart = () => {
        clearTimeout(this.waiting);
        this.mark(turn === this.turn ? line : null);
      };
      said.onend = () => isLast && turn === this.turn && this.rest();
      said.onerror = (event) => {
        if (turn !== this.turn) return;
        if (GONE.includes(event.error)) this.rest();
        else this.fail();
      };
      return said;
    },
    voices(speech) {
      const known = speech.getVoices();
      if (known.length) return known;
      return new Promise((done) => {
        const end = () => done(speech.getVoices());
        speech.addEventListener?.("voiceschanged", end, { once: true });
        setTimeout(end, LOADING);
      });
    },
    mark(line) {
      this.$el.closest("section")?.querySelectorAll(".is-read").forEach((one) => one.classList.remove("is-read"));
      line?.classList.add("is-read");
    },
    rest() {
      clearTimeout(this.waiting);
      this.reading = false;
      this.mark(null);
    },
    fail() {
      this.quiet();
      this.silent = true;
    },
    quiet() {
      if (this.reading) window.speechSynthesis?.cancel();
      this.turn++;
      this.rest();
    },
  },
};
