// The table of all keys. The server sorts and searches; here are the rows in sight, and no others.

import { h, say, draw, spark, number, count, bytes, ago, stamp, ask } from '/dom.js';

const HEIGHT = 32;
const COLUMNS = [
  { id: 'key', name: 'Key', down: false },
  { id: 'events', name: 'Events', of: (r) => count(r.events) },
  { id: 'loss', name: 'Loss', of: (r) => number(r.loss), down: true },
  { id: 'skill', name: 'vs baseline', long: 'kappa or skill against the better baseline: 0 as good as it, 1 perfect', of: (r) => (r.skill === null ? '–' : (r.skill > 0 ? '+' : '') + number(r.skill)), down: false },
  { id: 'quality', name: 'AUC, RMSE', long: 'area under the ROC curve, of numbers the root mean squared error', of: (r) => number(r.quality) },
  { id: 'calibration', name: 'ECE', long: 'expected calibration error', of: (r) => number(r.calibration) },
  { id: 'drifts', name: 'Drifts', of: (r) => count(r.drifts) },
  { id: 'age', name: 'Version', of: (r) => (r.version ? `${count(r.version)}, ${ago(r.age)}` : '–') },
  { id: 'letters', name: 'Refused', of: (r) => count(r.letters) },
  { id: 'bytes', name: 'Size', of: (r) => bytes(r.bytes) },
];

export class League {
  constructor(query) {
    this.sort = query.get('sort') || 'worst';
    this.down = query.get('down') !== '0';
    this.search = query.get('search') || '';
    this.revision = 0;
    this.found = 0;
    this.here = -1;
    this.rows = [];
    this.asking = false;
    this.again = false;
    this.build();
    this.refresh();
  }

  build() {
    this.buttons = new Map();
    const names = h('div', { role: 'row', class: 'cells names' }, ...COLUMNS.map((c) => {
      const b = h('button', { type: 'button', onclick: () => this.by(c), text: c.name, title: `Sort by ${c.long || c.name}` });
      const cell = h('div', { role: 'columnheader', class: `c-${c.id}` }, b);
      this.buttons.set(c.id, { b, cell, c });
      return cell;
    }));
    this.space = h('div', { class: 'space', role: 'presentation' });
    this.scroll = h('div', { class: 'scroll', role: 'rowgroup', tabindex: '0', 'aria-label': 'Keys; arrows move, Enter opens', onscroll: () => this.plan(),
      onkeydown: (e) => this.typed(e) }, this.space);
    this.table = h('div', { class: 'league', role: 'table', 'aria-label': 'Keys', 'aria-colcount': COLUMNS.length }, h('div', { role: 'rowgroup' }, names), this.scroll);
    this.box = h('input', { type: 'search', value: this.search, placeholder: 'part of a key', 'aria-label': 'Search keys', oninput: () => {
      this.search = this.box.value;
      this.scroll.scrollTop = 0;
      this.changed();
    } });
    this.worst = h('button', { type: 'button', text: 'Worst first', onclick: () => {
      this.sort = 'worst';
      this.down = true;
      this.scroll.scrollTop = 0;
      this.changed();
    } });
    this.summary = h('span', { class: 'soft', role: 'status' });
    this.element = h('section', { 'aria-labelledby': 'keys' }, h('h2', { id: 'keys', text: 'Keys' }),
      h('div', { class: 'bar' }, this.box, this.worst, this.summary), this.table);
    this.sizes = new ResizeObserver(() => this.plan());
    this.sizes.observe(this.scroll);
    this.marked();
  }

  left() {
    this.sizes.disconnect();
  }

  /** Sorts by a column; once more turns it round. */
  by(c) {
    if (this.sort === c.id) this.down = !this.down;
    else {
      this.sort = c.id;
      this.down = c.down ?? true;
    }
    this.scroll.scrollTop = 0;
    this.changed();
  }

  changed() {
    this.here = -1;
    const q = new URLSearchParams();
    if (this.sort !== 'worst') {
      q.set('sort', this.sort);
      q.set('down', this.down ? '1' : '0');
    }
    if (this.search) q.set('search', this.search);
    history.replaceState(null, '', q.toString() ? `#/?${q}` : '#/');
    this.marked();
    this.refresh();
  }

