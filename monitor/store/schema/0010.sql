drop index alerts_by_rule;
create index alerts_by_rule on alerts (watchlist, rule, raised, article);
