// Choosing files and sending them one by one, with progress; each can be cancelled or taken back.
export default {
  template: `
    <div class="upload">
      <input type="file" multiple :id="id" ref="input" @change="choose" />
      <label :for="id" class="button plain"><slot></slot><span>{{ label }}</span></label>
      <ul v-if="files.length" aria-live="polite">
        <li v-for="file in files" :key="file.serial">
          <span class="name">{{ file.name }}</span>
          <progress v-if="file.progress !== null" :value="file.progress" max="1" :aria-label="'Envoi de ' + file.name"></progress>
          <span v-if="file.progress === null && !file.refused">joint</span>
          <span v-if="file.refused" class="refused" role="alert">{{ file.refused }}</span>
          <button type="button" @click="remove(file)" :aria-label="'Retirer ' + file.name">{{ file.progress !== null ? "Annuler" : "Retirer" }}</button>
        </li>
      </ul>
    </div>`,
  props: { url: String, label: String, initial: Array },
  data() {
    return {
      id: `fichiers-${Math.random().toString(36).slice(2)}`,
      serial: 0,
      files: (this.initial || []).map((file, i) => ({ ...file, serial: `a${i}`, progress: null, refused: "" })),
    };
  },
  methods: {
    choose(event) {
      for (const file of event.target.files) this.upload(file);
      event.target.value = "";
    },
    upload(blob) {
      this.files.push({ serial: ++this.serial, name: blob.name, id: null, progress: 0, refused: "", request: null });
      const file = this.files[this.files.length - 1];
      const request = new XMLHttpRequest();
      file.request = request;
      request.open("POST", this.url);
      request.setRequestHeader("X-Nom", encodeURIComponent(blob.name));
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) file.progress = event.loaded / event.total;
      };
      request.onload = () => {
        file.progress = null;
        let answer = {};
        try {
          answer = JSON.parse(request.responseText);
        } catch {}
        if (request.status === 201) {
          file.id = answer.id;
          file.name = answer.name;
        } else {
          file.refused = answer.erreur || "L’envoi a échoué. Réessayez.";
        }
        this.tell();
      };
      request.onerror = () => {
        file.progress = null;
        file.refused = "L’envoi a échoué : vérifiez votre connexion, puis réessayez.";
      };
      request.send(blob);
    },
    async remove(file) {
      if (file.progress !== null) file.request?.abort();
      if (file.id) await fetch(`/pieces/${file.id}`, { method: "DELETE" });
      this.files = this.files.filter((other) => other.serial !== file.serial);
      this.tell();
    },
    tell() {
      this.$emit("files", this.files.filter((file) => file.id).map(({ id, name }) => ({ id, name })));
    },
    clear() {
      this.files = [];
    },
  },
};
