"""Slack's errors, sorted by what they mean for an answer."""

from __future__ import annotations

from bot.chat.delivery import Trouble
from bot.slack.patience import FAILED, code_of

# From the pages of chat.postMessage, chat.update, reactions.add and response URLs.
_GONE = frozenset(
    {
        *("message_not_found", "thread_not_found", "channel_not_found", "user_not_found"),
        *("edit_window_closed", "cant_update_message", "is_inactive", "bad_timestamp"),
        *("used_url", "expired_url", "no_response_url"),
    }
)
_NOT_ALLOWED = frozenset(
    {
        *("not_in_channel", "is_archived", "user_not_in_channel", "cannot_dm_bot", "user_disabled"),
        *("access_denied", "no_permission", "team_access_not_granted", "ekm_access_denied"),
        *("messages_tab_disabled", "cannot_reply_to_message", "not_reactable", "thread_locked"),
        *("posting_to_general_channel_denied", "external_channel_migrating", "user_not_visible"),
    }
)
_BUSY = frozenset(
    {
        *("ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"),
        *("request_timeout", "team_added_to_org", "accesslimited"),
    }
)
_RESTRICTED = "restricted_action"  # and its kinds: read-only, thread-only, locked, no threads


def trouble_of(error: BaseException) -> Trouble:
    """What an error of a call means; BROKEN for errors that are not Slack's."""
    code = code_of(error)
    if code in _GONE:
        return Trouble.GONE
    if code in _NOT_ALLOWED or code.startswith(_RESTRICTED):
        return Trouble.NOT_ALLOWED
    busy = code in _BUSY or (not code and isinstance(error, FAILED))
    return Trouble.BUSY if busy else Trouble.BROKEN
