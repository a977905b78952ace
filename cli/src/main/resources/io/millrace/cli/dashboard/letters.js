// Dead letters: how many of each reason, and the last of them with their text.

import { h, say, count, time, ask } from '/dom.js';

/** A list of letters, each with its event behind a line to open. */
export function letterList(letters) {
  return h('div', {}, ...letters.map((l) => h('article', {},
    h('h3', {}, `${l.reason} `, h('span', { class: 'soft' }, l.key === null ? 'key not read' : l.key, ', ', time(l.at))),
    h('p', { text: l.message }),
    h('details', {}, h('summary', { text: l.address }), h('pre', { text: l.event === '' ? 'The event is empty.' : l.event })))));
}

/** The page of all letters; the address says which reason. */
export function lettersPage(main, query) {
  let reason = query.get('reason') || '';
  const summary = h('p', { class: 'soft', role: 'status' });
  const reasons = h('div', { class: 'bar', role: 'group', 'aria-label': 'Reasons' });
  const list = h('div', { class: 'card' });
  main.replaceChildren(h('h2', { text: 'Dead letters' }), summary, reasons, list);
  let told = '';
  let seen = -1;
  let asking = false;

  function choose(r) {
    reason = r;
    history.replaceState(null, '', r ? `#/letters?${new URLSearchParams({ reason: r })}` : '#/letters');
    seen = -1;
    refresh();
  }

  async function refresh() {
    if (asking) return;
    asking = true;
    try {
      const a = await ask('/api/letters', reason ? { reason } : {});
      const now = JSON.stringify([a, reason]);
      if (now === told) return;
      told = now;
      say(summary, a.count
        ? `${count(a.count)} events could not be used. The last ${a.kept} of each reason are shown; ./millrace dead-letters list has all, replay sends them again once their producer is mended.`
        : 'No event was refused.');
      reasons.replaceChildren(...[{ reason: '', count: a.count }, ...a.reasons].map((r) => h('button', { type: 'button', 'aria-pressed': String(r.reason === reason),
        onclick: () => choose(r.reason), text: `${r.reason || 'all'} ${count(r.count)}` })));
      list.replaceChildren(letterList(a.letters));
    } catch (e) {
      say(summary, `The letters cannot be read: ${e.message}`);
    } finally {
      asking = false;
    }
  }

  refresh();
  return {
    board(b) {
      if (b.head.letters !== seen) {
        seen = b.head.letters;
        refresh();
      }
    },
  };
}
