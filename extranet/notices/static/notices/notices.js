// The bell counts by itself: when its live topic says that something changed, the page asks for it again.
(() => {
  "use strict";
  const bell = document.getElementById("cloche");
  if (!bell) return;
  bell.addEventListener("live:state", async () => {
    const address = `${bell.querySelector("a")?.href ?? "/notifications/"}cloche/`;
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const focused = bell.contains(document.activeElement);
    bell.innerHTML = await answer.text();
    if (focused) bell.querySelector("a").focus();
  });
})();
