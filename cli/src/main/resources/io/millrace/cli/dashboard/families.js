// What models of some families have to show beside their figures: atoms, arms, clients, chains and draws.

import { h, say, number, count, time, plain, ask } from '/dom.js';
import { Picture } from '/charts.js';

/** Cards of a key that depend on its family; asked for when a new version is published. */
export function families(key) {
  let version = null;
  let built = null;
  let asking = false;
  let status = '';
  const box = h('section', { class: 'card' });
  const people = h('section', { class: 'card' });
  const scatter = new Picture('Draws over two coordinates');
  const chosen = {};

  async function refresh(m) {
    if (asking) return;
    asking = true;
    try {
      const a = await ask('/api/view', { key, ...chosen });
      version = m.version;
      ({ tune, sample, dictionary }[a.family] || (() => {}))(a);
    } catch (e) {
      box.replaceChildren(h('h3', { text: 'The model itself' }), h('p', { text: `It cannot be shown: ${e.message}` }));
    } finally {
      asking = false;
    }
  }

  function tune(a) {
    box.replaceChildren(h('h3', { text: 'Arms' }), h('p', { class: 'soft', text: `policy ${a.policy}; the last column is what an arm would have cost at every request, doubly robust, with bounds that hold at every time` }),
      plain('Arms', ['Arm*', 'Value', 'Pulls', 'Mean cost', 'Probability', 'Cost if always', ''], a.arms.map((r) => [r.arm, number(r.value), count(r.pulls), number(r.meanCost),
        number(r.probability), r.offPolicyCost === null ? '–' : `${number(r.offPolicyCost)}${r.offPolicyWidth === null ? '' : ` ± ${number(r.offPolicyWidth)}`}`, !r.eligible ? 'removed' : r.arm === a.best ? 'best' : ''])));
  }

  function dictionary(a) {
    const used = a.usage && a.usage.length ? a.usage : null;
    const src = `/api/view?${new URLSearchParams({ key, image: '1', v: a.version })}`;
    box.replaceChildren(h('h3', { text: 'Atoms' }),
      h('img', { class: 'atoms', src, alt: `${a.atoms} atoms of ${a.rows} rows each; grey is 0, black and white the largest entry of an atom` }),
      h('p', { class: 'soft', text: `${count(a.atoms)} atoms for signals of ${count(a.dimension)} numbers, as of version ${count(a.version)}` }),
      used ? plain('Use of the atoms', ['Atom', 'Use'], used.map((u, i) => [i, u]).sort((x, y) => y[1] - x[1]).slice(0, 10).map(([i, u]) => [i, number(u)])) : '',
      used ? h('p', { class: 'soft', text: `the ten most used, by the faded sum of their squared codes; ${count(used.filter((u) => u === 0).length)} of ${count(used.length)} are not used at all` }) : '');
  }

  function sample(a) {
    const pick = (name) => h('select', { 'aria-label': `Coordinate ${name}`, onchange: (e) => {
      chosen[name] = e.target.value;
      refresh({ version });
    } }, ...Array.from({ length: Math.min(a.coordinates, 500) }, (_, i) => h('option', { value: i, selected: i === a[name], text: `coordinate ${i}` })));
    const span = (v) => {
      const low = Math.min(...v);
      const high = Math.max(...v);
      const room = 0.05 * (high - low || 1);
      return { low: low - room, high: high + room };
    };
    box.replaceChildren(h('h3', { text: 'Parameters' }), a.doubt ? h('p', { class: 'fault', text: `Not to be relied on: ${a.doubt}` }) : h('p', { text: 'May be relied on.' }),
      plain('Parameters', ['', 'Mean', 'Sd', 'Sd by Laplace', 'R-hat', 'Sample size'], a.parameters.slice(0, 50).map((p, i) =>
        [i, number(p.mean), number(p.sd), number(p.laplaceSd), number(p.rhat), number(p.ess)])), h('div', { class: 'bar' }, pick('x'), pick('y')));
    if (a.xs.length) {
      scatter.set({ ...span(a.xs), name: `coordinate ${a.x}` }, { ...span(a.ys), name: `coordinate ${a.y}` },
        [{ kind: 'dots', xs: a.xs, ys: a.ys, colour: 'blue' }], `${count(a.xs.length)} of ${count(a.all)} draws: coordinate ${a.x} across, ${a.y} up`);
      box.after(scatter.element);
    }
  }

  function federation(s) {
    people.replaceChildren(h('h3', { text: 'Clients and chains' }), h('p', { text: s.waiting ? `Waiting: ${s.waiting}` : 'Nobody is waited for.' }),
      plain('Clients', ['Client*', 'Rows', 'Share', 'Visits', 'Missing since*'], s.clients.map((c) =>
        [c.client, count(c.rows), number(c.share), count(c.visits), c.missingSince ? time(c.missingSince) : 'is there'])),
      plain('Chains', ['Chain*', 'Round', 'Step', 'Draws', 'Diverged', 'At*', 'Since'], s.chains.map((c) =>
        [c.chain, count(c.round), count(c.step), count(c.draws), count(c.diverged), c.client || 'nobody', time(c.since)])));
  }

  return {
    update(d, cards) {
      if (['tune', 'sample', 'dictionary'].includes(d.model.family) && built === null) {
        built = d.model.family;
        cards.prepend(box);
      }
      if (built && d.model.version !== version) refresh(d.model);
      if (d.status && JSON.stringify(d.status) !== status) {
        status = JSON.stringify(d.status);
        if (!people.parentNode) cards.prepend(people);
        federation(d.status);
      }
    },
    left: () => scatter.left(),
  };
}
