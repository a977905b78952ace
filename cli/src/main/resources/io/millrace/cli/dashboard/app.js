// Where the page begins: it follows the address bar, and the server's stream of what has changed.

import { h, say, draw, spark, number, count, time, ago, serverTime, stamp } from '/dom.js';
import { League } from '/table.js';

const ICONS = { good: '✓', warn: '▲', bad: '✕', none: '○' };
const main = document.getElementById('main');
const head = document.getElementById('head');
const connection = document.getElementById('connection');

let stream = null;
let streamOf = null;
let page = null;
let newest = null;
let turn = 0;

/** What the address bar says: the page, and its state. */
function address() {
  const [path, query] = location.hash.replace(/^#/, '').split('?');
  return { path: path || '/', query: new URLSearchParams(query || '') };
}

/** Follows the stream; with a key, also what becomes of it. */
function follow(key) {
  if (stream && streamOf === key) return;
  if (stream) stream.close();
  streamOf = key;
  stream = new EventSource(key === null ? '/events' : `/events?${new URLSearchParams({ key })}`);
  stream.onopen = () => say(connection, '');
  stream.onerror = () => say(connection,
    'The dashboard does not answer: what you see is as of the last answer. Trying again; see whether ./millrace dashboard still runs.');
  stream.addEventListener('board', (e) => board(JSON.parse(e.data)));
  stream.addEventListener('key', (e) => page && page.key && page.key(JSON.parse(e.data)));
}

function board(b) {
  serverTime(b.now);
  newest = b;
  const of = b.head;
  say(head, [
    of.job ? `job ${of.job}` : null,
    of.family ? `family ${of.family}` : null,
    `Kafka ${of.servers}`,
    of.since ? `figures since ${stamp(of.since).slice(0, 16)} UTC` : 'no figures yet',
    of.incarnation ? `incarnation ${of.incarnation}` : null,
    of.reading ? 'still reading what was written before' : null,
  ].filter(Boolean).join(' · '));
  say(document.getElementById('nav-letters'), of.letters ? `Dead letters (${count(of.letters)})` : 'Dead letters');
  const worst = ['bad', 'warn'].find((state) => b.tiles.some((t) => t.state === state));
  const { path, query } = address();
  const title = `${worst ? `${ICONS[worst]} ` : ''}${path === '/key' ? `${query.get('k')} – ` : ''}Millrace`;
  if (document.title !== title) document.title = title;
  if (page && page.board) page.board(b);
}

/** The first screen: four tiles, what happened, the table of keys. */
function overview(query) {
  const faults = h('div');
  const tiles = h('section', { class: 'tiles', 'aria-label': 'Is it healthy?' });
  const happenings = h('ol', { class: 'happenings' });
  const league = new League(query);
  main.replaceChildren(faults, tiles,
    h('section', { 'aria-labelledby': 'happened' }, h('h2', { id: 'happened', text: 'Last happenings' }), happenings),
    league.element);
  const shown = [];
  let told = '';
  return {
    board(b) {
      const wrong = Object.entries(b.head.faults).map(([topic, text]) => `${topic}: ${text}`);
      if (faults.textContent !== wrong.join('')) faults.replaceChildren(...wrong.map((text) => h('p', { class: 'fault', text })));
      b.tiles.forEach((t, i) => tile(tiles, shown, t, i));
      const now = JSON.stringify(b.happenings);
      if (now !== told) {
        told = now;
        happenings.replaceChildren(...(b.happenings.length
          ? b.happenings.map((m) => h('li', {}, time(m.at), ' ',
            m.key === '*' ? '' : h('a', { href: keyLink(m.key), text: m.key }), m.key === '*' ? 'all keys: ' : ': ', m.text,
            m.more ? h('span', { class: 'soft', text: ` and ${count(m.more)} of that kind before it` }) : ''))
          : [h('li', { text: 'Nothing has happened: no drift, no order, no decision, no new run.' })]));
      } else {
        happenings.querySelectorAll('time').forEach((t) => say(t, ago(Date.parse(t.dateTime))));
      }
      league.news(b.revision);
    },
    left: () => league.left(),
  };
}

function tile(parent, shown, t, i) {
  if (!shown[i]) {
    const e = { box: h('article', { class: 'tile' }), word: h('p', { class: 'word' }), number: h('span'), unit: h('small'), line: spark(),
      lines: h('div', { class: 'soft' }), todo: h('p', { class: 'todo' }) };
    e.box.append(h('h2', { text: t.title }), e.word, h('p', { class: 'number' }, e.number, ' ', e.unit), e.line, e.lines, e.todo);
    parent.append(e.box);
    shown[i] = e;
  }
  const e = shown[i];
  e.box.className = `tile ${t.state}`;
  say(e.word, `${ICONS[t.state]} ${t.word}`);
  say(e.number, number(t.number));
  say(e.unit, t.unit);
  draw(e.line, t.course);
  t.lines.forEach((text, n) => {
    if (!e.lines.children[n]) e.lines.append(h('p'));
    say(e.lines.children[n], text);
  });
  while (e.lines.children.length > t.lines.length) e.lines.lastChild.remove();
  say(e.todo, t.todo ? `To do: ${t.todo}` : '');
}

/** Address of a key's page. */
export function keyLink(key) {
  return `#/key?${new URLSearchParams({ k: key })}`;
}

async function show() {
  const mine = ++turn;
  const { path, query } = address();
  for (const [id, at] of [['nav-keys', '/'], ['nav-letters', '/letters']]) {
    const link = document.getElementById(id);
    if (path === at) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
  }
  if (page && page.left) page.left();
  page = null;
  if (path === '/key') {
    const { keyPage } = await import('/key.js');
    if (mine !== turn) return;
    page = keyPage(main, query);
    follow(query.get('k') || '');
  } else if (path === '/letters') {
    const { lettersPage } = await import('/letters.js');
    if (mine !== turn) return;
    page = lettersPage(main, query);
    follow(null);
  } else {
    page = overview(query);
    follow(null);
  }
  if (newest && page.board) page.board(newest);
}

addEventListener('hashchange', () => {
  show();
  main.focus({ preventScroll: true });
});
show();
