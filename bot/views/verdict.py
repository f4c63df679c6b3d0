"""A settled case → Block Kit: the verdict card, and the modal with every reason and quotation."""

from collections.abc import Iterable, Sequence

from bot.ids import Action, View
from bot.rendering import Phrases
from bot.views.blocks import MAX_BLOCKS, Block, actions, button, context, divider, header, modal, section, sections
from bot.views.services import ServiceViews
from conversations.service import Standing
from knowledge.models import Knowledge, Passage
from rules.models import Evaluation, Rule, RuleBase

MARKS = dict(zip("1234567", "①②③④⑤⑥⑦", strict=True))


class VerdictViews:
    """Speaks evaluations in both languages."""

    def __init__(self, phrases: Phrases, services: ServiceViews, knowledge: Knowledge, rulebase: RuleBase) -> None:
        """Read reasons from the rules, quotations and measures from the knowledge."""
        self._phrases = phrases
        self._services = services
        self._knowledge = knowledge
        self._rulebase = rulebase

    def word(self, verdict: str, language: str) -> str:
        """Return the verdict with its symbol."""
        symbol = self._phrases.label(language, f"verdict.symbol_{verdict}")
        word = self._phrases.label(language, f"verdict.{verdict}")
        return self._phrases.label(language, "verdict.title", symbol=symbol, word=word)

    def card(self, standing: Standing, evaluation: Evaluation, language: str) -> list[Block]:
        """Return the verdict card."""
        rules = self._telling(evaluation)
        first, *others = [rule.because.say(language) for rule in rules]
        data_class = self._phrases.label(language, f"verdict.class_{evaluation.data_class}")
        service = self._services.name(standing.progress.service, language)
        blocks = [
            header(self.word(evaluation.verdict, language), f"verdict:{evaluation.verdict}"),
            section(self._phrases.say(language, "verdict.why", reason=first)),
            context(self._phrases.say(language, "verdict.case", data_class=data_class, service=service)),
        ]
        if evaluation.disputed:
            blocks.append(section(self._phrases.say(language, "verdict.disputed")))
        blocks += self.measures(evaluation, language, "verdict.to_do")
        if others:
            blocks += sections(self._phrases.say(language, "verdict.reasons", reasons=others).split("\n"))
        blocks += [divider(), *self._quotes(rules, language), divider()]
        blocks += [self._checklist(evaluation, language), *self._still_open(standing, language)]
        everything = self._phrases.label(language, "verdict.all_reasons")
        blocks.append(actions([button(everything, Action.REASONS, standing.case.id)], "verdict"))
        blocks.append(context(self._footer(evaluation, language)))
        return blocks[:MAX_BLOCKS]

    def withdrawn(self, language: str) -> list[Block]:
        """Return what is left of a verdict whose answers changed."""
        return [context(self._phrases.say(language, "verdict.withdrawn"))]

    def reasons(self, evaluation: Evaluation, language: str) -> Block:
        """Return the modal with how to do each measure, every rule that fired, and every passage they cite."""
        rules = [self._rulebase.rules[name] for name in evaluation.rules]
        grounds = [rule for rule in rules if rule.target != "measures"]
        lines = self._phrases.say(
            language, "verdict.reasons", reasons=_unique(r.because.say(language) for r in grounds)
        )
        measures = self.measures(evaluation, language, "verdict.measures")
        blocks = [*measures, *sections(lines.split("\n")), divider(), *self._quotes(rules, language)]
        title = self._phrases.label(language, "verdict.reasons_title")
        return modal(View.REASONS, title, blocks, self._phrases.label(language, "verdict.close"))

    def _telling(self, evaluation: Evaluation) -> list[Rule]:
        """The rules that set the verdict, those behind the failing items, and those of the class."""
        rules = [self._rulebase.rules[name] for name in evaluation.rules]
        setting = [rule for rule in rules if rule.target == "verdict" and rule.then == evaluation.verdict]
        if evaluation.disputed and not setting:
            setting = [rule for rule in rules if rule.target == "verdict"][:1]
        concerned = {name for rule in setting for name in rule.when}
        concerned |= {f"item_{n}" for n in "2345"} if "item_6" in concerned else set()
        doubtful = [rule for rule in rules if rule.then in ("not_met", "unconfirmed") and rule.target != "item_6"]
        behind = [rule for rule in doubtful if rule.target in concerned]
        return [*setting, *(rule for rule in rules if rule.target == "data_class"), *behind]

    def measures(self, evaluation: Evaluation, language: str, phrase: str = "verdict.measures") -> list[Block]:
        """Return what to do: as a list of labels (`verdict.to_do`), or with how to do it."""
        measures = [self._knowledge.measures[name] for name in evaluation.measures]
        if not measures:
            return [section(self._phrases.say(language, "verdict.no_measures"))]
        told = [{"label": m.label.say(language), "detail": m.detail.say(language)} for m in measures]
        return sections(self._phrases.say(language, phrase, measures=told).split("\n"))

    def _quotes(self, rules: Sequence[Rule], language: str) -> list[Block]:
        """Each passage once, with its section, its source, and where the reading is the project's own."""
        passages = [self._knowledge.passages[name] for name in _unique(cite for rule in rules for cite in rule.cites)]
        titles = _unique(self._knowledge.sources[passage.source].title for passage in passages)
        blocks = [section(self._phrases.say(language, "verdict.quotes", titles=titles))]
        for passage in passages:
            blocks += self._quote(passage, [rule for rule in rules if passage.id in rule.cites], language)
        return blocks

    def _quote(self, passage: Passage, citing: Sequence[Rule], language: str) -> list[Block]:
        words = self._phrases.say(language, "verdict.quote", ja=" ".join(passage.ja.split()), en=passage.en)
        source = self._phrases.say(
            language,
            "verdict.source",
            section=passage.section,
            official=passage.en_status == "official",
            readings=_unique(rule.reading.say(language) for rule in citing if rule.reading),
        )
        return [{**section(words), "block_id": f"passage:{passage.id}"}, context(source)]

    def _checklist(self, evaluation: Evaluation, language: str) -> Block:
        obligation = self._phrases.label(language, f"verdict.obligation_{evaluation.obligation}")
        items = [
            {"mark": MARKS[item], "word": self._phrases.label(language, f"verdict.{self._status(evaluation, item)}")}
            for item in evaluation.checklist
        ]
        return section(self._phrases.say(language, "verdict.checklist", obligation=obligation, items=items))

    def _status(self, evaluation: Evaluation, item: str) -> str:
        status = evaluation.checklist[item]
        public = evaluation.facts["already_public"] == "yes"
        return "fulfilled" if status == "required" and public else status

    def _still_open(self, standing: Standing, language: str) -> list[Block]:
        """What was asked and is not known, and what nobody had to ask."""
        progress = standing.progress
        doubts = [self._rulebase.facts[name].label.say(language) for name in progress.in_doubt]
        topics = [card.topic.say(language) for card in progress.unasked]
        told = (("verdict.open", doubts), ("verdict.unasked", topics))
        return [context(self._phrases.say(language, phrase, names=names)) for phrase, names in told if names]

    def _footer(self, evaluation: Evaluation, language: str) -> str:
        engine = self._phrases.label(language, f"verdict.engine_{evaluation.engine}")
        return self._phrases.say(language, "verdict.footer", edition=evaluation.edition, engine=engine)


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
