/* What others write appears in the page by itself. See docs/live.md.
 *
 * A container <div data-live-topic="forums.thread:42" data-live-seq="17"> shows a topic as it stood at entry 17. Its
 * pieces carry data-live-key; new ones go at the end of the element marked data-live-into (the container itself by
 * default). One socket for the page tells what happens; what it missed is asked over HTTP, and so is everything when
 * there is no socket. Without this script the page works by itself, reloaded by hand.
 *
 * Events on the container: live:added, live:edited, live:removed, live:moved, live:state (detail: {seq, kind, key, html,
 * element}) and live:gone.
 */
(() => {
  "use strict";

  const POLL = 15_000; // without a socket, milliseconds
  const SILENCE = 50_000; // the server gives a sign of life every 20 s or so
  const LONGEST_WAIT = 60_000;
  const REVISIT = 10 * 60_000; // a session that ended is noticed by HTTP even while the socket is quiet
  const SIGNED_OUT = 4401, GONE = 4403, TOO_MANY = 4429;

  /** One topic shown in the page. */
  class Topic {
    constructor(container) {
      this.container = container;
      this.name = container.dataset.liveTopic;
      this.seq = Number(container.dataset.liveSeq) || 0;
      this.into = container.querySelector("[data-live-into]") || container;
      this.unread = []; // pieces that arrived below what is being read
      this.asking = null;
      this.gone = false;
      this.announcer = document.createElement("p");
      this.announcer.className = "visually-hidden";
      this.announcer.setAttribute("aria-live", "polite");
      container.append(this.announcer);
      addEventListener("scroll", () => this.noticeWhatIsSeen(), { passive: true });
      document.addEventListener("visibilitychange", () => this.noticeWhatIsSeen());
    }

    /** Entries in order from wherever: those known are passed over, a gap sends for what is missing. */
    receive(told) {
      for (const entry of told.entries) {
        if (this.gone || entry.seq <= this.seq) continue;
        if (entry.seq > this.seq + 1) return this.catchUp();
        this.seq = entry.seq;
        this.apply(entry);
      }
      if (told.more || told.last > this.seq) return this.catchUp();
      if (told.last < this.seq && !told.entries.length) this.seq = told.last; // a restored database
    }

    /** Ask over HTTP for what was missed; one question at a time. */
    catchUp() {
      this.asking ??= this.ask().finally(() => { this.asking = null; });
      return this.asking;
    }

    async ask() {
      for (let more = true; more && !this.gone;) {
        const answer = await fetch(`/live/${this.name}?after=${this.seq}`, {
          headers: { Accept: "application/json" }, cache: "no-store",
        });
        if (answer.status === 404 || answer.status === 403 || answer.redirected) {
          return this.end(answer.redirected ? SIGNED_OUT : GONE);
        }
        if (!answer.ok) throw new Error(`live: ${answer.status}`);
        const told = await answer.json();
        const before = this.seq;
        for (const entry of told.entries) {
          if (entry.seq <= this.seq) continue;
          this.seq = entry.seq;
          this.apply(entry);
        }
        if (!told.entries.length) this.seq = told.last;
        more = told.more && this.seq > before;
      }
    }

    find(key) {
      return this.container.querySelector(`[data-live-key="${CSS.escape(key)}"]`);
    }

    apply(entry) {
      const there = this.find(entry.key);
      const piece = entry.html ? toElement(entry.html) : null;
      let element = there;
      this.keepingPlace(() => {
        if (entry.kind === "removed") there?.remove();
        else if (piece && entry.kind === "moved") { there?.remove(); element = this.append(piece); }
        else if (piece && there) { there.replaceWith(piece); element = piece; }
        else if (piece && entry.kind === "added") element = this.append(piece);
      });
      if (entry.kind === "removed") this.unread = this.unread.filter((each) => each !== there);
      else if (entry.kind === "added" && piece && !there) this.tell(piece);
      const detail = { ...entry, element };
      this.container.dispatchEvent(new CustomEvent(`live:${entry.kind}`, { bubbles: true, detail }));
    }

    append(piece) {
      if (this.into === this.container) this.announcer.before(piece);
      else this.into.append(piece);
      globalThis.htmx?.process(piece);
      return piece;
    }

    /** Change the page without moving what is being read: the first piece in view stays where it is. */
    keepingPlace(change) {
      const focused = document.activeElement;
      const key = focused?.closest?.("[data-live-key]")?.dataset.liveKey;
      const anchor = [...this.container.querySelectorAll("[data-live-key]")]
        .find((piece) => piece.getBoundingClientRect().bottom > 0);
      const anchorKey = anchor?.dataset.liveKey;
      const top = anchor?.getBoundingClientRect().top;
      change();
      const after = anchorKey && this.find(anchorKey);
      const shift = after ? after.getBoundingClientRect().top - top : 0;
      if (shift) scrollBy({ top: shift, behavior: "instant" });
      if (key && !focused.isConnected) focusOn(this.find(key));
    }

    // What arrives is announced -----------------------------------------------------------------------------------

    tell(piece) {
      if (!document.hidden && isInView(piece)) {
        this.announcer.textContent = "Un nouveau message est affiché";
        return;
      }
      this.unread.push(piece);
      this.showNotice();
    }

    showNotice() {
      if (!this.unread.length) {
        this.notice?.remove();
        this.notice = null;
        return;
      }
      if (!this.notice) {
        this.notice = element("div", "arrival");
        this.notice.append(element("span"), element("a", "button"));
        this.notice.lastChild.addEventListener("click", (event) => this.read(event));
        this.container.append(this.notice);
      }
      const count = this.unread.length;
      const [first] = this.unread;
      first.id ||= `live-${first.dataset.liveKey}`;
      const link = this.notice.lastChild;
      link.href = `#${first.id}`;
      const words = count === 1 ? "Un nouveau message est arrivé" : `${count} nouveaux messages sont arrivés`;
      this.notice.firstChild.textContent = words;
      this.announcer.textContent = words;
      link.textContent = count === 1 ? "Le lire" : "Les lire";
    }

    read(event) {
      event.preventDefault();
      const [first] = this.unread;
      this.unread = [];
      this.showNotice();
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      first.scrollIntoView({ block: "start", behavior: calm ? "instant" : "smooth" });
      focusOn(first);
    }

    noticeWhatIsSeen() {
      if (!this.unread.length || document.hidden) return;
      const left = this.unread.filter((piece) => piece.isConnected && !isInView(piece));
      if (left.length === this.unread.length) return;
      this.unread = left;
      this.showNotice();
    }

    /** The topic is not to be seen any more. */
    end(code) {
      if (this.gone) return;
      this.gone = true;
      this.unread = [];
      this.showNotice();
      const words = code === SIGNED_OUT ? "Votre session est terminée" : "Cette page n’est plus accessible";
      const notice = element("p", "arrival");
      notice.textContent = words;
      this.announcer.textContent = words;
      this.container.append(notice);
      this.container.dispatchEvent(new CustomEvent("live:gone", { bubbles: true }));
    }
  }

  /** The page's one socket, and the polling that stands in for it. */
  class Line {
    constructor(topics) {
      this.topics = topics;
      this.attempts = 0;
      this.heard = Date.now();
      this.visited = Date.now();
      addEventListener("online", () => this.open());
      addEventListener("offline", () => this.drop());
      addEventListener("pagehide", () => this.drop());
      addEventListener("pageshow", (event) => event.persisted && this.open());
      document.addEventListener("visibilitychange", () => !document.hidden && this.look());
      setInterval(() => this.look(), POLL);
      this.open();
    }

    get standing() {
      return this.topics.filter((topic) => !topic.gone);
    }

    get isOpen() {
      return this.socket?.readyState === 1; // OPEN: a browser may lack WebSocket itself
    }

    /** Every fifteen seconds: without a socket, ask; with a silent one, doubt it. */
    look() {
      if (this.isOpen && Date.now() - this.heard > SILENCE) this.drop();
      if (this.isOpen && Date.now() - this.visited < REVISIT) return;
      this.visited = Date.now();
      for (const topic of this.standing) topic.catchUp().catch(() => {}); // the network is away: asked again later
    }

    open() {
      clearTimeout(this.timer);
      if (this.socket || !this.standing.length || !globalThis.WebSocket) return;
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      const socket = new WebSocket(`${scheme}//${location.host}/live/`);
      this.socket = socket;
      socket.addEventListener("open", () => this.follow());
      socket.addEventListener("message", (event) => this.socket === socket && this.hear(JSON.parse(event.data)));
      socket.addEventListener("close", (event) => this.socket === socket && this.closed(event.code));
    }

    /** Give up the socket at once: without a network its closing would take minutes. */
    drop() {
      const { socket } = this;
      if (!socket) return;
      this.closed();
      socket.close();
    }

    follow() {
      this.heard = Date.now();
      const topics = this.standing;
      this.socket.send(JSON.stringify({
        follow: topics.map((topic) => topic.name),
        after: Object.fromEntries(topics.map((topic) => [topic.name, topic.seq])),
      }));
    }

    hear(said) {
      this.heard = Date.now();
      this.attempts = 0;
      for (const topic of this.standing) {
        if (said.gone === topic.name) topic.end(GONE);
        if (said.topic === topic.name) topic.receive(said)?.catch(() => {});
      }
    }

    closed(code) {
      this.socket = null;
      if (code === GONE || code === SIGNED_OUT) {
        for (const topic of this.standing) topic.end(code);
        return;
      }
      this.attempts += 1;
      const longest = code === TOO_MANY ? LONGEST_WAIT : Math.min(LONGEST_WAIT, 1000 * 2 ** this.attempts);
      // At random in the second half: a thousand browsers do not come back in the same second.
      this.timer = setTimeout(() => this.open(), longest * (0.5 + Math.random() / 2));
    }
  }

  function element(name, className) {
    return Object.assign(document.createElement(name), { className: className ?? "" });
  }

  function toElement(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  function isInView(piece) {
    const box = piece.getBoundingClientRect();
    return box.top < innerHeight && box.bottom > 0;
  }

  function focusOn(piece) {
    if (!piece) return;
    if (!piece.hasAttribute("tabindex")) piece.tabIndex = -1;
    piece.focus({ preventScroll: true });
  }

  const containers = [...document.querySelectorAll("[data-live-topic]")];
  if (containers.length) new Line(containers.map((container) => new Topic(container)));
})();
