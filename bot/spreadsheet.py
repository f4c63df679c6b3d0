"""Texts for tables that a spreadsheet opens: each stays a text there, whatever it begins with."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet takes for a formula."""
MARK = b"\xef\xbb\xbf"
"""What a CSV file begins with so that Excel reads it as UTF-8."""


def safe(text: str) -> str:
    """Return the text so that a spreadsheet takes it for one; a difference such as +3 is a number."""
    number = text.lstrip("+-").isdigit() and len(text) - len(text.lstrip("+-")) <= 1
    return f"'{text}" if text.startswith(FORMULA) and not number else text
