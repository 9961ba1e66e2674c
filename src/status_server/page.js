"use strict";
// Draws what status.json and health say, in place. Texts from there become text nodes only.

const pollInterval = 500;
const healthInterval = 10000;
const chart = {width: 560, height: 144, left: 26, right: 6, top: 8, bottom: 18};
const state = {order: "newest", slow: [], health: new Map(), cards: new Map()};

const byId = (id) => document.getElementById(id);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function drawn(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function duration(milliseconds) {
  if (milliseconds === 0) return "–";
  if (milliseconds >= 60000) return `${(milliseconds / 60000).toFixed(1)} min`;
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`;
  if (milliseconds >= 10) return `${milliseconds.toFixed(0)} ms`;
  return `${milliseconds.toFixed(2)} ms`;
}

function bytes(number) {
  return number >= 1e9 ? `${(number / 1e9).toFixed(2)} GB` : `${(number / 1e6).toFixed(1)} MB`;
}

function span(seconds) {
  const whole = Math.floor(seconds);
  const days = Math.floor(whole / 86400);
  const two = (number) => String(number).padStart(2, "0");
  const clock = `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return days > 0 ? `${days} d ${clock}` : clock;
}

// A card for each pool; made once, then only its texts and its drawing change.

function figure(list, label, mark) {
  const box = element("div", mark ? "" : "small");
  box.append(element("dt", mark ? `mark-${mark}` : "plain", label), element("dd", "", "–"));
  list.append(box);
  return box.lastChild;
}

function makeCard(name) {
  const root = element("article", "card");
  root.dataset.database = name;
  const top = element("div", "top");
  const kind = element("span", "kind");
  const health = element("span", "health unknown", "…");
  top.append(element("h3", "", name), kind, health);
  const error = element("p", "error");
  error.hidden = true;
  const list = element("dl", "figures");
  const figures = {
    used: figure(list, "used", "used"),
    idle: figure(list, "idle", "idle"),
    waiting: figure(list, "waiting", "waiting"),
    max: figure(list, "at most"),
    wait: figure(list, "wait p95"),
    use: figure(list, "use p95"),
  };
  const others = element("p", "others");
  const picture = drawn("svg", {
    viewBox: `0 0 ${chart.width} ${chart.height}`,
    role: "img",
    "aria-label": `Connections of ${name} over the last minutes`,
  });
  root.append(top, error, list, others, picture);
  byId("databases").append(root);
  return {kind, health, error, figures, others, picture};
}

function showPool(database) {
  if (!state.cards.has(database.name)) state.cards.set(database.name, makeCard(database.name));
  const card = state.cards.get(database.name);
  const pool = database.pool;
  setText(card.kind, database.type);
  setText(card.figures.used, String(pool.checked_out));
  setText(card.figures.idle, String(pool.checked_in));
  setText(card.figures.waiting, String(pool.waiting));
  setText(card.figures.max, String(pool.max_connections));
  setText(card.figures.wait, duration(pool.acquire_time_ms.p95));
  setText(card.figures.use, duration(pool.held_time_ms.p95));
  setText(card.others, `${pool.opening} being opened · ${pool.overflow} above the pool's size · ` +
    `${pool.invalid} given up`);
  const found = state.health.get(database.name);
  const word = pool.is_circuit_open ? "unhealthy" : found ? found.status : "unknown";
  card.health.className = `health ${word}`;
  setText(card.health, word === "unknown" ? "not checked yet" : word);
  const error = pool.is_circuit_open ? pool.last_connect_error : found ? found.error : null;
  card.error.hidden = !error;
  card.error.className = `error ${word}`;
  setText(card.error, error || "");
  draw(card.picture, database.history, pool.max_connections);
}

function draw(picture, history, most) {
  const inner = {width: chart.width - chart.left - chart.right, height: chart.height - chart.top - chart.bottom};
  const end = chart.top + inner.height;
  const peak = Math.max(most, 1, ...history.waiting);
  const x = (index) => chart.left + inner.width * (1 - (history.used.length - 1 - index) / (history.capacity - 1));
  const y = (value) => end - inner.height * value / peak;
  const area = (lower, upper) => {
    if (upper.length === 0) return "";
    const there = upper.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
    const back = lower.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).reverse();
    return `M${there.join("L")}L${back.join("L")}Z`;
  };
  const zero = history.used.map(() => 0);
  const open = history.used.map((used, index) => used + history.idle[index]);
  const minutes = Math.round(history.capacity * history.interval_ms / 60000);
  const label = (text, at, anchor, height) => {
    const made = drawn("text", {x: at, y: height, "text-anchor": anchor});
    made.textContent = text;
    return made;
  };
  const lines = [
    drawn("path", {class: "idle", d: area(history.used, open)}),
    drawn("path", {class: "used", d: area(zero, history.used)}),
    drawn("line", {class: "axis", x1: chart.left, x2: chart.width - chart.right, y1: end, y2: end}),
    drawn("line", {class: "limit", x1: chart.left, x2: chart.width - chart.right, y1: y(most), y2: y(most)}),
    label(String(most), chart.left - 5, "end", y(most) + 4),
    label("0", chart.left - 5, "end", end + 4),
    label(`${minutes} min ago`, chart.left, "start", chart.height - 4),
    label("now", chart.width - chart.right, "end", chart.height - 4),
  ];
  if (history.waiting.some((waiting) => waiting > 0)) {
    const points = history.waiting.map((waiting, index) => `${x(index).toFixed(1)},${y(waiting).toFixed(1)}`);
    lines.push(drawn("path", {class: "waiting", d: `M${points.join("L")}`}));
  }
  picture.replaceChildren(...lines);
}

