"""All that trains and measures.  Answering imports none of it."""
