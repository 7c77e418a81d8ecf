// A box to sign in, with a finger, a stylus or the mouse. Strokes are kept as points and times in the box as it was
// at the first of them; when the tablet is turned they are shown in the new box whole, and more can be added. The
// server makes the image from them.
const round = (number) => Math.round(number * 100) / 100;
export default {
  template: `<div class="signature" role="img" :aria-label="'Cadre de signature, ' + (strokes.length ? 'signé' : 'vide')">
      <canvas ref="canvas" @pointerdown="down" @pointermove="move" @pointerup="up" @pointercancel="up" @contextmenu.prevent></canvas>
      <p v-if="!strokes.length" class="line" aria-hidden="true">Signez ici avec le doigt, le stylet ou la souris
        <span v-if="also" :lang="also.lang" :dir="also.dir">{{ also.words }}</span></p></div>`,
  props: { also: Object },
  data() {
    return { strokes: [], drawing: null, began: 0 };
  },
  mounted() {
    this.size = null;
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.$el);
    this.fit();
  },
  beforeUnmount() {
    this.watcher.disconnect();
  },
  methods: {
    fit() {
      const canvas = this.$refs.canvas;
      const ratio = window.devicePixelRatio || 1;
      canvas.width = canvas.clientWidth * ratio;
      canvas.height = canvas.clientHeight * ratio;
      this.ratio = ratio;
      this.paint();
    },
    // How the box of the first stroke stands in the box of now.
    view() {
      const { clientWidth: width, clientHeight: height } = this.$refs.canvas;
      const from = this.size || { width, height };
      const scale = Math.min(width / from.width, height / from.height);
      return { scale, left: (width - from.width * scale) / 2, top: (height - from.height * scale) / 2 };
    },
    point(event) {
      const box = this.$refs.canvas.getBoundingClientRect();
      const { scale, left, top } = this.view();
      return [round((event.clientX - box.left - left) / scale), round((event.clientY - box.top - top) / scale), Math.round(event.timeStamp - this.began)];
    },
    down(event) {
      if (this.drawing || (event.pointerType === "mouse" && event.button)) return;
      event.preventDefault();
      this.$refs.canvas.setPointerCapture(event.pointerId);
      if (!this.strokes.length) {
        this.began = event.timeStamp;
        this.size = { width: this.$refs.canvas.clientWidth, height: this.$refs.canvas.clientHeight };
      }
      this.drawing = { pointer: event.pointerId };
      this.strokes.push([this.point(event)]);
      this.paint();
    },
    move(event) {
      if (!this.drawing || event.pointerId !== this.drawing.pointer) return;
      const points = this.strokes[this.strokes.length - 1];
      for (const each of event.getCoalescedEvents?.() || [event]) {
        const [x, y, t] = this.point(each);
        const [px, py] = points[points.length - 1];
        if (Math.abs(x - px) + Math.abs(y - py) >= 2) points.push([x, y, t]);
      }
      this.paint();
    },
    up(event) {
      if (this.drawing && event.pointerId === this.drawing.pointer) this.drawing = null;
    },
    paint() {
      const canvas = this.$refs.canvas;
      const pen = canvas.getContext("2d");
      const { scale, left, top } = this.view();
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.setTransform(this.ratio * scale, 0, 0, this.ratio * scale, this.ratio * left, this.ratio * top);
      pen.strokeStyle = getComputedStyle(canvas).color;
      pen.lineWidth = 3 / scale;
      pen.lineCap = pen.lineJoin = "round";
      for (const points of this.strokes) {
        pen.beginPath();
        pen.moveTo(points[0][0], points[0][1]);
        for (const [x, y] of points.length > 1 ? points : [...points, [points[0][0] + 1, points[0][1]]]) pen.lineTo(x, y);
        pen.stroke();
      }
    },
    undo() {
      this.strokes.pop();
      this.paint();
    },
    clear() {
      this.strokes = [];
      this.paint();
    },
    // In whole pixels of a box that holds every point: what was added after a turn may lie outside the first one.
    drawn() {
      const { width, height } = this.size || { width: this.$refs.canvas.clientWidth, height: this.$refs.canvas.clientHeight };
      const xs = this.strokes.flatMap((points) => points.map(([x]) => x));
      const ys = this.strokes.flatMap((points) => points.map(([, y]) => y));
      const [left, top] = [Math.min(0, ...xs), Math.min(0, ...ys)];
      return {
        width: Math.ceil(Math.max(width, ...xs) - left),
        height: Math.ceil(Math.max(height, ...ys) - top),
        strokes: this.strokes.map((points) => points.map(([x, y, t]) => [Math.round(x - left), Math.round(y - top), t])),
      };
    },
  },
};