function showSlow() {
  const rows = [...state.slow];
  if (state.order === "slowest") rows.sort((a, b) => b.duration_ms - a.duration_ms);
  const made = rows.slice(0, 25).map((slow) => {
    const row = element("tr");
    row.dataset.milliseconds = slow.duration_ms;
    row.append(
      element("td", "number", duration(slow.duration_ms)),
      element("td", "fixed", new Date(slow.time).toLocaleTimeString()),
      element("td", "fixed", slow.database),
      element("td", "fixed", slow.operation),
      element("td", slow.outcome === "ok" ? "fixed" : "fixed unhealthy", slow.outcome),
      element("td", "number", String(slow.rows)),
      element("td", "statement", slow.statement));
    return row;
  });
  byId("slow").replaceChildren(...made);
  byId("no-slow").hidden = made.length > 0;
}

function showMigrations(databases) {
  const made = databases.map((database) => {
    const row = element("tr");
    const status = database.migration_status;
    const pending = status.pending_migrations;
    const none = database.query_test ? "none" : "not known";
    row.append(
      element("td", "fixed", database.database_name),
      element("td", "fixed", status.current_version || "–"),
      element("td", pending.length > 0 ? "degraded" : "quiet", pending.join(", ") || none));
    return row;
  });
  byId("migrations").replaceChildren(...made);
}

function showStatus(status) {
  const process = status.process;
  const parts = [`flowdb ${status.version}`, `up ${span(status.uptime_s)}`];
  if (process.resident_bytes !== null) parts.push(bytes(process.resident_bytes));
  if (process.cpu_seconds !== null) parts.push(`CPU ${process.cpu_seconds.toFixed(1)} s`);
  if (process.open_files !== null) parts.push(`${process.open_files} open files`);
  setText(byId("process"), parts.join(" · "));
  setText(byId("title"), status.title);
  document.title = status.title;
  status.databases.forEach(showPool);
  const changed = JSON.stringify(status.slow_statements) !== JSON.stringify(state.slow);
  state.slow = status.slow_statements;
  if (changed || byId("slow").childElementCount === 0) showSlow();
}

async function fetched(path) {
  const answer = await fetch(path, {cache: "no-store", signal: AbortSignal.timeout(15000)});
  return answer.json();
}

// One request after the other, however long one takes.
async function repeat(path, interval, show, failed) {
  for (;;) {
    const start = performance.now();
    try {
      show(await fetched(path));
    } catch (error) {
      failed(error);
    }
    const left = interval - (performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, Math.max(left, 100)));
  }
}

function choose(order) {
  state.order = order;
  for (const id of ["newest", "slowest"]) byId(id).setAttribute("aria-pressed", String(id === order));
  showSlow();
}

byId("newest").addEventListener("click", () => choose("newest"));
byId("slowest").addEventListener("click", () => choose("slowest"));

repeat("status.json", pollInterval, (status) => {
  showStatus(status);
  byId("connection").className = "";
  setText(byId("connection"), `as of ${new Date(status.timestamp).toLocaleTimeString()}`);
}, () => {
  byId("connection").className = "lost";
  setText(byId("connection"), "the program does not answer");
});

repeat("health", healthInterval, (health) => {
  for (const database of health.databases) state.health.set(database.database_name, database);
  showMigrations(health.databases);
}, () => {});
