// Elements, numbers and times: what every part of the page uses.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with properties (text, class, on..., anything else an attribute) and children. */
export function h(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, v] of Object.entries(props)) {
    if (v === null || v === undefined || v === false) continue;
    if (name === 'text') e.textContent = v;
    else if (name === 'class') e.className = v;
    else if (name.startsWith('on')) e.addEventListener(name.slice(2), v);
    else e.setAttribute(name, v === true ? '' : v);
  }
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}

/** Sets a text only where it differs, so that nothing is laid out for nothing. */
export function say(e, text) {
  if (e.textContent !== text) e.textContent = text;
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const three = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** A number to look at: three significant digits, thousands separated; a dash where there is none. */
export function number(v) {
  if (v === null || v === undefined || !Number.isFinite(v)) return '–';
  const size = Math.abs(v);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return v.toExponential(2);
  return three.format(v);
}

/** A count in full. */
export function count(v) {
  return v === null || v === undefined ? '–' : whole.format(v);
}

/** Bytes in their largest unit. */
export function bytes(v) {
  if (!v) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let i = 0;
  for (; v >= 1024 && i < units.length - 1; i++) v /= 1024;
  return `${three.format(v)} ${units[i]}`;
}

let skew = 0;

/** Says what the server's clock shows: ages go by it. */
export function serverTime(now) {
  skew = now - Date.now();
}

/** How long ago a time is, in words. */
export function ago(at) {
  if (!at) return '–';
  const s = Math.max(0, (Date.now() + skew - at) / 1000);
  if (s < 5) return 'just now';
  if (s < 120) return `${Math.round(s)} s ago`;
  if (s < 7200) return `${Math.round(s / 60)} min ago`;
  if (s < 172800) return `${Math.round(s / 3600)} h ago`;
  return `${Math.round(s / 86400)} days ago`;
}

/** A stretch of milliseconds in its largest unit. */
export function stretch(ms) {
  const s = ms / 1000;
  if (s < 120) return `${three.format(s)} s`;
  if (s < 7200) return `${three.format(s / 60)} min`;
  return s < 172800 ? `${three.format(s / 3600)} h` : `${three.format(s / 86400)} days`;
}

/** The absolute time, for hovering. */
export function stamp(at) {
  return at ? new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC') : '';
}

/** A time: relative, with the absolute one on hover. */
export function time(at) {
  return h('time', { datetime: at ? new Date(at).toISOString() : null, title: stamp(at), text: ago(at) });
}

/** A small line; what it says is said in words beside it. */
export function spark() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'spark');
  svg.setAttribute('viewBox', '0 0 100 30');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(SVG, 'polyline'));
  return svg;
}

/** Draws values into a small line; the empty ones are left out. */
export function draw(svg, values) {
  const known = values.filter((v) => v !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const points = [];
  values.forEach((v, i) => {
    if (v !== null) {
      const y = span > 0 ? 28 - (26 * (v - low)) / span : 15;
      points.push(`${((100 * i) / Math.max(1, values.length - 1)).toFixed(1)},${y.toFixed(1)}`);
    }
  });
  const text = known.length > 1 ? points.join(' ') : '';
  const line = svg.firstChild;
  if (line.getAttribute('points') !== text) line.setAttribute('points', text);
}

/** In which way values have gone, in a word: the last third beside the first. */
export function trend(values) {
  const known = values.filter((v) => v !== null && v !== undefined && Number.isFinite(v));
  if (known.length < 3) return 'too few points for a trend';
  const n = Math.ceil(known.length / 3);
  const mean = (all) => all.reduce((a, b) => a + b, 0) / all.length;
  const first = mean(known.slice(0, n));
  const last = mean(known.slice(-n));
  const spread = Math.max(...known) - Math.min(...known);
  if (Math.abs(last - first) < 0.1 * spread || spread === 0) return 'steady';
  return last > first ? 'rising' : 'falling';
}

/** Asks the server; a refusal is an error with the server's words. */
export async function ask(path, query) {
  const answer = await fetch(`${path}?${new URLSearchParams(query)}`);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.fault);
  return body;
}

/** A plain table: names of columns, of which those with a trailing * are text, and rows of nodes or texts. */
export function plain(caption, names, rows) {
  const text = names.map((n) => n.endsWith('*'));
  return h('div', { class: 'wide' }, h('table', { class: 'plain' },
    h('caption', { class: 'off', text: caption }),
    h('thead', {}, h('tr', {}, ...names.map((n, i) =>
      h('th', { scope: 'col', class: text[i] ? 'text' : null, text: n.replace('*', '') })))),
    h('tbody', {}, ...rows.map((r) => h('tr', {}, ...r.map((c, i) =>
      h('td', { class: text[i] ? 'text' : null }, c instanceof Node ? c : String(c))))))));
}
