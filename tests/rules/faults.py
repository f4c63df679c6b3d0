"""Faults to plant into a copy of the rule files: file, old text, new text, words the refusal must hold."""

CLASS, CHECKLIST, VERDICT = "tables/data_class.toml", "tables/checklist.toml", "tables/verdict.toml"
ADVICE, OBLIGATION = "tables/advice.toml", "tables/obligation.toml"

FAULTS = {
    "an unknown fact": (
        CLASS,
        "when = { novelty =",
        "when = { novlety =",
        ["data_class.toml", "class.closed.novelty", "'novlety'", "did you mean 'novelty'"],
    ),
    "an unknown value": (
        CLASS,
        'openness_review = "closed"',
        'openness_review = "closd"',
        ["data_class.toml", "class.closed.openness_review", "'closd'", "did you mean 'closed'"],
    ),
    "an unknown value of a decided target": (
        CHECKLIST,
        'item_2 = "not_met"',
        'item_2 = "not_mett"',
        ["checklist.toml", "item_6.required.item_2", "'not_mett'", "did you mean 'not_met'"],
    ),
    "a value that is not text": (
        CLASS,
        'already_public = "yes"',
        "already_public = true",
        ["data_class.toml", "class.open.already_public", "already_public"],
    ),
    "no value at all": (
        CLASS,
        'already_public = "yes"',
        "already_public = []",
        ["data_class.toml", "class.open.already_public", "at least one value"],
    ),
    "an unknown passage": (
        VERDICT,
        'cites = ["open.definition"',
        'cites = ["open.defintion"',
        ["verdict.toml", "verdict.public", "'open.defintion'", "did you mean 'open.definition'"],
    ),
    "an empty citation": (
        CLASS,
        'cites = ["open.definition"]',
        "cites = []",
        ["data_class.toml", "class.open.already_public", "cites"],
    ),
    "no citation": (
        CLASS,
        'cites = ["open.definition"]',
        "",
        ["data_class.toml", "class.open.already_public", "cites"],
    ),
    "no default": (
        CLASS,
        'id = "class.unlisted"',
        'id = "class.unlisted"\nwhen = { use = "prompt" }',
        ["data_class.toml", "data_class", "`when` is missing"],
    ),
    "a default that is not the last": (
        CLASS,
        'when = { strategic_value = ["yes", "unknown"] }',
        "",
        ["data_class.toml", "class.careful.strategic_value", "make it the last"],
    ),
    "an unknown verdict": (
        VERDICT,
        'then = "public_data_only"',
        'then = "public_data_onyl"',
        ["verdict.toml", "verdict.item_6_required", "'public_data_onyl'", "did you mean 'public_data_only'"],
    ),
    "an unknown status": (
        CHECKLIST,
        'then = "required"',
        'then = "requierd"',
        ["checklist.toml", "item_6.required.item_2", "'requierd'", "did you mean 'required'"],
    ),
    "an unknown measure": (
        ADVICE,
        'then = "publish_first"',
        'then = "publish_frist"',
        ["advice.toml", "advice.publish_first", "'publish_frist'", "did you mean 'publish_first'"],
    ),
    "a rule id used twice": (
        VERDICT,
        'id = "verdict.unlisted"',
        'id = "verdict.public"',
        ["verdict.toml", "verdict.public", "twice"],
    ),
    "a rule id that is a passage": (
        VERDICT,
        'id = "verdict.unlisted"',
        'id = "check.1"',
        ["verdict.toml", "check.1", "twice"],
    ),
    "a rule id that is a measure": (
        VERDICT,
        'id = "verdict.unlisted"',
        'id = "anonymise"',
        ["verdict.toml", "anonymise", "twice"],
    ),
    "a rule id that is a service": (
        VERDICT,
        'id = "verdict.unlisted"',
        'id = "bedrock"',
        ["verdict.toml", "bedrock", "twice"],
    ),
    "several values on one line": (
        CLASS,
        'id = "class.open.openness_review"\nline = 5',
        'id = "class.open.openness_review"\nline = 4',
        ["data_class.toml", "data_class", "line 4", "careful, open"],
    ),
    "lines out of order": (
        CLASS,
        'id = "class.open.openness_review"\nline = 5',
        'id = "class.open.openness_review"\nline = 2',
        ["data_class.toml", "data_class", "order"],
    ),
    "tables in a circle": (
        CHECKLIST,
        'when = { access_limited = "no" }',
        'when = { item_6 = "required" }',
        ["checklist.toml", "item_2", "item_6", "build on each other"],
    ),
    "a table that builds on itself": (
        CHECKLIST,
        'when = { access_limited = "no" }',
        'when = { item_2 = "met" }',
        ["checklist.toml", "item_2 → item_2"],
    ),
    "a table deciding a fact": (
        OBLIGATION,
        'decides = "obligation"',
        'decides = "programme"',
        ["obligation.toml", "programme", "fact"],
    ),
    "two tables deciding one target": (
        OBLIGATION,
        'decides = "obligation"',
        'decides = "item_4"',
        ["obligation.toml", "item_4", "checklist.toml already"],
    ),
    "a rule building on a floor": (
        OBLIGATION,
        'when = { programme = "yes" }',
        'when = { verdict = "allowed" }',
        ["obligation.toml", "obligation.required", "'verdict'"],
    ),
    "an unknown key of a rule": (
        CLASS,
        "because = ",
        "becuase = ",
        ["data_class.toml", "class.closed.personal_information", "'becuase'", "did you mean 'because'"],
    ),
    "an unknown key of a table": (
        OBLIGATION,
        "mode = ",
        "moode = ",
        ["obligation.toml", "'moode'", "did you mean 'mode'"],
    ),
    "an unknown mode": (VERDICT, 'mode = "floor"', 'mode = "flor"', ["verdict.toml", "verdict", "mode"]),
    "a rule list misspelt": (OBLIGATION, "[[table.rule]]", "[[table.ruel]]", ["obligation.toml", "'ruel'"]),
    "a safe answer that is no value": (
        "facts.toml",
        'safe = "prompt"',
        'safe = "promt"',
        ["facts.toml", "use", "'promt'", "did you mean 'prompt'"],
    ),
    "a fact id used twice": ("facts.toml", 'id = "novelty"', 'id = "use"', ["facts.toml", "use", "twice"]),
    "an edition without a day": (
        "editions.toml",
        "effective_from",
        "#",
        ["editions.toml", "2026-11", "effective_from"],
    ),
    "no edition": ("editions.toml", "[[edition]]", "[other]", ["editions.toml", "edition"]),
    "invalid TOML": (VERDICT, "[[table]]", "[[table]", ["verdict.toml", "not valid TOML"]),
}
MISSED_FAULTS = {
    "a table list misspelt": (
        OBLIGATION,
        "[[table]]",
        "[[tabel]]",
        ["obligation.toml", "'tabel'", "did you mean 'table'"],
    ),
    "one rule under a misspelt key": (
        VERDICT,
        '[[table.rule]]\nid = "verdict.item_7_not_met"',
        '[[table.rules]]\nid = "verdict.item_7_not_met"',
        ["verdict.toml", "'rules'", "did you mean 'rule'"],
    ),
    "a verdict table under another name": (
        VERDICT,
        'decides = "verdict"',
        'decides = "verdct"',
        ["verdict.toml", "verdct"],
    ),
    "an unknown key of a text": (
        CLASS,
        "because = { ja",
        "because = { jp",
        ["data_class.toml", "class.closed.personal_information", "mean 'ja'"],
    ),
}
