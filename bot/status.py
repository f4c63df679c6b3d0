"""`/kakunin status`: the week in figures for officers and administrators, and for the latter what waits."""

from bot.listeners.visit import Visit
from bot.tools import Tools
from bot.views.blocks import Block, section
from bot.views.status import week_in_figures
from conversations.roles import has_role, require

WHO = ("officers", "admins")


def status(tools: Tools, arrived: Visit) -> tuple[str, list[Block]]:
    """Return the private note, as text and blocks. Raises NotAllowed.

    It may ask Slack who is in a user group, so no transaction should be open.
    """
    book = tools.conversations.library.of(arrived.workspace).current()
    members = tools.groups.of(arrived.client, arrived.workspace)
    institution = book.knowledge.institution
    require(institution, arrived.user, WHO, members)
    week = tools.figures.of(arrived.workspace, tools.figures.week_of(arrived.workspace, tools.clock()))
    text = week_in_figures(tools.phrases, tools.views(book), week, arrived.language)
    if has_role(institution, arrived.user, "admins", members):
        waiting = tools.conversations.store.backlog(arrived.workspace)
        counts = {"jobs": waiting.jobs, "letters": waiting.letters, "dead": waiting.dead}
        text += "\n" + tools.phrases.say(arrived.language, "note.waiting", **counts)
    return text, [section(text)]
