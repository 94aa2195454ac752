"""The course server: the site, the hand-in, the stream of events, and who may see what. One Tornado process."""
