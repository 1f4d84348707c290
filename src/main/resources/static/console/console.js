// Keeps what is marked data-live up to date while the page is seen. Without it a page is as it was when it was loaded.
(() => {
  const pause = 3000;
  const live = document.getElementById('live');

  const say = text => { if (live.textContent !== text) live.textContent = text; };

  const isBusy = region => {
    const focused = document.activeElement;
    return region.contains(focused) && focused.closest('form') || region.querySelector('details[open] form')
      || !getSelection().isCollapsed && region.contains(getSelection().anchorNode);
  };

  const replace = (region, fresh) => {
    const link = region.contains(document.activeElement) && document.activeElement.getAttribute('href');
    const open = [...region.querySelectorAll('details[open][id]')].map(details => details.id);
    region.replaceChildren(...document.importNode(fresh, true).childNodes);
    for (const id of open) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    if (link) {
      [...region.querySelectorAll('a')].find(a => a.getAttribute('href') === link)?.focus({ preventScroll: true });
    }
  };

  const refresh = async () => {
    const regions = [...document.querySelectorAll('[data-live]')];
    if (!regions.length) return say('');
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { redirect: 'error' });
        if (!answer.ok) throw new Error(answer.status);
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        for (const region of regions) {
          const fresh = page.getElementById(region.id);
          if (fresh && !isBusy(region) && fresh.innerHTML !== region.innerHTML) replace(region, fresh);
          if (fresh && !fresh.hasAttribute('data-live')) region.removeAttribute('data-live');
        }
        say('Live');
      } catch {
        say('Not up to date: Drover does not answer');
      }
    }
    setTimeout(refresh, pause);
  };

  if (document.querySelector('[data-live]')) {
    say('Live');
    setTimeout(refresh, pause);
  }
})();
