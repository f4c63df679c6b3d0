"""A settled case → Block Kit: the verdict card with the essentials, and the modals with what lies behind them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.ids import Action, AtDesk, View
from bot.rendering import Mrkdwn, Phrases
from bot.views.approval import ApprovalViews
from bot.views.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    header,
    menu,
    modal,
    option,
    section,
    sections,
)
from bot.views.checklist import ChecklistViews
from bot.views.insight import InsightViews
from bot.views.opinion import OpinionViews
from bot.views.ruling import RulingViews
from bot.views.services import ServiceViews
from bot.views.todo import ToDoViews
from bot.views.whom import WhomViews
from conversations.confirmations import CONFIRMABLE
from conversations.desk import CASE
from conversations.models import WANTED, Case
from conversations.rulings import Precedent
from conversations.service import Insight, Standing
from conversations.todo import Marks, is_about
from conversations.validity import Holds
from knowledge.desk import Desk
from knowledge.models import Knowledge, Passage
from rules.models import Evaluation, Rule, RuleBase


class VerdictViews:
    """Speaks evaluations in both languages."""

    def __init__(self, phrases: Phrases, services: ServiceViews, knowledge: Knowledge, rulebase: RuleBase) -> None:
        """Read reasons from the rules, quotations and measures from the knowledge."""
        self._phrases = phrases
        self._services = services
        self._knowledge = knowledge
        self._rulebase = rulebase
        self.insights = InsightViews(phrases, services, rulebase)
        self.whom = WhomViews(phrases, knowledge.institution, rulebase)
        self.to_do = ToDoViews(phrases, knowledge)
        self.opinions = OpinionViews(phrases)
        self.checklist = ChecklistViews(phrases, knowledge)
        self.approvals = ApprovalViews(phrases)
        self.rulings = RulingViews(phrases, self.insights, knowledge.institution)
        self._desk = knowledge.institution.desk if knowledge.institution else Desk()

    def card(
        self, standing: Standing, evaluation: Evaluation, insight: Insight, marks: Marks, language: str
    ) -> list[Block]:
        """Return the verdict card: what fits a telephone's screen, then the buttons to everything else."""
        case, rules = standing.case, self.telling(evaluation, standing.progress.asked)
        reason = self._phrases.say(language, "verdict.why", reason=rules[0].because.say(language))
        disputed = [section(self._phrases.say(language, "verdict.disputed"))] if evaluation.disputed else []
        return [
            header(self.insights.word(evaluation.verdict, language), f"verdict:{evaluation.verdict}"),
            section(reason),
            context(self.about(standing, evaluation, language)),
            *self._named(insight, language),
            *disputed,
            *(self.rulings.ruled(marks.ruling, standing, evaluation, language) if marks.ruling else []),
            *self.insights.deciding_in_short(insight, evaluation.facts, self._rulebase.about[rules[0].id], language),
            *self.to_do.on_card(case.id, insight.to_do, marks.ticked, evaluation.verdict, language),
            context(
                self.whom.on_card(insight.whom, language),
                self._stands(case, evaluation, insight.holds, language),
            ),
            *self.approvals.on_card(standing, language),
            actions(self._buttons(standing, evaluation.verdict, language), "verdict"),
            self.opinions.buttons(case.id, marks.opinion, language),
        ]

    def about(self, standing: Standing, evaluation: Evaluation, language: str) -> str:
        """Return the class of the data and the service, in a line."""
        data_class = self._phrases.label(language, f"verdict.class_{evaluation.data_class}")
        service = self._services.name(standing.progress.service, language)
        return self._phrases.say(language, "verdict.case", data_class=data_class, service=service)

    def _named(self, insight: Insight, language: str) -> list[Block]:
        """The other services that the first message named, in a line."""
        others = [
            {"service": self._services.short_name(o.service, language), "word": self.insights.word(o.verdict, language)}
            for o in insight.named
        ]
        return [context(self._phrases.say(language, "reading.other_services", others=others))] if others else []

    def _stands(self, case: Case, evaluation: Evaluation, holds: Holds | None, language: str) -> str:
        """By which edition, since when and until when."""
        given = next((a.at for a in reversed(case.answers) if a.card != WANTED), case.started_at)
        why = self._phrases.label(language, f"verdict.until_{holds.why}") if holds else ""
        until = holds.until.isoformat() if holds else ""
        told = {"edition": evaluation.edition, "given": _day(given), "until": until, "why": why}
        return self._phrases.say(language, "verdict.stands", **told)

    def _buttons(self, standing: Standing, verdict: str, language: str) -> list[Block]:
        """What a telephone's screen takes, then the menu with the rest.

        The way to the desk comes first where the institution offers it so with this verdict.
        """
        case = standing.case
        names = {
            "verdict.all_reasons": Action.REASONS,
            "insight.what_changes": Action.WAYS,
            "verdict.change_answer": Action.SUMMARY,
            "record.get": Action.RECORD,
        }
        if case.confirmations or not standing.progress.asked.isdisjoint(CONFIRMABLE):
            names["approval.open"] = Action.CONFIRM
        buttons = [button(self._phrases.label(language, name), action, case.id) for name, action in names.items()]
        offered, value = verdict in self._desk.offers, f"{CASE}|{case.id}"
        ask = button(self._phrases.label(language, "desk.ask"), AtDesk.ASK, value, "primary" if offered else "")
        return [*([ask, *buttons] if offered else [*buttons, ask]), self._more(case, language)]

    def _more(self, case: Case, language: str) -> Block:
        """The menu; Slack shows no more than five entries."""
        names = {
            "todo.how": Action.TO_DO,
            "insight.other_services": Action.SERVICES,
            "checklist.open": Action.CHECKLIST,
            "record.plan_button": Action.PLAN,
        }
        if not case.whole_list:
            names["verdict.fill_whole_list"] = Action.WHOLE_LIST
        say = self._phrases.label
        return menu(
            [option(say(language, name), f"{action}|{case.id}") for name, action in names.items()], Action.BEHIND
        )

    def whole_list(self, evaluation: Evaluation, language: str) -> list[Block]:
        """Return the checklist ①–⑦ as a record: each item in the guideline's words, with its status."""
        title = header(self._phrases.label(language, "verdict.whole_list"), "whole_list")
        rendering = self._phrases.say(language, "checklist.rendering")
        small_print = context(self._footer(evaluation, language), rendering)
        return [title, self.checklist.table(evaluation, language), small_print]

    def withdrawn(self, language: str) -> list[Block]:
        """Return what is left of a verdict whose answers changed."""
        return [context(self._phrases.say(language, "verdict.withdrawn"))]

    def reasons(
        self,
        standing: Standing,
        evaluation: Evaluation,
        insight: Insight,
        language: str,
        precedents: Sequence[Precedent] = (),
    ) -> Block:
        """Return the modal with the deciding answers, every rule that fired, and every passage they cite.

        `precedents`: what people ruled where the same rules fired; they come first.
        """
        title, close = (self._phrases.label(language, name) for name in ("verdict.reasons_title", "verdict.close"))
        before = self.rulings.before(precedents, language)
        return modal(View.REASONS, title, [*before, *self.grounds(standing, evaluation, insight, language)], close)

    def grounds(self, standing: Standing, evaluation: Evaluation, insight: Insight, language: str) -> list[Block]:
        """Return why: the rules that tell the verdict lead, and so do the passages they cite."""
        telling = self.telling(evaluation, standing.progress.asked)
        rules = list(dict.fromkeys([*(rule.id for rule in telling), *evaluation.rules]))
        ordered = [self._rulebase.rules[name] for name in rules]
        reasons = _unique(rule.because.say(language) for rule in ordered if rule.target != "measures")
        return [
            *sections(self._phrases.say(language, "verdict.reasons", reasons=reasons).split("\n")),
            *self.insights.deciding(insight, evaluation.facts, language),
            *self._still_open(standing, language),
            divider(),
            *self._quotes(ordered, language),
            context(self._footer(evaluation, language)),
        ]

    def telling(self, evaluation: Evaluation, asked: frozenset[str]) -> list[Rule]:
        """Return the rules that set the verdict (what was asked first), those of the class, of items in doubt."""
        rules = [self._rulebase.rules[name] for name in evaluation.rules]
        setting = [rule for rule in rules if rule.target == "verdict" and rule.then == evaluation.verdict]
        if evaluation.disputed and not setting:
            setting = [rule for rule in rules if rule.target == "verdict"][:1]
        setting.sort(key=lambda rule: not is_about(self._rulebase, rule, asked))
        concerned = {name for rule in setting for name in rule.when}
        concerned |= {f"item_{n}" for n in "2345"} if "item_6" in concerned else set()
        doubtful = [rule for rule in rules if rule.then in ("not_met", "unconfirmed") and rule.target != "item_6"]
        behind = [rule for rule in doubtful if rule.target in concerned]
        return [*setting, *(rule for rule in rules if rule.target == "data_class"), *behind]

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


def _day(at: datetime) -> Mrkdwn:
    """The day where the reader is; where Slack is not there to reckon it, in UTC."""
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{{date_num}}|{at.astimezone(UTC).date().isoformat()}>")
