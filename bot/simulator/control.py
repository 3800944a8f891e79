"""The control API under /sim: what the page and the storms do on behalf of people."""

from aiohttp import web

from bot.simulator.state import World


def add_control_routes(application: web.Application, world: World) -> None:
    """Serve the control API."""
    del application, world
