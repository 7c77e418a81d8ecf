// A picture and the four corners of the page in it, as fractions. Each corner is dragged with a finger, a stylus or
// the mouse, or moved with the arrows (further with Shift).
const NAMES = ["Coin en haut à gauche", "Coin en haut à droite", "Coin en bas à droite", "Coin en bas à gauche"];
const WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const within = (value) => Math.min(Math.max(Math.round(value * 1e4) / 1e4, 0), 1);
const percent = (value) => `${Math.round(value * 100)}\u00a0%`;
export default {
  template: `
    <div class="page-frame">
      <p class="hint">Placez chaque coin sur celui de la page, avec le doigt, la souris ou les flèches du clavier.</p>
      <div ref="area" class="frame-area">
        <img :src="src" alt="Image entière, avant recadrage" draggable="false" />
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true"><path :d="around" fill-rule="evenodd" class="outside"></path><polygon :points="points"></polygon></svg>
        <div v-for="(corner, n) in corners" :key="n" class="corner" role="slider" tabindex="0" :aria-label="names[n]" aria-valuemin="0" aria-valuemax="100"
          :aria-valuenow="Math.round(corner[0] * 100)" :aria-valuetext="where(corner)" :style="{ left: corner[0] * 100 + '%', top: corner[1] * 100 + '%' }"
          @pointerdown="down($event, n)" @pointermove="move($event, n)" @pointerup="up" @pointercancel="up" @keydown="step($event, n)"></div>
      </div>
      <button type="button" class="button plain" @click="all">Garder l’image entière</button>
    </div>`,
  props: { src: String, initial: Array },
  data() {
    return { names: NAMES, corners: this.initial.map((one) => [...one]), held: null };
  },
  computed: {
    points() {
      return this.corners.map((one) => one.join(",")).join(" ");
    },
    around() {
      return `M0 0H1V1H0Z M${this.corners.map((one) => one.join(" ")).join("L")}Z`;
    },
  },
  methods: {
    where: ([x, y]) => `à ${percent(x)} de la gauche, à ${percent(y)} du haut`,
    down(event, n) {
      if (this.held || (event.pointerType === "mouse" && event.button)) return;
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.focus();
      // A finger hides what it touches: the corner keeps its distance from it.
      const box = this.$refs.area.getBoundingClientRect();
      const [x, y] = this.corners[n];
      this.held = { pointer: event.pointerId, dx: event.clientX - box.left - x * box.width, dy: event.clientY - box.top - y * box.height };
    },
    move(event, n) {
      if (event.pointerId !== this.held?.pointer) return;
      const box = this.$refs.area.getBoundingClientRect();
      this.corners[n] = [within((event.clientX - box.left - this.held.dx) / box.width), within((event.clientY - box.top - this.held.dy) / box.height)];
    },
    up(event) {
      if (event.pointerId === this.held?.pointer) this.held = null;
    },
    step(event, n) {
      const step = STEPS[event.key];
      if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      const far = event.shiftKey ? 0.05 : 0.005;
      const [x, y] = this.corners[n];
      this.corners[n] = [within(x + step[0] * far), within(y + step[1] * far)];
    },
    all() {
      this.corners = WHOLE.map((one) => [...one]);
    },
    chosen() {
      return this.corners.map((one) => [...one]);
    },
  },
};
