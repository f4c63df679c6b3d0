"""What speaks of one edition: its services, its questions, its verdicts, its passages."""

from dataclasses import dataclass

from bot.rendering import Phrases
from bot.views.editing import EditingViews
from bot.views.help import HelpViews
from bot.views.question import QuestionViews
from bot.views.reply import ReplyViews
from bot.views.services import ServiceViews
from bot.views.typed import TypedViews
from bot.views.verdict import VerdictViews
from conversations.book import Book


@dataclass(frozen=True)
class Views:
    """The views over one edition's data."""

    services: ServiceViews
    questions: QuestionViews
    verdicts: VerdictViews
    replies: ReplyViews
    helps: HelpViews
    editing: EditingViews
    typed: TypedViews


def views_of(phrases: Phrases, book: Book) -> Views:
    """Return the views of an edition; they hold nothing of their own."""
    knowledge, rulebase = book.knowledge, book.rulebook.rulebase
    services = ServiceViews(phrases, knowledge, rulebase)
    verdicts = VerdictViews(phrases, services, knowledge, rulebase)
    replies = ReplyViews(phrases, verdicts, knowledge)
    helps = HelpViews(phrases, verdicts, knowledge, book.glossary)
    questions = QuestionViews(phrases, services, helps)
    editing = EditingViews(phrases, questions, verdicts.insights)
    return Views(services, questions, verdicts, replies, helps, editing, TypedViews(phrases, questions))
