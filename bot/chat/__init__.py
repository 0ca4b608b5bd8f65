"""What all chats share: conversations, phrases, votes, and what counts as a sound."""
