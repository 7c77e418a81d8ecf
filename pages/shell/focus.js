// The focus is never lost: when what holds it goes away (a gesture that removes its own button, something live, a
// dialog whose button is gone), it moves to the place that what is left around names by data-refuge, or to its heading.
document.addEventListener("DOMContentLoaded", () => {
  let path = []; // what has the focus, and all that it stands in
  const above = (node) => {
    const found = [];
    for (let one = node; one && one !== document.body; one = one.parentElement) found.push(one);
    return found;
  };
  const keep = () => {
    if (!path.length || path[0].isConnected || document.activeElement !== document.body) return;
    const left = path.find((one) => one.isConnected) || document.getElementById("contenu");
    path = [];
    const place = left?.closest("[data-refuge], dialog, .screen, main");
    if (!place) return;
    const targets = [...place.querySelectorAll(place.dataset.refuge || "h1, h2")];
    const target = targets.find((one) => one.checkVisibility({ visibilityProperty: true })) || place;
    if (target.tabIndex < 0) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  };
  document.addEventListener("focusin", (event) => (path = above(event.target)));
  document.addEventListener("focusout", () => {
    const before = path;
    // Left by a click beside, not by going away.
    setTimeout(() => before === path && path[0]?.isConnected && document.activeElement === document.body && (path = []));
  });
  new MutationObserver(keep).observe(document.body, { childList: true, subtree: true });
});
