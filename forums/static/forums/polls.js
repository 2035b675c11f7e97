// A vote changes the counts of everyone's page: they are put in place without touching what is being filled in.
(() => {
  "use strict";

  const thread = document.querySelector("[data-thread]");
  if (!thread) return;
  const shown = new Map(); // data-live-key -> the question as it stands in the page

  const learn = (post) => {
    const poll = post.querySelector("[data-poll]");
    if (poll) shown.set(post.dataset.liveKey, poll);
  };

  // The fresh question is the same for everyone: while it is open, the reader's own stays, with the fresh counts.
  const keepOwn = (post) => {
    const fresh = post.querySelector("[data-poll]");
    const own = shown.get(post.dataset.liveKey);
    if (fresh && own && own.dataset.poll === "ouverte" && fresh.dataset.poll === "ouverte") {
      for (const part of fresh.querySelectorAll("[data-part]")) {
        const old = own.querySelector(`[data-part="${part.dataset.part}"]`);
        if (old?.querySelector("details[open]")) part.querySelector("details")?.setAttribute("open", "");
        old?.replaceWith(part);
      }
      fresh.replaceWith(own);
    }
    learn(post);
  };

  for (const post of thread.querySelectorAll("[data-live-key]")) learn(post);
  thread.addEventListener("live:added", ({ detail: { element } }) => element && learn(element));
  thread.addEventListener("live:edited", ({ detail: { element } }) => element && keepOwn(element));
})();
