"""Discord's thin mouth: acknowledge, ask the service, render."""
