"""A process that drives agents, producers and watchers over their sockets, and measures what they notice."""
