"""A small believable story, and what the demo needs around it. Only the command line imports this."""
