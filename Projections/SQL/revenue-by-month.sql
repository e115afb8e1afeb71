-- projection: revenue-by-month
-- version: 2
--
-- What was sold in each month, and where the customers came from.
--
-- Revenue is booked in the month (UTC) in which an order was placed: its total, less the refunds due for what came
-- back, and nothing for an order that was cancelled as a whole. A month so changes when a later event takes something
-- back, also one that was recorded before the order; fold with --at to see it as it was known at a position. Amounts
-- are in minor units, per currency.
--
-- The source is what the account was created with; for an account that named none, the source of the lead that was
-- converted into it (the first one by time, if there were several); else 'unknown'.

-- tables
CREATE TABLE orders (
    stream   TEXT PRIMARY KEY,
    account  TEXT,
    month    TEXT NOT NULL,
    currency TEXT NOT NULL,
    total    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE cancellations (stream TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE returns (stream TEXT PRIMARY KEY, refunds INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE accounts (account TEXT PRIMARY KEY, source TEXT) WITHOUT ROWID;
CREATE TABLE leads (lead TEXT PRIMARY KEY, source TEXT) WITHOUT ROWID;
CREATE TABLE conversions (position INTEGER PRIMARY KEY, lead TEXT, account TEXT, converted_at INTEGER);

CREATE VIEW revenue_by_month AS
WITH lead_sources AS (
    SELECT account, source FROM (
        SELECT account, source, row_number() OVER (PARTITION BY account ORDER BY converted_at, position) AS place
        FROM conversions JOIN leads USING (lead) WHERE source IS NOT NULL)
    WHERE place = 1)
SELECT o.month, coalesce(a.source, l.source, 'unknown') AS source, o.currency,
       count(*) AS orders, sum(o.total - coalesce(r.refunds, 0)) AS revenue, sum(coalesce(r.refunds, 0)) AS refunds
FROM orders o LEFT JOIN returns r USING (stream) LEFT JOIN accounts a USING (account)
              LEFT JOIN lead_sources l USING (account)
WHERE o.stream NOT IN (SELECT stream FROM cancellations)
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3;

-- on order.placed
INSERT INTO orders (stream, account, month, currency, total)
VALUES (:stream, :account, substr(:day, 1, 7), :data ->> 'currency', :data ->> 'total')
ON CONFLICT (stream) DO NOTHING;

-- on order.cancelled
-- Lines name quantities and no money: only an order that is cancelled as a whole is taken back.
INSERT INTO cancellations SELECT :stream WHERE coalesce(json_array_length(:data, '$.lines'), 0) = 0
ON CONFLICT (stream) DO NOTHING;

-- on order.returned
INSERT INTO returns VALUES (:stream, :data ->> 'refund_due')
ON CONFLICT (stream) DO UPDATE SET refunds = refunds + excluded.refunds;

-- on account.created
INSERT INTO accounts (account, source) VALUES (:account, :data ->> 'source') ON CONFLICT (account) DO NOTHING;

-- on lead.captured
INSERT INTO leads (lead, source) VALUES (:data ->> 'lead_id', :data ->> 'source')
ON CONFLICT (lead) DO UPDATE SET source = coalesce(source, excluded.source);

-- on lead.converted
INSERT INTO conversions VALUES (:position, substr(:stream, length('lead-') + 1), :data ->> 'account_id', :time);
