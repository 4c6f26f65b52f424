// What pages do better with a script; all of them work without. It makes no
// markup, stores nothing and talks to this server only.
'use strict';
(() => {
  const say = (tag, text) => { const e = document.createElement(tag); e.textContent = text; return e; };

  // Times in the reader's own zone and language.
  const now = new Date();
  for (const t of document.querySelectorAll('time[datetime]')) {
    const at = new Date(t.dateTime);
    if (isNaN(at)) continue;
    const form = t.dataset.form === 'day' ? { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }
      : at.toDateString() === now.toDateString() ? { hour: '2-digit', minute: '2-digit' }
      : { day: 'numeric', month: 'short', year: at.getFullYear() === now.getFullYear() ? undefined : 'numeric', hour: '2-digit', minute: '2-digit' };
    t.title = t.textContent;
    t.textContent = new Intl.DateTimeFormat('en-GB', form).format(at);
  }

  // Copying an address.
  for (const b of document.querySelectorAll('button[data-copy]')) {
    const field = b.closest('li').querySelector('input'), label = [...b.childNodes];
    b.hidden = false;
    b.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(b.dataset.copy);
      } catch { // not allowed, or not over https: the old way
        field.focus();
        field.select();
        if (!document.execCommand('copy')) return;
        b.focus();
      }
      b.replaceChildren('Copied');
      setTimeout(() => b.replaceChildren(...label), 2000);
    });
  }
  for (const f of document.querySelectorAll('.subscribe input')) f.addEventListener('focus', () => f.select());

  // New articles are offered, and come when they are asked for: what is being
  // read stays where it is.
  const live = document.getElementById('live');
  if (!live || !window.EventSource) return;
  const title = document.title, address = new URL(live.dataset.stream, location.href);
  const told = new Set([...document.querySelectorAll('[data-id]')].map(e => e.dataset.id));
  let source, again, fresh = 0;
  const show = () => {
    const button = say('button', fresh === 1 ? '1 new article' : fresh + ' new articles');
    button.type = 'button';
    button.addEventListener('click', () => {
      history.scrollRestoration = 'manual';
      location.reload();
    });
    const had = live.contains(document.activeElement);
    live.replaceChildren(button);
    if (had) button.focus();
    document.title = '(' + fresh + ') ' + title;
  };
  const hear = e => {
    const news = JSON.parse(e.data);
    address.searchParams.set('seen', e.lastEventId);
    fresh += news.count - news.articles.filter(a => told.has(a.id)).length;
    for (const a of news.articles) told.add(a.id);
    if (fresh > 0) show();
  };
  const open = () => {
    clearTimeout(again);
    if (source || document.hidden) return;
    source = new EventSource(address);
    source.addEventListener('articles', hear);
    source.addEventListener('error', () => { // the browser comes back by itself unless it was sent away
      if (source && source.readyState === EventSource.CLOSED) {
        close();
        again = setTimeout(open, 60000);
      }
    });
  };
  const close = () => {
    clearTimeout(again);
    if (source) source.close();
    source = undefined;
  };
  document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  open();
})();
