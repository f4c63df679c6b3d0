"""The schema, step by step; a released step never changes. Every table is keyed by workspace first."""

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
)
