create index outbox_waiting_threads on outbox (thread) where state in ('pending', 'sending');
create index alerts_by_watchlist on alerts (watchlist, raised, article, rule, verdict);
