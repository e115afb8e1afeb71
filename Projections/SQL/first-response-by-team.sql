-- projection: first-response-by-team
-- version: 2
--
-- How long customers wait for a first answer, by team and month.
--
-- The wait goes from the opening of a ticket to the first public reply by an agent: bots and internal notes are none.
-- It runs around the clock, in every status. The team is the one the ticket was assigned to when the answer came, or
-- is assigned to now if none has come; 'unassigned' if nobody named one. The month (UTC) is that of the opening.
-- What came first is decided by the times of the events, whatever the order in which they were recorded.
-- Quantiles are nearest rank: a wait that a ticket really had, never a mean of two. Waits are in milliseconds, and
-- never below 0, although clocks may say so.

-- tables
CREATE TABLE tickets (
    stream    TEXT PRIMARY KEY,
    priority  TEXT,
    opened_at INTEGER NOT NULL,
    month     TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE answers (stream TEXT PRIMARY KEY, answered_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE assignments (
    stream      TEXT NOT NULL,
    assigned_at INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    team        TEXT NOT NULL,
    PRIMARY KEY (stream, assigned_at, position)
) WITHOUT ROWID;

CREATE VIEW waits AS
SELECT stream, priority, month, answered_at IS NOT NULL AS answered, max(answered_at - opened_at, 0) AS wait,
       coalesce(
           (SELECT team FROM assignments s
            WHERE s.stream = t.stream AND s.assigned_at <= coalesce(answered_at, s.assigned_at)
            ORDER BY s.assigned_at DESC, s.position DESC LIMIT 1),
           'unassigned') AS team
FROM tickets t LEFT JOIN answers USING (stream);

CREATE VIEW first_response_by_team AS
WITH ranked AS (
    SELECT *, row_number() OVER (PARTITION BY team, month ORDER BY wait) AS place,
           count(*) OVER (PARTITION BY team, month) AS n
    FROM waits WHERE answered),
figures AS (
    SELECT team, month, n,
           max(CASE WHEN place = (n + 1) / 2 THEN wait END) AS p50,
           max(CASE WHEN place = (9 * n + 9) / 10 THEN wait END) AS p90
    FROM ranked GROUP BY team, month, n)
SELECT w.team, w.month, count(*) AS tickets, coalesce(f.n, 0) AS answered, count(*) - coalesce(f.n, 0) AS waiting,
       f.p50 AS p50_ms, f.p90 AS p90_ms
FROM waits w LEFT JOIN figures f USING (team, month)
GROUP BY w.team, w.month
ORDER BY w.team, w.month;

-- on ticket.opened
INSERT INTO tickets (stream, priority, opened_at, month)
VALUES (:stream, :data ->> 'priority', :time, substr(:day, 1, 7))
ON CONFLICT (stream) DO NOTHING;

-- on ticket.assigned
-- An assignment that names no team leaves the one before.
INSERT INTO assignments SELECT :stream, :time, :position, :data ->> 'team_id' WHERE :data ->> 'team_id' IS NOT NULL;

-- on ticket.responded
INSERT INTO answers SELECT :stream, :time WHERE :data ->> 'author_kind' = 'agent' AND :data ->> 'public'
ON CONFLICT (stream) DO UPDATE SET answered_at = min(answered_at, excluded.answered_at);
