// A box to sign in, with a finger, a stylus or the mouse. Strokes are kept as points and times; the server makes
// the image from them.
export default {
  template: `<div class="signature" role="img" aria-label="Cadre de signature">
      <canvas ref="canvas" @pointerdown="down" @pointermove="move" @pointerup="up" @pointercancel="up"></canvas>
      <p v-if="!strokes.length" class="line">Signez ici avec le doigt, le stylet ou la souris</p></div>`,
  data() {
    return { strokes: [], drawing: null, began: 0 };
  },
  mounted() {
    this.fit();
    this.onResize = () => this.fit();
    window.addEventListener("resize", this.onResize);
  },
  beforeUnmount() {
    window.removeEventListener("resize", this.onResize);
  },
  methods: {
    fit() {
      const canvas = this.$refs.canvas;
      const ratio = window.devicePixelRatio || 1;
      canvas.width = canvas.clientWidth * ratio;
      canvas.height = canvas.clientHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      this.paint();
    },
    point(event) {
      const box = this.$refs.canvas.getBoundingClientRect();
      return [Math.round(event.clientX - box.left), Math.round(event.clientY - box.top), Math.round(event.timeStamp - this.began)];
    },
    down(event) {
      if (this.drawing || (event.pointerType === "mouse" && event.button)) return;
      event.preventDefault();
      this.$refs.canvas.setPointerCapture(event.pointerId);
      if (!this.strokes.length) this.began = event.timeStamp;
      this.drawing = { pointer: event.pointerId, points: [this.point(event)] };
      this.strokes.push(this.drawing.points);
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
      pen.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
      pen.strokeStyle = getComputedStyle(canvas).color;
      pen.lineWidth = 3;
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
    drawn() {
      const canvas = this.$refs.canvas;
      return { width: canvas.clientWidth, height: canvas.clientHeight, strokes: JSON.parse(JSON.stringify(this.strokes)) };
    },
  },
};
