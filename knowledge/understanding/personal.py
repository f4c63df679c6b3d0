"""Whether a text looks as if it held personal data: addresses, numbers, a named patient, a table. Keeps nothing."""

import re

NUMBER = r"(?:id|番号|no\.?|number|#)"
IS = r"\s*(?:is|:|=|#)?\s*"
TELEPHONE = (
    r"(?<!\d)(?:0\d{1,4}[-(. ]\d{1,4}[-). ]\d{3,4}|\+?81[- ]?\d{1,4}[- ]?\d{1,4}[- ]?\d{4}|0[789]0\d{8}"
    r"|\+\d{1,3}[- ]\d{2,4}[- ]\d{3,4}[- ]\d{3,4})(?!\d)"
)
KINDS = (
    r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+",  # e-mail address
    TELEPHONE,
    r"(?<![\d-])\d{4}[- ]?\d{4}[- ]?\d{4}(?![\d-])",  # the 12-digit personal number
    rf"(?:患者|カルテ|診察券|被験者|学籍|社員|会員|職員|保険証|受診|症例)の?{NUMBER}\s*[はが:=#]?\s*[a-z0-9]{{0,4}}[a-z]?-?\d{{3,}}",
    rf"\b(?:patient|chart|subject|participant|student|medical record|mrn|ssn)\s*{NUMBER}?{IS}[a-z]{{0,4}}-?\d{{4,}}",
    r"〒?\s?(?<!\d)\d{3}-\d{4}(?!\d)\s*[^\d\s]{0,3}(?:都|道|府|県|[^\s]{1,6}[都道府県市区])",  # postal address
    r"(?:氏名|名前|患者名)\s*[:=]\s*[一-龯]{1,4}[\s ]?[一-龯ぁ-んァ-ヶ]{1,4}",
    r"[一-龯]{1,3}[\s ]?[一-龯ぁ-んァ-ヶ]{1,4}(?:さん|様|氏|くん|君|ちゃん)?\s*[(、,]?\s*\d{1,3}\s?[歳才]",
    r"[一-龯ぁ-んァ-ヶ]{2,6}\s?(?:さん|様|氏|くん|君|ちゃん)\s?\(\d{1,3}\)",
    r"\b(?:patient|client|mr|mrs|ms)\.? [a-z]+ [a-z]+, \(?\d{1,3}[,)\s]",
    r"\b[a-z]{2,} [a-z]{2,}[;|\t] ?\d{4}[-/]\d{1,2}[-/]\d{1,2}",
    r"[都道府県][^\s\d、。]{1,8}[市区町村郡][^\s\d、。]{0,8}\d{1,4}-\d{1,4}",
    r"\b(?:mr|mrs|ms|patient|dr)\.?\s+[a-z]+(?:\s+[a-z]+)?,?\s*(?:\(|aged?|,)?\s*\d{1,3}\s*(?:years?|yo|y/o|yrs?|-year)",
    r"\b(?:dob|date of birth|born(?: on)?)\s*[:=]?\s*\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}",
    r"(?:生年月日|誕生日)\s*[:=は]?\s*(?:\d{4}|昭和|平成|令和)",
)
SIGNS = re.compile("|".join(KINDS))
ROW = re.compile(
    r"^[^\t\n]*\t[^\t\n]*\t[^\n]*$|^(?:[^,\n]{1,24},){2,}[^,\n]{1,24}$|^\|?(?:[^|\n]{1,40}\|){3,}", re.MULTILINE
)
ROWS = 3


def holds_personal_data(text: str) -> bool:
    """Whether the text (as it is compared, in lower case) has a sign of personal data, or rows of a table."""
    return SIGNS.search(text) is not None or len(ROW.findall(text)) >= ROWS
