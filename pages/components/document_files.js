// Joining the pages of a signed document: one request a file, one after the other; what went wrong is said in words.
const FAILED = "Ce fichier n’a pas été joint. Vérifiez votre connexion, puis réessayez.";
export default {
  template: `
    <div class="upload">
      <input type="file" multiple accept="image/*,application/pdf,.heic" :id="id" ref="input" @change="choose" />
      <label :for="id" class="button"><slot></slot><span>{{ label }}</span></label>
      <p v-if="going" class="meta" role="status">Envoi de {{ going }}…</p>
      <p v-if="why" class="field-error" role="alert">{{ why }}</p>
    </div>`,
  props: { url: String, label: String },
  data() {
    return { id: `document-${Math.random().toString(36).slice(2)}`, going: "", why: "" };
  },
  methods: {
    async choose(event) {
      const files = [...event.target.files];
      event.target.value = "";
      this.why = "";
      for (const file of files) {
        this.going = file.name;
        const refused = await this.send(file);
        if (refused) {
          this.why = `${file.name} : ${refused}`;
          break;
        }
      }
      this.going = "";
      this.$emit("joined");
    },
    async send(file) {
      try {
        const answer = await fetch(this.url, { method: "POST", body: file, headers: { "X-Nom": encodeURIComponent(file.name) } });
        if (answer.ok) return "";
        return (await answer.json()).erreur || FAILED;
      } catch {
        return FAILED;
      }
    },
  },
};
