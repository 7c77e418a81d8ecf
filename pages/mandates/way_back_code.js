// The code that takes a handed screen back, drawn in the browser: what the server sends stays in the page's source
// and in what it may send again, where whoever holds the screen could read it. It leaves the page with its paragraph.
const MANY = 10000;
export default {
  template: `<p class="code">Code pour reprendre l’écran\u00a0: <strong>{{ code }}</strong> <span>Ne le montrez pas.</span></p>`,
  data() {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1));
    return { code: String(drawn % MANY).padStart(4, "0") };
  },
  methods: {
    take() {
      return this.code;
    },
  },
};