  marked() {
    for (const [id, { b, cell, c }] of this.buttons) {
      const sorted = this.sort === id;
      cell.setAttribute('aria-sort', sorted ? (this.down ? 'descending' : 'ascending') : 'none');
      say(b, sorted ? `${c.name} ${this.down ? '↓' : '↑'}` : c.name);
    }
    this.worst.setAttribute('aria-pressed', String(this.sort === 'worst'));
  }

  /** The board has changed. */
  news(revision) {
    if (revision !== this.revision) this.refresh();
    else this.paint();
  }

  plan() {
    if (this.planned) return;
    this.planned = requestAnimationFrame(() => {
      this.planned = 0;
      this.refresh();
    });
  }

  first() {
    return Math.floor(this.scroll.scrollTop / HEIGHT);
  }

  fit() {
    return Math.ceil((this.scroll.clientHeight || 480) / HEIGHT) + 1;
  }

  /** Asks for the rows in sight; one question at a time, the last wish counts. */
  async refresh() {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    try {
      const a = await ask('/api/keys', { sort: this.sort, down: this.down ? '1' : '0', search: this.search, from: this.first(), count: this.fit() });
      this.revision = a.revision;
      this.found = a.found;
      this.from = a.from;
      this.data = a.rows;
      say(this.summary, a.total === 0
        ? 'No key has said anything yet: a key has figures after metrics.every-examples events, and readers see them after a checkpoint.'
        : this.search ? `${count(a.found)} of ${count(a.total)} keys have "${this.search}" in their name` : `${count(a.total)} keys`);
      this.paint();
    } catch (e) {
      say(this.summary, `The table cannot be brought up to date: ${e.message}`);
    } finally {
      this.asking = false;
      if (this.again) {
        this.again = false;
        this.plan();
      }
    }
  }

  paint() {
    if (!this.data) return;
    this.space.style.height = `${this.found * HEIGHT}px`;
    this.table.setAttribute('aria-rowcount', String(this.found + 1));
    while (this.rows.length < this.data.length) this.rows.push(this.row());
    this.rows.forEach((r, i) => {
      const d = this.data[i];
      r.e.hidden = !d;
      if (!d) return;
      const at = this.from + i;
      r.e.style.top = `${at * HEIGHT}px`;
      r.e.setAttribute('aria-rowindex', String(at + 2));
      r.e.classList.toggle('here', at === this.here);
      say(r.link, d.key);
      r.link.title = d.key;
      r.link.href = `#/key?${new URLSearchParams({ k: d.key })}`;
      COLUMNS.forEach((c, n) => {
        if (n > 0) say(r.cells[n], c.of(d));
      });
      r.cells[3].classList.toggle('low', d.skill !== null && d.skill < 0);
      r.cells[7].title = stamp(d.age);
      r.cells[4].title = d.rmse ? 'root mean squared error' : 'area under the ROC curve';
      draw(r.line, d.spark);
    });
  }

  row() {
    const link = h('a');
    const line = spark();
    const cells = COLUMNS.map((c) => h('span', {}));
    const e = h('div', { role: 'row', class: 'row cells' }, ...COLUMNS.map((c, i) =>
      h('div', { role: i ? 'cell' : 'rowheader', class: `c-${c.id}` }, c.id === 'key' ? link : c.id === 'loss' ? line : '', cells[i])));
    this.space.append(e);
    return { e, link, line, cells };
  }

  typed(e) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: this.fit() - 2, PageUp: 2 - this.fit(), Home: -Infinity, End: Infinity }[e.key];
    if (step !== undefined && this.found > 0) {
      this.here = Math.max(0, Math.min(this.found - 1, this.here + step));
      const top = this.here * HEIGHT;
      if (top < this.scroll.scrollTop) this.scroll.scrollTop = top;
      else if (top + HEIGHT > this.scroll.scrollTop + this.scroll.clientHeight) this.scroll.scrollTop = top + HEIGHT - this.scroll.clientHeight;
      this.paint();
      e.preventDefault();
    } else if (e.key === 'Enter' && e.target === this.scroll && this.data && this.data[this.here - this.from]) {
      location.hash = `#/key?${new URLSearchParams({ k: this.data[this.here - this.from].key })}`;
      e.preventDefault();
    }
  }
}
