// Choosing, dropping or pasting files, and sending them two at a time over HTTP, each with its progress. What
// went wrong stands under the file's name, in words; what can be tried again says so.
const AT_ONCE = 2;
const FAILED = "Ce fichier n’a pas été joint. Vérifiez votre connexion, puis réessayez.";
const time = (part, at) => new Intl.DateTimeFormat("fr-FR", { ...part, timeZone: "Europe/Paris" }).format(at);
const pasted = (at) => `Image collée le ${time({ day: "numeric", month: "long" }, at)} à ${time({ hour: "numeric", minute: "2-digit" }, at).replace(":", "\u00a0h\u00a0")}`;
export default {
  template: `
    <div class="upload">
      <input type="file" multiple :id="id" ref="input" @change="choose" />
      <label :for="id" class="button plain"><slot></slot><span>{{ label }}</span></label>
      <ul v-if="files.length" aria-label="Fichiers à joindre">
        <li v-for="file in files" :key="file.serial">
          <span class="name">{{ file.name }}</span>
          <progress v-if="file.state === 'going'" :value="file.progress" max="1" :aria-label="'Envoi de ' + file.name"></progress>
          <span v-if="file.state === 'going'" class="meta">{{ Math.round(file.progress * 100) }} %</span>
          <span v-if="file.state === 'waiting'" class="meta">en attente</span>
          <span v-if="file.state === 'joined'" class="meta">{{ file.stored ? "joint, enregistré comme « " + file.stored + " »" : "joint" }}</span>
          <span v-if="file.why" class="refused">{{ file.why }}</span>
          <button v-if="file.state === 'failed'" type="button" @click="again(file)" :aria-label="'Réessayer : ' + file.name">Réessayer</button>
          <button type="button" @click="remove(file)" :aria-label="(busy(file) ? 'Annuler l’envoi de ' : 'Retirer ') + file.name">{{ busy(file) ? "Annuler" : "Retirer" }}</button>
        </li>
      </ul>
      <p v-if="files.length" class="meta limit">{{ limit }}</p>
      <p class="unseen" role="status">{{ said }}</p>
      <div v-if="zone" class="drop-zone" :style="zone"><p>Déposez vos fichiers ici pour les joindre.</p></div>
    </div>`,
  props: { url: String, label: String, initial: Array, most: Number, limit: String, full: String },
  data() {
    return { id: `fichiers-${Math.random().toString(36).slice(2)}`, serial: 0, said: "", zone: null, files: [] };
  },
  created() {
    this.held = new Map(); // the bytes and the request of each, until it is joined
    this.show(this.initial || []);
  },
  mounted() {
    this.place = this.$el.closest(".case, .form-page") || this.$el;
    this.inside = 0;
    this.hear = {
      dragenter: (event) => this.carries(event) && (this.inside++, this.open()),
      dragover: (event) => this.carries(event) && event.preventDefault(),
      dragleave: (event) => this.carries(event) && --this.inside <= 0 && this.shut(),
      drop: (event) => {
        if (!this.carries(event)) return;
        event.preventDefault();
        this.shut();
        this.add(event.dataTransfer.files);
      },
      paste: (event) => this.paste(event),
    };
    for (const [name, hear] of Object.entries(this.hear)) this.place.addEventListener(name, hear);
    window.addEventListener("aplus:connected", this.tell);
  },
  beforeUnmount() {
    for (const [name, hear] of Object.entries(this.hear)) this.place.removeEventListener(name, hear);
    window.removeEventListener("aplus:connected", this.tell);
    this.held.forEach(({ request }) => request?.abort());
  },
  methods: {
    busy: (file) => file.state === "going" || file.state === "waiting",
    carries: (event) => event.dataTransfer?.types.includes("Files"),
    open() {
      const { left, top, width, height } = this.place.getBoundingClientRect();
      this.zone = { left: `${left}px`, top: `${Math.max(0, top)}px`, width: `${width}px`, height: `${Math.min(height, window.innerHeight - Math.max(0, top))}px` };
    },
    shut() {
      this.inside = 0;
      this.zone = null;
    },
    choose(event) {
      this.add(event.target.files);
      event.target.value = "";
    },
    paste(event) {
      const clip = event.clipboardData;
      if (!clip?.files.length || clip.types.includes("text/plain")) return; // a word processor adds a picture of its text
      event.preventDefault();
      const stem = pasted(new Date());
      for (const file of clip.files) {
        const kind = file.name.includes(".") ? file.name.split(".").pop() : file.type.split("/").pop();
        const taken = (name) => this.files.some((other) => other.name === name);
        let name = `${stem}.${kind}`;
        for (let number = 2; taken(name); number++) name = `${stem} (${number}).${kind}`;
        this.add([new File([file], name, { type: file.type })]);
      }
    },
    add(blobs) {
      for (const blob of blobs) {
        const held = this.files.filter((file) => file.state !== "refused").length;
        const file = { serial: ++this.serial, name: blob.name, id: null, stored: "", progress: 0, state: "waiting", why: "" };
        this.files.push(file);
        const kept = this.files[this.files.length - 1];
        this.held.set(kept.serial, { blob });
        if (held >= this.most) this.refuse(kept, this.full);
      }
      this.next();
      this.tell();
    },
    next() {
      while (this.files.filter((file) => file.state === "going").length < AT_ONCE) {
        const file = this.files.find((one) => one.state === "waiting");
        if (!file) return;
        this.upload(file);
      }
    },
    upload(file) {
      const request = new XMLHttpRequest();
      const held = this.held.get(file.serial);
      held.request = request;
      Object.assign(file, { state: "going", progress: 0, why: "" });
      request.open("POST", this.url);
      request.setRequestHeader("X-Nom", encodeURIComponent(file.name));
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) file.progress = event.loaded / event.total;
      };
      request.onload = () => this.answered(file, request);
      request.onerror = () => this.end(file, { state: "failed", why: FAILED });
      request.send(held.blob);
    },
    answered(file, request) {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {}
      if (request.status === 201) {
        const plain = (name) => name.normalize("NFC").replace(/\s+/g, " ");
        const stored = plain(answer.name) === plain(file.name) ? "" : answer.name;
        this.end(file, { state: "joined", id: answer.id, stored });
        this.said = `${file.name}, joint${stored ? `, enregistré comme ${stored}` : ""}.`;
      } else if (request.status >= 500 || request.status === 401 || !answer.erreur) {
        this.end(file, { state: "failed", why: answer.erreur || FAILED });
      } else {
        this.refuse(file, answer.erreur);
        this.end(file, {});
      }
    },
    refuse(file, why) {
      Object.assign(file, { state: "refused", why });
      this.said = `${file.name} : ${why}`;
      this.$nextTick(() => this.$el.querySelector("li:has(.refused):last-child")?.scrollIntoView({ block: "nearest" }));
    },
    end(file, how) {
      Object.assign(file, how);
      if (file.state !== "failed") this.held.delete(file.serial);
      if (file.state === "failed") this.said = `${file.name} : ${file.why}`;
      this.next();
      this.tell();
    },
    again(file) {
      file.state = "waiting";
      file.why = "";
      this.next();
      this.tell();
    },
    remove(file) {
      this.held.get(file.serial)?.request?.abort();
      this.held.delete(file.serial);
      if (file.id) fetch(`/pieces/${file.id}`, { method: "DELETE" }).catch(() => {});
      this.files = this.files.filter((other) => other.serial !== file.serial);
      this.said = `${file.name}, retiré.`;
      this.$refs.input.focus({ preventScroll: true });
      this.next();
      this.tell();
    },
    tell() {
      const count = (...states) => this.files.filter((file) => states.includes(file.state)).length;
      this.$emit("files", this.files.filter((file) => file.id).map(({ id, name, stored }) => ({ id, name: stored || name })));
      this.$emit("state", { going: count("going", "waiting"), failed: count("failed"), refused: count("refused") });
    },
    show(files) {
      const known = new Set(this.files.map((file) => file.id));
      const fresh = files.filter((file) => !known.has(file.id));
      this.files.push(...fresh.map((file) => ({ ...file, serial: ++this.serial, stored: "", progress: 1, state: "joined", why: "" })));
    },
    leave(ids) {
      this.files = this.files.filter((file) => this.busy(file) || (file.id && !ids.includes(file.id)));
      this.tell();
    },
  },
};
