"""The project around the tracker: settings, addresses, and the processes that it runs as."""
