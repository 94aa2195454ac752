"""Widgets: thin views that turn clicks into actions and show the state that comes back."""
