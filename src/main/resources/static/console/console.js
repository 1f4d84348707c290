// Keeps what is marked data-live up to date while the page is seen. Without it a page is as it was when it was loaded.
(() => {
  const pause = 3000;
  const live = document.getElementById('live');
  let ahead = 0; // the server's clock, seen from this one, in milliseconds

  const say = text => { if (live && live.textContent !== text) live.textContent = text; };

  const parsed = async answer => new DOMParser().parseFromString(await answer.text(), 'text/html');

  // What somebody is about to click must not become something else under the pointer.
  const isBusy = region => {
    const focused = document.activeElement;
    return region.contains(focused) && focused.closest('form') || region.querySelector('details[open] form, form:hover')
      || !getSelection().isCollapsed && region.contains(getSelection().anchorNode);
  };

  const reopen = ids => {
    for (const id of ids) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
  };

  const openIn = region => [...region.querySelectorAll('details[open][id]')].map(details => details.id);

  // What is folded is fetched when it is opened, and again when there is more of it.
  const load = async details => {
    const source = details.dataset.load;
    if (!source || details.dataset.loaded === source) return;
    details.dataset.loaded = source;
    try {
      const answer = await fetch(source, { redirect: 'error' });
      if (!answer.ok) throw new Error(answer.status);
      const open = openIn(details);
      const part = (await parsed(answer)).querySelector('[data-part]');
      details.replaceChildren(details.querySelector('summary'), document.importNode(part, true));
      reopen(open);
    } catch {
      delete details.dataset.loaded; // the link in it is left
    }
  };

  const replace = (region, fresh) => {
    const link = region.contains(document.activeElement) && document.activeElement.getAttribute('href');
    const open = openIn(region);
    const loaded = [...region.querySelectorAll('details[data-loaded]')];
    region.replaceChildren(...document.importNode(fresh, true).childNodes);
    for (const old of loaded) {
      const details = document.getElementById(old.id);
      if (!details) continue;
      details.replaceChildren(details.querySelector('summary'), ...[...old.childNodes].slice(1));
      if (details.dataset.load === old.dataset.load) details.dataset.loaded = old.dataset.loaded;
    }
    reopen(open);
    if (link) {
      [...region.querySelectorAll('a')].find(a => a.getAttribute('href') === link)?.focus({ preventScroll: true });
    }
  };

  // The same words as the server's, so that a page that did not change need not be sent for its ages.
  const age = milliseconds => {
    const seconds = Math.floor(Math.abs(milliseconds) / 1000);
    if (seconds < 1) return 'now';
    const span = seconds < 120 ? seconds + ' s'
      : seconds < 7200 ? Math.floor(seconds / 60) + ' min'
      : seconds < 172800 ? Math.floor(seconds / 3600) + ' h' : Math.floor(seconds / 86400) + ' d';
    return milliseconds < 0 ? 'in ' + span : span + ' ago';
  };

  const grow = () => {
    for (const time of document.querySelectorAll('[data-live] time[data-age]')) {
      time.textContent = age(Date.now() + ahead - Date.parse(time.dateTime));
    }
  };

  const ask = async regions => {
    const version = regions[0].dataset.version;
    const answer = await fetch(location.href,
      { redirect: 'error', cache: 'no-store', headers: version ? { 'If-None-Match': version } : {} });
    const date = Date.parse(answer.headers.get('Date'));
    if (date) ahead = date - Date.now();
    if (answer.status === 304) return grow();
    if (!answer.ok) throw new Error(answer.status);
    const page = await parsed(answer);
    for (const region of regions) {
      const fresh = page.getElementById(region.id);
      if (!fresh || isBusy(region)) continue;
      if (fresh.innerHTML !== region.innerHTML) replace(region, fresh);
      if (fresh.dataset.version) region.dataset.version = fresh.dataset.version;
      if (!fresh.hasAttribute('data-live')) region.removeAttribute('data-live');
    }
  };

  // A page that follows a task hears when something changed, and asks at once. The interval stays for what no event tells.
  let source = null;
  let timer = 0;
  const soon = milliseconds => {
    clearTimeout(timer);
    timer = setTimeout(refresh, milliseconds);
  };

  const follow = () => {
    const region = document.querySelector('[data-live][data-events]');
    if (!region || document.hidden) { // a browser has few connections for all its pages
      source?.close();
      source = null;
    } else if (!source) {
      source = new EventSource(region.dataset.events);
      for (const name of ['status', 'call', 'progress', 'attempt', 'end']) {
        source.addEventListener(name, () => soon(100));
      }
      source.addEventListener('end', () => source?.close());
    }
  };

  const refresh = async () => {
    const regions = [...document.querySelectorAll('[data-live]')];
    if (!regions.length) return say('');
    if (!document.hidden) {
      try {
        if (regions.every(isBusy)) {
          say('Paused while something on the page is open, marked or pointed at');
        } else {
          await ask(regions);
          say('Live');
        }
      } catch {
        say('Not up to date: Drover does not answer');
      }
    }
    soon(source?.readyState === EventSource.OPEN ? 10 * pause : pause);
  };

  // In a list of things to do, j and k move among them.
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea')) return;
    const step = { j: 1, k: -1 }[event.key];
    const items = [...document.querySelectorAll('[data-item]')];
    if (!step || !items.length) return;
    const at = items.indexOf(document.activeElement);
    items[Math.max(0, Math.min(items.length - 1, at + step))].focus();
  });

  document.addEventListener('toggle', event => { if (event.target.open) load(event.target); }, true);
  if (document.querySelector('[data-live]')) {
    say('Live');
    soon(pause);
    follow();
    document.addEventListener('visibilitychange', follow);
  }
})();
