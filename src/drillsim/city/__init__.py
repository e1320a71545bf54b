"""The city: graph, facilities, people, routes."""
