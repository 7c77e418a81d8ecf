// Photographing a page with the tablet's camera, choosing or dropping files, and sending them one after the other, so
// that pages keep the order in which they were taken. What went wrong stands in words; nothing is lost of what can
// be tried again. Where the page cannot use the camera, the tablet's own camera application can.
const FAILED = "Cette page n’est pas partie. Vérifiez votre connexion, puis réessayez.";
const CAMERA = {
  NotAllowedError: "L’appareil photo n’est pas autorisé pour ce site. Autorisez-le dans le navigateur, ou choisissez une image.",
  NotFoundError: "Aucun appareil photo n’a été trouvé. Choisissez une image, ou numérisez la page.",
  NotReadableError: "L’appareil photo sert déjà à une autre application. Fermez-la, puis réessayez.",
  other: "L’appareil photo ne répond pas. Choisissez une image, ou numérisez la page.",
};
export default {
  template: `
    <div class="page-upload">
      <div class="row-of-buttons">
        <button v-if="camera && !stream" type="button" ref="opener" class="button primary" :aria-busy="opening ? 'true' : null" @click="open"><slot></slot><span>Photographier une page</span></button>
        <span class="picker"><input type="file" multiple :id="id" ref="input" accept="image/*,.heic,.heif,application/pdf" @change="choose" /><label :for="id" class="button quiet">Choisir une image ou un PDF</label></span>
        <span v-if="why && camera" class="picker"><input type="file" :id="id + '-photo'" accept="image/*" capture="environment" @change="choose" /><label :for="id + '-photo'" class="button quiet">Ouvrir l’application photo</label></span>
      </div>
      <p class="meta">{{ limit }}</p>
      <p v-if="why" class="notice warn" role="alert">{{ why }}</p>
      <p v-if="replaced" class="notice">La prochaine image remplacera la {{ replaced.name }}. <button type="button" class="link" @click="replaced = null">Ne pas la remplacer</button></p>
      <div v-if="stream" class="camera">
        <video ref="video" autoplay playsinline muted aria-label="Ce que voit l’appareil photo"></video>
        <div class="row-of-buttons">
          <button type="button" ref="shutter" class="button primary" @click="take">Prendre la photo</button>
          <button type="button" class="button quiet" @click="shut">Fermer l’appareil photo</button>
        </div>
      </div>
      <ul v-if="files.length" aria-label="Pages à envoyer">
        <li v-for="file in files" :key="file.serial">
          <span class="name">{{ file.name }}</span>
          <progress v-if="file.state === 'going'" :value="file.progress" max="1" :aria-label="'Envoi de ' + file.name"></progress>
          <span v-if="file.state === 'going'" class="meta">{{ file.progress < 1 ? Math.round(file.progress * 100) + " %" : "préparation de l’image" }}</span>
          <span v-if="file.state === 'waiting'" class="meta">en attente</span>
          <span v-if="file.why" class="refused">{{ file.why }}</span>
          <button v-if="file.state === 'failed'" type="button" class="button quiet" @click="again(file)" :aria-label="'Réessayer : ' + file.name">Réessayer</button>
          <button type="button" class="button plain" @click="remove(file)" :aria-label="(file.why ? 'Retirer ' : 'Annuler l’envoi de ') + file.name">{{ file.why ? "Retirer" : "Annuler" }}</button>
        </li>
      </ul>
      <p class="unseen" role="status">{{ said }}</p>
      <div v-if="over" class="drop-zone over-all"><p>Déposez les pages ici pour les ajouter.</p></div>
    </div>`,
  props: { url: String, camera: Boolean, limit: String },
  data() {
    return { id: `pages-${Math.random().toString(36).slice(2)}`, serial: 0, photos: 0, said: "", why: "", files: [], stream: null, opening: false, replaced: null, over: false };
  },
  created() {
    this.held = new Map(); // the bytes and the request of each, until it is sent
  },
  mounted() {
    this.inside = 0;
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    this.hear = {
      dragenter: (event) => carries(event) && (this.inside++, (this.over = true)),
      dragover: (event) => carries(event) && event.preventDefault(),
      dragleave: (event) => carries(event) && --this.inside <= 0 && (this.over = false),
      drop: (event) => {
        if (!carries(event)) return;
        event.preventDefault();
        this.inside = 0;
        this.over = false;
        this.add(event.dataTransfer.files);
      },
    };
    for (const [name, hear] of Object.entries(this.hear)) window.addEventListener(name, hear);
  },
  beforeUnmount() {
    for (const [name, hear] of Object.entries(this.hear)) window.removeEventListener(name, hear);
    this.stop();
    this.held.forEach(({ request }) => request?.abort());
  },
  methods: {
    async open() {
      if (this.opening) return;
      this.opening = true;
      this.why = "";
      try {
        if (!navigator.mediaDevices?.getUserMedia) throw { name: "other" };
        const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 3840 }, height: { ideal: 2160 } };
        const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
        if (!this.$el.isConnected) return stream.getTracks().forEach((track) => track.stop());
        this.stream = Object.freeze({ of: stream });
        await this.$nextTick();
        this.$refs.video.srcObject = stream;
        this.$refs.shutter.focus();
        this.$refs.video.scrollIntoView({ block: "nearest" });
      } catch (error) {
        this.why = CAMERA[error.name] || CAMERA.other;
      } finally {
        this.opening = false;
      }
    },
    stop() {
      this.stream?.of.getTracks().forEach((track) => track.stop());
      this.stream = null;
    },
    shut() {
      this.stop();
      this.$nextTick(() => this.$refs.opener?.focus());
    },
    take() {
      const video = this.$refs.video;
      if (!video.videoWidth) return; // nothing seen yet
      const canvas = document.createElement("canvas");
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext("2d").drawImage(video, 0, 0);
      const name = `Photo ${++this.photos}`;
      canvas.toBlob((blob) => blob && this.add([new File([blob], name, { type: "image/jpeg" })]), "image/jpeg", 0.92);
    },
    choose(event) {
      this.add(event.target.files);
      event.target.value = "";
    },
    retake(page, name) {
      this.replaced = { page, name };
      if (this.camera && !this.stream) this.open();
      else this.$refs.input.focus();
    },
    add(blobs) {
      for (const blob of blobs) {
        const serial = ++this.serial;
        this.held.set(serial, { blob, page: this.replaced?.page });
        this.replaced = null;
        this.files.push({ serial, name: blob.name, progress: 0, state: "waiting", why: "" });
      }
      this.next();
    },
    next() {
      if (this.files.some((file) => file.state === "going")) return;
      const file = this.files.find((one) => one.state === "waiting");
      if (file) this.upload(file);
    },
    upload(file) {
      const held = this.held.get(file.serial);
      const request = (held.request = new XMLHttpRequest());
      Object.assign(file, { state: "going", progress: 0, why: "" });
      request.open("POST", this.url);
      if (held.page) request.setRequestHeader("X-Remplace", held.page);
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) file.progress = event.loaded / event.total;
      };
      request.onload = () => this.answered(file, request);
      request.onerror = () => this.fail(file, "failed", FAILED);
      request.send(held.blob);
    },
    answered(file, request) {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {}
      if (request.status === 201) {
        this.said = `${file.name}, ajoutée.`;
        this.leave(file);
        this.$emit("sent");
      } else if (request.status >= 500 || request.status === 401 || !answer.erreur) {
        this.fail(file, "failed", answer.erreur || FAILED);
      } else {
        this.fail(file, "refused", answer.erreur);
      }
    },
    fail(file, state, why) {
      Object.assign(file, { state, why });
      this.said = `${file.name} : ${why}`;
      this.next();
    },
    again(file) {
      Object.assign(file, { state: "waiting", why: "" });
      this.next();
    },
    remove(file) {
      this.held.get(file.serial)?.request?.abort();
      this.said = `${file.name}, retirée.`;
      this.leave(file);
      this.$refs.input.focus({ preventScroll: true });
    },
    leave(file) {
      this.held.delete(file.serial);
      this.files = this.files.filter((other) => other.serial !== file.serial);
      this.next();
    },
  },
};
