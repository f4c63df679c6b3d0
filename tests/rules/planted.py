"""Faults that the loader takes and the proofs must catch: edits, and the statements that fall."""

from tests.rules.faults import ADVICE, CHECKLIST, CLASS, VERDICT

NOT_PUBLIC = ', already_public = ["no", "unknown"] }'
FACTS = "facts.toml"
REFUSED = f'item_7 = "not_met"{NOT_PUBLIC}\nthen = "'
OPEN = f'"unconfirmed"{NOT_PUBLIC}\nthen = "'
ASKED_ALONE = f'item_7 = "unconfirmed", collaboration = "none"{NOT_PUBLIC}'
ASKED_UNPUBLISHED = f'item_1 = "unconfirmed", must_be_published = "no"{NOT_PUBLIC}'
UNLISTED = 'when = { data_class = "unlisted"'

Edit = tuple[str, str, str]
CAUGHT: dict[str, tuple[list[Edit], dict[str, int | None]]] = {
    "a dropped condition": ([(VERDICT, ', data_location = "abroad" }', " }")], {"page": 1}),
    "a dropped condition of an item": ([(CHECKLIST, ', company_secret = "no" }', " }")], {"page": 1}),
    "a lowered floor": (
        [(VERDICT, f"{REFUSED}do_not_upload", f"{REFUSED}confirm_first")],
        {"page": 1},
    ),
    "a floor too low for what is open": (
        [(VERDICT, f"{OPEN}confirm_first", f"{OPEN}allowed")],
        {"open questions": None, "page": None, "rules": 0},
    ),
    "a floor on public data": (
        [(VERDICT, f'item_6 = "required"{NOT_PUBLIC}', 'item_6 = "required" }')],
        {"proportionate": None, "page": None},
    ),
    "a changed value": (
        [(CHECKLIST, 'data_location = "undisclosed"', 'data_location = "abroad"')],
        {"page": 1},
    ),
    "a weakened default": (
        [(CLASS, 'line = 8\nthen = "unlisted"', 'line = 8\nthen = "open"')],
        {"page": None, "rules": 0},
    ),
    "a weakened default of an item": (
        [(CHECKLIST, 'id = "item_7.met"\nline = 5\nthen = "met"', 'id = "item_7.met"\nline = 5\nthen = "not_met"')],
        {"page": 1, "monotone": None},
    ),
    "a case without a floor": (
        [(VERDICT, 'data_class = ["closed", "careful"] }\nthen', 'data_class = "closed" }\nthen')],
        {"grounded": None, "page": None},
    ),
    "safety in ignorance": (
        [(VERDICT, f'item_7 = "unconfirmed"{NOT_PUBLIC}', ASKED_ALONE)],
        {"monotone": None, "page": None},
    ),
    "an unsafe answer called safe": ([(FACTS, 'safe = "japan"', 'safe = "abroad"')], {"vocabulary": 0, "monotone": 2}),
    "a value that the page does not have": (
        [(FACTS, '["open", "closed", "pending"]', '["open", "closed", "pending", "postponed"]')],
        {"vocabulary": 0},
    ),
    "the programme in a verdict": (
        [(VERDICT, 'when = { data_class = "unlisted" }', 'when = { data_class = "unlisted", programme = "no" }')],
        {"programme": None, "grounded": None},
    ),
    "openness by duty in a verdict": (
        [(VERDICT, f'item_1 = "unconfirmed"{NOT_PUBLIC}', ASKED_UNPUBLISHED)],
        {"by duty": None},
    ),
    "public data told public data only": (
        [(ADVICE, f'item_6 = "required"{NOT_PUBLIC}', 'item_6 = "required" }')],
        {"proportionate": None},
    ),
    "a measure that is held back": (
        [(ADVICE, 'when = { item_6 = "unconfirmed"', 'when = { use = "training", item_6 = "unconfirmed"')],
        {"measures": 0},
    ),
    "a shadowed rule": (
        [(CLASS, 'when = { openness_review = "open" }', 'when = { openness_review = "open", novelty = "unknown" }')],
        {"rules": 0, "page": None},
    ),
    "a floor that never counts": (
        [(VERDICT, f"{UNLISTED} }}", f'{UNLISTED}, novelty = "yes" }}')],
        {"rules": 0, "grounded": None},
    ),
    "a fact without effect": (
        [(CHECKLIST, f'secure_channel = "{value}"', f'access_limited = "{value}"') for value in ("no", "unknown")],
        {"facts": 0, "page": 1},
    ),
}
"""Planted edits → the statements that must fall, with the size of the smallest counterexample where it is plain."""
