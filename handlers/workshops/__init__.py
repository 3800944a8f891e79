"""Workshops as citizens meet them: looking around, registering, and what can be done after."""
