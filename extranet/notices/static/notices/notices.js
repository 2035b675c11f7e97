// The bell counts by itself: when its live topic says that something changed, the page asks for it again.
(() => {
  "use strict";
  const bell = document.getElementById("cloche");
  if (!bell) return;
  const link = () => bell.querySelector("a");
  bell.addEventListener("live:state", async () => {
    const answer = await fetch(`${new URL(link().href).pathname}cloche/`).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const focused = link() === document.activeElement;
    link().outerHTML = await answer.text();
    if (focused) link().focus();
  });
  // What ends for the whole page is said by the page, not in the frame.
  bell.addEventListener("live:gone", () => bell.querySelector(".arrival")?.remove());
})();
// A level of following is kept as soon as it is chosen, where the page stands.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-watch]")) {
    const button = form.querySelector("button");
    const said = button.parentElement.appendChild(document.createElement("output"));
    button.hidden = true;
    form.addEventListener("change", async () => {
      said.textContent = "";
      const sent = { method: "POST", body: new FormData(form), redirect: "manual" };
      const answer = await fetch(form.action, sent).catch(() => null);
      const kept = answer?.type === "opaqueredirect";
      said.textContent = kept ? "Enregistré." : "Ce choix n’a pas pu être enregistré.";
      button.hidden = kept;
    });
  }
})();
