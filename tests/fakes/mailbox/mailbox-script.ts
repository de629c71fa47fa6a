/** The mailbox's script: times in words, a list that renews itself, `/` for the search, clearing. All of it works without, but for the last. */
export const mailboxScript = `
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });
function ago(seconds) {
  if (seconds < 5) return "now";
  if (seconds < 60) return words.format(-Math.floor(seconds), "second");
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86400) return words.format(-Math.floor(seconds / 3600), "hour");
  return words.format(-Math.floor(seconds / 86400), "day");
}
function tellTimes() {
  for (const time of document.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    time.title = at.toLocaleString();
    time.textContent = ago((Date.now() - at) / 1000);
  }
}
tellTimes();
setInterval(tellTimes, 5000);

const renewed = document.getElementById("renewed");
const search = document.querySelector(".search");
if (renewed) {
  let running = false, again = false;
  const renew = async () => {
    if (running) { again = true; return; }
    running = true;
    try {
      const answer = await fetch(location.href, { headers: { "x-part": "list" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const focused = document.activeElement?.closest?.("#renewed a")?.getAttribute("href");
      renewed.replaceChildren(...page.getElementById("renewed").childNodes);
      document.getElementById("tabs").replaceChildren(...page.getElementById("tabs").childNodes);
      document.getElementById("clear").disabled = page.getElementById("clear").disabled;
      if (focused) renewed.querySelector('a[href="' + CSS.escape(focused) + '"]')?.focus();
      tellTimes();
    } finally {
      running = false;
      if (again) { again = false; renew(); }
    }
  };
  const live = document.getElementById("live");
  const events = new EventSource("/events");
  events.onopen = () => { live.dataset.state = "live"; live.textContent = "Live"; renew(); };
  events.onerror = () => { live.dataset.state = "lost"; live.textContent = "Reconnecting"; };
  events.onmessage = renew;

  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const url = new URL(location.href);
      if (search.value) url.searchParams.set("to", search.value); else url.searchParams.delete("to");
      history.replaceState(null, "", url);
      renew();
    }, 120);
  });
  document.getElementById("clear").addEventListener("click", async () => {
    if (confirm("Delete every message in this mailbox?")) await fetch("/api/messages", { method: "DELETE" });
  });
}
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input")) return;
  event.preventDefault();
  if (search) search.focus(); else location.href = "/";
});
`;
