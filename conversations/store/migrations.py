"""The schema, step by step; a released step never changes. Every table is keyed by workspace first.

`{serial}` and `{key}` are what a store writes for a column that counts up by itself, and for the key beside it;
`{told[…]}` is how it reads something out of a receipt's body.
Times are whole microseconds since 1970 in UTC from the third step on.
"""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE cases (
            workspace TEXT NOT NULL, id TEXT NOT NULL, channel TEXT NOT NULL, thread TEXT NOT NULL,
            asker TEXT NOT NULL, started_at TEXT NOT NULL, programme TEXT NOT NULL, brand TEXT,
            PRIMARY KEY (workspace, id), UNIQUE (workspace, channel, thread))""",
        """CREATE TABLE answers (
            workspace TEXT NOT NULL, case_id TEXT NOT NULL, seq INTEGER NOT NULL, card TEXT NOT NULL,
            choice TEXT NOT NULL, "by" TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (workspace, case_id, seq),
            FOREIGN KEY (workspace, case_id) REFERENCES cases (workspace, id))""",
        """CREATE TABLE posted (
            workspace TEXT NOT NULL, case_id TEXT NOT NULL, name TEXT NOT NULL, message TEXT NOT NULL,
            state TEXT NOT NULL, PRIMARY KEY (workspace, case_id, name),
            FOREIGN KEY (workspace, case_id) REFERENCES cases (workspace, id))""",
        "CREATE TABLE seen (workspace TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (workspace, key))",
    ),
    (
        "ALTER TABLE cases ADD COLUMN edition TEXT NOT NULL DEFAULT '2026-11'",
        "ALTER TABLE cases ADD COLUMN whole_list INTEGER NOT NULL DEFAULT 0",
        """CREATE TABLE receipts (
            workspace TEXT NOT NULL, case_id TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (workspace, case_id, number),
            FOREIGN KEY (workspace, case_id) REFERENCES cases (workspace, id))""",
        """CREATE TABLE notices (
            workspace TEXT NOT NULL, key TEXT NOT NULL, case_id TEXT NOT NULL, kind TEXT NOT NULL,
            details TEXT NOT NULL, queued_at TEXT NOT NULL, sent_at TEXT, PRIMARY KEY (workspace, key))""",
    ),
    (
        """CREATE TABLE jobs (
            id {serial}, workspace TEXT NOT NULL, key TEXT NOT NULL, lane TEXT NOT NULL, kind TEXT NOT NULL,
            details TEXT NOT NULL, at BIGINT NOT NULL, stage TEXT NOT NULL DEFAULT 'waiting',
            due_at BIGINT NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '',
            done_at BIGINT, {key} (workspace, id), UNIQUE (workspace, key))""",
        "CREATE INDEX jobs_waiting ON jobs (id) WHERE stage = 'waiting'",
        "CREATE INDEX jobs_lane ON jobs (workspace, lane, id) WHERE stage = 'waiting'",
        "CREATE INDEX jobs_done ON jobs (done_at) WHERE stage <> 'waiting'",
        """CREATE TABLE letters (
            id {serial}, workspace TEXT NOT NULL, case_id TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
            lane TEXT NOT NULL, channel TEXT NOT NULL, thread TEXT NOT NULL, body TEXT NOT NULL, key TEXT NOT NULL,
            at BIGINT NOT NULL, is_update INTEGER NOT NULL, stage TEXT NOT NULL DEFAULT 'waiting',
            leased INTEGER NOT NULL DEFAULT 0, due_at BIGINT NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', {key} (workspace, id))""",
        "CREATE INDEX letters_waiting ON letters (id) WHERE stage = 'waiting'",
        "CREATE INDEX letters_lane ON letters (workspace, lane, id) WHERE stage = 'waiting'",
        "CREATE INDEX letters_part ON letters (workspace, case_id, name)",
        """CREATE TABLE channels (
            workspace TEXT NOT NULL, channel TEXT NOT NULL, free_at BIGINT NOT NULL,
            PRIMARY KEY (workspace, channel))""",
        "CREATE INDEX cases_asker ON cases (workspace, asker)",
        "CREATE INDEX notices_waiting ON notices (queued_at) WHERE sent_at IS NULL",
    ),
    (
        "ALTER TABLE letters ADD COLUMN file TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE letters ADD COLUMN file_id TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE letters ADD COLUMN uploaded INTEGER NOT NULL DEFAULT 0",
    ),
    (
        "ALTER TABLE receipts ADD COLUMN made_at BIGINT",
        "ALTER TABLE receipts ADD COLUMN verdict TEXT",
        "ALTER TABLE receipts ADD COLUMN data_class TEXT",
        "ALTER TABLE receipts ADD COLUMN service TEXT",
        """UPDATE receipts SET made_at = {told[made_at]}, verdict = {told[verdict]},
            data_class = {told[data_class]}, service = {told[service]}""",
        """CREATE INDEX receipts_made ON receipts (workspace, made_at, verdict, data_class, service)
            WHERE number = 1""",
        "CREATE INDEX cases_started ON cases (workspace, started_at, id)",
        """CREATE TABLE figures (
            workspace TEXT NOT NULL, week TEXT NOT NULL, figure TEXT NOT NULL, name TEXT NOT NULL,
            number BIGINT NOT NULL, PRIMARY KEY (workspace, week, figure, name))""",
    ),
    (
        """CREATE TABLE installations (
            workspace TEXT NOT NULL, enterprise TEXT NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (workspace))""",
        "CREATE INDEX installations_enterprise ON installations (enterprise)",
    ),
    (
        """CREATE TABLE ticks (
            workspace TEXT NOT NULL, case_id TEXT NOT NULL, measure TEXT NOT NULL, at BIGINT NOT NULL,
            PRIMARY KEY (workspace, case_id, measure),
            FOREIGN KEY (workspace, case_id) REFERENCES cases (workspace, id))""",
    ),
    (
        """CREATE TABLE opinions (
            workspace TEXT NOT NULL, case_id TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
            at BIGINT NOT NULL, PRIMARY KEY (workspace, case_id),
            FOREIGN KEY (workspace, case_id) REFERENCES cases (workspace, id))""",
    ),
    (
        """CREATE TABLE preferences (
            workspace TEXT NOT NULL, person TEXT NOT NULL, language TEXT NOT NULL, PRIMARY KEY (workspace, person))""",
    ),
    (
        """CREATE TABLE confirmations (
            workspace TEXT NOT NULL, case_id TEXT NOT NULL, id TEXT NOT NULL, fact TEXT NOT NULL, part TEXT NOT NULL,
            capacity TEXT NOT NULL, person TEXT NOT NULL, asked_by TEXT NOT NULL, asked_at BIGINT NOT NULL,
            value TEXT NOT NULL, "by" TEXT NOT NULL, answered_at BIGINT, until TEXT, ends_at BIGINT,
            claimed INTEGER NOT NULL, ended TEXT NOT NULL, ended_at BIGINT, words TEXT NOT NULL,
            PRIMARY KEY (workspace, case_id, id),
            FOREIGN KEY (workspace, case_id) REFERENCES cases (workspace, id))""",
        "CREATE INDEX confirmations_person ON confirmations (workspace, person)",
        "CREATE INDEX confirmations_ending ON confirmations (ends_at) WHERE ended = '' AND ends_at IS NOT NULL",
    ),
    (
        """CREATE TABLE delegations (
            workspace TEXT NOT NULL, person TEXT NOT NULL, delegate TEXT NOT NULL, until TEXT NOT NULL,
            ends_at BIGINT NOT NULL, PRIMARY KEY (workspace, person))""",
        "CREATE INDEX delegations_to ON delegations (workspace, delegate)",
    ),
    (
        "ALTER TABLE cases ADD COLUMN waits_for TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE cases ADD COLUMN touched_at BIGINT NOT NULL DEFAULT 0",
        "CREATE INDEX cases_left ON cases (workspace, touched_at, waits_for) WHERE waits_for <> ''",
        "ALTER TABLE answers ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX answers_unsure ON answers (workspace, at, card) WHERE unsure = 1",
        "ALTER TABLE receipts ADD COLUMN items TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE receipts ADD COLUMN to_do TEXT NOT NULL DEFAULT ''",
        """CREATE INDEX confirmations_waiting ON confirmations (workspace, asked_at)
            WHERE value = '' AND ended = '' AND claimed = 0""",
        """CREATE TABLE closed_weeks (
            workspace TEXT NOT NULL, week TEXT NOT NULL, at BIGINT NOT NULL, figures TEXT NOT NULL,
            PRIMARY KEY (workspace, week))""",
        """CREATE TABLE subscriptions (
            workspace TEXT NOT NULL, person TEXT NOT NULL, wanted INTEGER NOT NULL,
            PRIMARY KEY (workspace, person))""",
    ),
    (  # the desk
        """CREATE TABLE desk_cases (
            workspace TEXT NOT NULL, case_id TEXT NOT NULL, about TEXT NOT NULL, state TEXT NOT NULL,
            urgency INTEGER NOT NULL, asker TEXT NOT NULL, channel TEXT NOT NULL, thread TEXT NOT NULL,
            holder TEXT NOT NULL, office TEXT NOT NULL, opened_at BIGINT NOT NULL, since BIGINT NOT NULL,
            answered_at BIGINT, ended_at BIGINT, alarmed TEXT NOT NULL, posted_in TEXT NOT NULL, due_at BIGINT,
            PRIMARY KEY (workspace, case_id))""",
        "CREATE INDEX desk_cases_queue ON desk_cases (workspace, urgency, since, case_id) WHERE state <> 'closed'",
        "CREATE INDEX desk_cases_due ON desk_cases (due_at) WHERE due_at IS NOT NULL",
        "CREATE INDEX desk_cases_unposted ON desk_cases (since) WHERE posted_in = '' AND state <> 'closed'",
        """CREATE TABLE desk_events (
            workspace TEXT NOT NULL, case_id TEXT NOT NULL, number INTEGER NOT NULL, at BIGINT NOT NULL,
            "by" TEXT NOT NULL, kind TEXT NOT NULL, codes TEXT NOT NULL, words TEXT NOT NULL,
            PRIMARY KEY (workspace, case_id, number),
            FOREIGN KEY (workspace, case_id) REFERENCES desk_cases (workspace, case_id))""",
        """CREATE TABLE desk_posts (
            workspace TEXT NOT NULL, name TEXT NOT NULL, message TEXT NOT NULL, state TEXT NOT NULL,
            PRIMARY KEY (workspace, name))""",
        """CREATE TABLE rulings (
            workspace TEXT NOT NULL, case_id TEXT NOT NULL, number INTEGER NOT NULL, at BIGINT NOT NULL,
            "by" TEXT NOT NULL, verdict TEXT NOT NULL, judged TEXT NOT NULL, rules_key TEXT NOT NULL,
            passages TEXT NOT NULL, office TEXT NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (workspace, case_id, number),
            FOREIGN KEY (workspace, case_id) REFERENCES desk_cases (workspace, case_id))""",
        "CREATE INDEX rulings_key ON rulings (workspace, rules_key, at)",
        """CREATE TABLE drafts (
            workspace TEXT NOT NULL, case_id TEXT NOT NULL, at BIGINT NOT NULL, facts TEXT NOT NULL,
            data_class TEXT NOT NULL, judged TEXT NOT NULL, rules TEXT NOT NULL, expected TEXT NOT NULL,
            reason TEXT NOT NULL, state TEXT NOT NULL, "by" TEXT NOT NULL, comment TEXT NOT NULL,
            PRIMARY KEY (workspace, case_id),
            FOREIGN KEY (workspace, case_id) REFERENCES cases (workspace, id))""",
    ),
    ("CREATE INDEX desk_events_at ON desk_events (workspace, at)",),
)
