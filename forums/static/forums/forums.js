// What a script adds to discussions: toolbar, text kept while typing, sending without reloading, read as one scrolls.
// Everything works without it.
(() => {
  "use strict";

  // ---- Toolbar -------------------------------------------------------------------------------------------------------
  const insert = (area, text, from, to, selectFrom, selectTo) => {
    area.focus();
    area.setRangeText(text, from, to, "end");
    area.setSelectionRange(selectFrom, selectTo);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const format = (area, { before, after, sample, line }) => {
    let { selectionStart: from, selectionEnd: to, value } = area;
    if (line) {
      from = value.lastIndexOf("\n", from - 1) + 1;
      const lines = value.slice(from, to).split("\n").map((each) => line + each).join("\n");
      insert(area, lines, from, to, from + lines.length, from + lines.length);
      return;
    }
    const words = value.slice(from, to) || sample;
    insert(area, before + words + after, from, to, from + before.length, from + before.length + words.length);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toolbar] button");
    if (button) format(button.closest("form").elements.body, button.dataset);
  });

  const showToolbars = (root) => {
    for (const bar of root.querySelectorAll("[data-toolbar]")) bar.hidden = false;
  };

  // ---- The text is kept while it is typed, until it is sent ------------------------------------------------------------
  const draftKey = (form) => `brouillon:${form.dataset.draft}`;

  const restore = (form) => {
    const area = form.elements.body;
    const kept = sessionStorage.getItem(draftKey(form));
    if (!kept || kept === area.value || form.querySelector("[role=alert]")) return;
    const quoting = new URLSearchParams(location.search).has("citer");
    if (quoting && !kept.includes(area.value.trim())) area.value = `${kept.trim()}\n\n${area.value}`;
    else area.value = kept;
    say(form, "Texte retrouvé");
  };

  const say = (form, words) => {
    const place = form.querySelector("[data-draft-state]");
    if (place) place.textContent = words;
  };

  let waiting = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (!form || event.target.name !== "body") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      sessionStorage.setItem(draftKey(form), event.target.value);
      const now = new Date();
      say(form, `Brouillon gardé à ${now.getHours()}\u00a0h\u00a0${String(now.getMinutes()).padStart(2, "0")}`);
    }, 400);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const sends = form.matches("form[data-draft]:not([data-composer])") && event.submitter?.name !== "preview";
    if (sends) sessionStorage.removeItem(draftKey(form));
  });

  const wake = (root) => {
    showToolbars(root);
    for (const form of root.querySelectorAll("form[data-draft]")) restore(form);
  };
  wake(document);

  // ---- A thread ----------------------------------------------------------------------------------------------------------
  const thread = document.querySelector("[data-thread]");
  if (!thread) return;
  const list = thread.querySelector("#messages");

  // Messages that come by themselves are the same for everyone: show what is the reader's own.
  const reveal = (post) => {
    const mine = post.dataset.author === thread.dataset.me;
    for (const link of post.querySelectorAll("[data-own], [data-moderate]")) {
      const own = mine && "own" in link.dataset;
      link.hidden = !(own || ("moderates" in thread.dataset && "moderate" in link.dataset));
    }
    const canReply = thread.querySelector("[data-composer]") !== null;
    for (const link of post.querySelectorAll("[data-reply]")) link.hidden = !canReply;
  };
  const posts = () => list.querySelectorAll("[data-seq]");
  posts().forEach(reveal);

  // An answer to one's own sending may come before an earlier message of another.
  const sort = (post) => {
    let before = post.previousElementSibling;
    while (before && Number(before.dataset.seq) > Number(post.dataset.seq)) {
      before.before(post);
      before = post.previousElementSibling;
    }
  };

  for (const name of ["live:added", "live:edited"]) {
    thread.addEventListener(name, ({ detail: { element } }) => {
      if (!element) return;
      reveal(element);
      sort(element);
      watchEnd();
    });
  }
  thread.addEventListener("live:state", () => {
    const state = thread.querySelector("[data-thread-state]");
    const composer = thread.querySelector("[data-composer]");
    if (state && composer) composer.hidden = state.dataset.threadState === "close" && !composer.elements.body.value;
  });

  // ---- Sending without reloading -----------------------------------------------------------------------------------------
  const shown = (html) => {
    const key = new DOMParser().parseFromString(html, "text/html").querySelector("[data-live-key]")?.dataset.liveKey;
    return key && list.querySelector(`[data-live-key="${CSS.escape(key)}"]`);
  };

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const detail = event.detail;
    const form = thread.querySelector("[data-composer]");
    if (detail.requestConfig.elt !== form) return;
    if (detail.xhr.status === 422 || detail.xhr.status === 429) {
      detail.shouldSwap = true; // the form again, with what is wrong and what was typed
      detail.isError = false;
      detail.target = form;
      detail.swapOverride = "outerHTML";
    } else if (detail.xhr.status === 200 && shown(detail.xhr.responseText)) {
      detail.shouldSwap = false; // it arrived live before its own answer
    }
  });

  const fail = (event) => {
    const form = thread.querySelector("[data-composer]");
    if (event.detail.requestConfig.elt === form) {
      say(form, "Le message n’est pas parti\u202f: votre texte est gardé. Vérifiez la connexion, puis publiez à nouveau.");
    }
  };
  document.body.addEventListener("htmx:responseError", fail);
  document.body.addEventListener("htmx:sendError", fail);

  document.body.addEventListener("forums:posted", (event) => {
    const form = thread.querySelector("[data-composer]");
    form.elements.body.value = "";
    form.elements.key.value = event.detail.key;
    form.querySelector("[data-preview]").replaceChildren();
    form.querySelector("[role=alert]")?.remove();
    clearTimeout(waiting);
    sessionStorage.removeItem(draftKey(form));
    say(form, "Message publié");
  });

  document.body.addEventListener("htmx:afterSwap", (event) => {
    showToolbars(thread);
    if (event.detail.target === list) {
      posts().forEach(reveal);
      watchEnd();
    }
  });

  // ---- Read when its end has been in view --------------------------------------------------------------------------------
  const form = thread.querySelector("[data-read]");
  if (!form) return;
  form.hidden = true;
  let told = Number(form.dataset.read);

  const tell = async (seq) => {
    if (seq <= told) return;
    told = seq;
    form.elements.seq.value = seq;
    const composer = thread.querySelector("[data-composer]");
    if (composer) composer.elements.seen.value = seq;
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "HX-Request": "true" },
    }).catch(() => null);
    if (!answer?.ok) told = 0; // the next time it is in view
  };

  const observer = new IntersectionObserver((entries) => {
    if (document.visibilityState !== "visible") return;
    for (const entry of entries) if (entry.isIntersecting) tell(Number(entry.target.closest("[data-seq]").dataset.seq));
  }, { threshold: 0.1 });

  let watched = null;
  const watchEnd = () => {
    const last = [...posts()].at(-1);
    const end = last?.querySelector(".post-foot");
    if (!end || end === watched) return;
    if (watched) observer.unobserve(watched);
    watched = end;
    observer.observe(end);
  };
  watchEnd();
  document.addEventListener("visibilitychange", () => {
    if (watched) { observer.unobserve(watched); observer.observe(watched); }
  });
})();
