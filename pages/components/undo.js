// «Annuler l’envoi», for as many seconds as it is offered. Said once to assistive tools, not at each second.
export default {
  template: `
    <div class="undo">
      <span class="unseen" role="status">{{ said }}</span>
      <button v-if="left" ref="button" type="button" class="button quiet" @click="press">
        <span>Annuler l’envoi <span class="left" aria-hidden="true">({{ left }} s)</span></span>
      </button>
    </div>`,
  data() {
    return { left: 0, said: "" };
  },
  beforeUnmount() {
    clearInterval(this.tick);
  },
  methods: {
    offer(seconds) {
      this.hide();
      const end = Date.now() + seconds * 1000; // a tablet that sleeps counts no seconds
      this.left = seconds;
      this.said = `Message envoyé. Vous pouvez annuler l’envoi pendant ${seconds} secondes.`;
      this.tick = setInterval(() => {
        this.left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
        if (!this.left) this.hide();
      }, 250);
    },
    hide() {
      clearInterval(this.tick);
      const held = this.$refs.button?.contains(document.activeElement);
      this.left = 0;
      this.said = "";
      if (held) this.$el.closest("form")?.querySelector("textarea")?.focus();
    },
    press() {
      if (window.aplusConnected?.() ?? true) this.$emit("undo");
      else window.aplusSay("Connexion perdue : l’envoi ne peut pas être annulé.", "refused");
    },
  },
};
