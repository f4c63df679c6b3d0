"""Frames that take the weight from what is said in them: other questions, quotations, reported speech, contrasts.

What would clear a concern counts only outside of them; what raises one counts all the same.
"""

import re

PERMISSION = re.compile(
    r"\b(?:(?:can|could|may|might|should|shall|am|are) (?:i|we)|do i|ok|okay|fine|allowed|alright|safe|permitted"
    r"|possible|acceptable|problem|upload|paste|put|enter|feed|use|proceed|go|all right|trouble|wrong)\b"
    r"|いい|よい|良い|よろし|大丈夫|問題|だめ|ダメ|駄目|構わ|かまわ|平気|可能|でき|可|ok|セーフ|アウト|まず[いく]"
    r"|どう(?:でしょう|です|か|かな)|許さ|使え|入れ|貼|渡し|読ませ|かけ|差し支え|怒られ|違反|しても|必要"
)
"""A question for permission leaves what it says of the data standing."""
ENDS_ASKING = re.compile(r"(?:か|かな|かね|っけ|かしら|の|よね|でしょ|だろ|でしょう|だろう)[\s~ー]*$")

CONTRAST = re.compile(
    r"\W*(?:but|yet|however|though|although|whereas|(?:and )?(?:not|no|never|then|later|now)\b|that (?:was|is) |that's "
    r"|ただ|しかし|一方|その後|あとから|後から"
    r"|(?:データ|装置|機材|資料|試料|サンプル|素材|材料|元)は[^。]{0,10}(?:から|提供|もらっ|預か|借り)"
    r"|[^、。]{1,12}(?:は|も|が)[^。]{0,12}(?:(?:含|入|出|載|掲載|公開|発表)[^。]{0,8}(?:ない|ません|なかった|ず)|まだ|別|違)|"
    r"もっとも|(?:なのは|それは|これは).*の(?:話|件)|(?:なんて|な)?わけ|嘘|冗談"
    r"|(?:では|じゃ)(?:ない|なかった|ありません)|to be (?:confirmed|checked|verified)|unconfirmed|unverified"
    r"|said (?:nobody|no one)|just kidding|yeah right|as if\b"
    r"|so (?:i|we|they|he|she)\b.*\b(?:told|says?|said|hear|heard|claims?)\b)"
    r"|.*\b(?:is|are|was|were|has|have|does|do)(?: not|n't)\W*$"
)

CONCESSION = re.compile(r"(?:が|けど|けれど|けれども|けども|ものの)[、\s]*$")
"""What ends a clause that gives way to the next one."""

REPORTED = re.compile(
    r"(?:済み|該当|限定|明確|国内|[るたいだすんく定#])"
    r"(?:と(?![もき、])|とは|という|って|こと[にをがは]|ふり|状態[にをが]|もの[をが]|の[をが](?!$))(.*)"
)
SETTLED = re.compile(
    r"確認|明記|決定|決ま|決め|定め|書か|書い|記載|記され|判断|判定|規定|通知|回答|契約|確約|保証|明らか|認め|認定|分か[っり]"
    r"|わか[っり]|判明|条項|謳|公表|取り決め|返事|連絡|無関係"
)
"""Verbs after which a reported sentence is so: it was settled, not wished, feared or claimed."""

FACTIVE = (
    "confirm(?:ed|s)|knows?|knew|verified|checked|states|stated|stipulates?|decided|agreed|ruled|certif(?:y|ies|ied)"
    "|writing|clear"
)
NOUNS = (
    "so|data|dataset|datasets|set|sets|files?|papers?|figures?|texts?|materials?|records?|those|ones?|everything"
    "|anything|something|all|tables?|articles?|documents?|code|images?|maps?|results?|reports?|versions?|stuff|things?"
    "|pages?|sequences?|corpus|only|note|servers?|service|tool|plan|model|system|contract|clause|policy|agreement|terms"
    "|account|mode|setting"
)
GOVERNED = re.compile(rf"\b(?!(?:{FACTIVE}|{NOUNS})\b)[a-z']+ that\s|\b(?:where|whether)\s")
"""“wants that”, “a condition that”; after NOUNS it is a relative clause, after FACTIVE words it is so."""

QUOTES = (("「", "」"), ("『", "』"))


def asks_otherwise(clause: str, *, asked: bool) -> bool:
    """Whether the clause asks for something else than permission."""
    asks = asked or (not clause.isascii() and ENDS_ASKING.search(clause) is not None)
    return asks and PERMISSION.search(clause) is None


def takes_back(clause: str, *, asked: bool) -> bool:
    """Whether the clause limits the one before it (“…, but the rest …”) and asks for no permission."""
    asks = (asked or not clause.isascii()) and PERMISSION.search(clause) is not None
    return CONTRAST.match(clause) is not None and not asks


def concedes(clause: str, following: str) -> bool:
    """Whether the clause gives way to the next one (「…ないが、」), and that one asks for no permission."""
    return CONCESSION.search(clause) is not None and PERMISSION.search(following) is None


def reports(before: str, after: str) -> bool:
    """Whether what stands between is reported by a verb that does not settle it: “wants that …”, “…と主張する”."""
    told = REPORTED.search(f"#{after}")
    settled = told is None or "契約" in before or SETTLED.search(told.group(1)) is not None
    return GOVERNED.search(before) is not None or not settled


def quotes(before: str) -> bool:
    """Whether quotation marks are open after `before`: whose words follow is not known."""
    return any(before.rfind(mark) > before.rfind(end) for mark, end in QUOTES) or before.count('"') % 2 == 1
