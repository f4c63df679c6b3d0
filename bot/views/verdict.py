"""A settled case → Block Kit: the verdict card, and the modal with every reason and quotation."""

from collections.abc import Iterable, Sequence

from bot.ids import Action, View
from bot.rendering import Phrases
from bot.views.blocks import MAX_BLOCKS, Block, actions, button, context, divider, header, modal, section, sections
from bot.views.insight import InsightViews
from bot.views.services import ServiceViews
from conversations.models import Case
from conversations.service import Insight, Standing
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
        self.insights = InsightViews(phrases, services, rulebase)

    def card(self, standing: Standing, evaluation: Evaluation, insight: Insight, language: str) -> list[Block]:
        """Return the verdict card: what was asked leads, and the modal has the rest."""
        rules = self._telling(evaluation, standing.progress.asked)
        first, *others = _unique(rule.because.say(language) for rule in rules)
        data_class = self._phrases.label(language, f"verdict.class_{evaluation.data_class}")
        service = self._services.name(standing.progress.service, language)
        head = [
            header(self.insights.word(evaluation.verdict, language), f"verdict:{evaluation.verdict}"),
            section(self._phrases.say(language, "verdict.why", reason=first)),
            context(self._phrases.say(language, "verdict.case", data_class=data_class, service=service)),
        ]
        head += self._named(insight, language)
        if evaluation.disputed:
            head.append(section(self._phrases.say(language, "verdict.disputed")))
        head += self._to_do(evaluation, standing.progress.asked, language)
        head += self.insights.in_short(insight, language)
        head += self.insights.deciding(insight, evaluation.facts, language)
        if others:
            head += sections(self._phrases.say(language, "verdict.reasons", reasons=others).split("\n"))
        foot = [
            divider(),
            self._checklist(evaluation, language),
            *self._still_open(standing, language),
            actions(self._buttons(standing.case, language), "verdict"),
            context(self._footer(evaluation, language)),
        ]
        room = MAX_BLOCKS - len(head) - len(foot) - 1
        return [*head, divider(), *self._quotes(rules, language)[:room], *foot]

    def _named(self, insight: Insight, language: str) -> list[Block]:
        """The other services that the first message named, in a line."""
        others = [
            {"service": self._services.short_name(o.service, language), "word": self.insights.word(o.verdict, language)}
            for o in insight.named
        ]
        return [context(self._phrases.say(language, "reading.other_services", others=others))] if others else []

    def _buttons(self, case: Case, language: str) -> list[Block]:
        names = {"verdict.all_reasons": Action.REASONS, "insight.other_services": Action.SERVICES}
        if not case.whole_list:
            names["verdict.fill_whole_list"] = Action.WHOLE_LIST
        return [button(self._phrases.label(language, name), action, case.id) for name, action in names.items()]

    def whole_list(self, evaluation: Evaluation, language: str) -> list[Block]:
        """Return the checklist ①–⑦ as a record: each item in the guideline's words, with its status."""
        blocks = [header(self._phrases.label(language, "verdict.whole_list"), "whole_list")]
        for item in evaluation.checklist:
            passage = self._knowledge.passages[f"check.{item}"]
            status = self._phrases.label(language, f"verdict.{self._status(evaluation, item)}")
            words = passage.ja if language == "ja" else passage.en
            text = self._phrases.say(language, "verdict.whole_item", words=" ".join(words.split()), status=status)
            blocks.append({**section(text), "block_id": f"item:{item}:{evaluation.checklist[item]}"})
        return [*blocks, context(self._footer(evaluation, language))]

    def withdrawn(self, language: str) -> list[Block]:
        """Return what is left of a verdict whose answers changed."""
        return [context(self._phrases.say(language, "verdict.withdrawn"))]

    def reasons(self, evaluation: Evaluation, insight: Insight, language: str) -> Block:
        """Return the modal with how to do each measure, every rule that fired, and every passage they cite."""
        rules = [self._rulebase.rules[name] for name in evaluation.rules]
        grounds = [rule for rule in rules if rule.target != "measures"]
        lines = self._phrases.say(
            language, "verdict.reasons", reasons=_unique(r.because.say(language) for r in grounds)
        )
        blocks = [
            *self.measures(evaluation, language),
            *self.insights.in_full(insight, language),
            *sections(lines.split("\n")),
            divider(),
            *self._quotes(rules, language),
        ]
        title = self._phrases.label(language, "verdict.reasons_title")
        return modal(View.REASONS, title, blocks, self._phrases.label(language, "verdict.close"))

    def _telling(self, evaluation: Evaluation, asked: frozenset[str]) -> list[Rule]:
        """The rules that set the verdict, what was asked first, those of the class, and those of items in doubt."""
        rules = [self._rulebase.rules[name] for name in evaluation.rules]
        setting = [rule for rule in rules if rule.target == "verdict" and rule.then == evaluation.verdict]
        if evaluation.disputed and not setting:
            setting = [rule for rule in rules if rule.target == "verdict"][:1]
        setting.sort(key=lambda rule: not self._asked(rule, asked))
        concerned = {name for rule in setting for name in rule.when}
        concerned |= {f"item_{n}" for n in "2345"} if "item_6" in concerned else set()
        doubtful = [rule for rule in rules if rule.then in ("not_met", "unconfirmed") and rule.target != "item_6"]
        behind = [rule for rule in doubtful if rule.target in concerned]
        return [*setting, *(rule for rule in rules if rule.target == "data_class"), *behind]

    def _asked(self, rule: Rule, asked: frozenset[str]) -> bool:
        about = self._rulebase.about[rule.id]
        return not about or bool(about & asked)

    def _to_do(self, evaluation: Evaluation, asked: frozenset[str], language: str) -> list[Block]:
        """What to do about what was asked or sets the verdict; under a refusal, what can be done instead."""
        rules = [self._rulebase.rules[name] for name in evaluation.rules]
        setting = [rule for rule in rules if rule.target == "verdict" and rule.then == evaluation.verdict]
        asked = asked.union(*(self._rulebase.about[rule.id] for rule in setting))
        advice = [rule for rule in rules if rule.target == "measures"]
        names = _unique(rule.then for rule in advice if self._asked(rule, asked))
        if not names:
            return [section(self._phrases.say(language, "verdict.no_measures"))]
        phrase = "verdict.instead" if evaluation.verdict == "do_not_upload" else "verdict.to_do"
        labels = [self._knowledge.measures[name].label.say(language) for name in names]
        return sections(self._phrases.say(language, phrase, measures=labels).split("\n"))

    def measures(self, evaluation: Evaluation, language: str) -> list[Block]:
        """Return every measure with how to do it."""
        measures = [self._knowledge.measures[name] for name in evaluation.measures]
        told = [{"label": m.label.say(language), "detail": m.detail.say(language)} for m in measures]
        return sections(self._phrases.say(language, "verdict.measures", measures=told).split("\n")) if told else []

    def _quotes(self, rules: Sequence[Rule], language: str) -> list[Block]:
        """Each passage once, with its section, its source, and where the reading is the project's own."""
        passages = [self._knowledge.passages[name] for name in _unique(cite for rule in rules for cite in rule.cites)]
        blocks = [self.quoting(passages, language)]
        for passage in passages:
            blocks += self.quote(passage, [rule for rule in rules if passage.id in rule.cites], language)
        return blocks

    def quoting(self, passages: Iterable[Passage], language: str) -> Block:
        """Return the line over quotations, which names their sources."""
        titles = _unique(self._knowledge.sources[passage.source].title for passage in passages)
        return section(self._phrases.say(language, "verdict.quotes", titles=titles))

    def quote(self, passage: Passage, citing: Sequence[Rule], language: str) -> list[Block]:
        """Return the words of a passage, with its section, and where the reading of a rule that cites it is our own."""
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
