"""Serves the chat page and its files, all of them from here."""

from aiohttp import web

from bot.simulator.state import PAGE_DIR

_KINDS = {
    "chat.css": "text/css",
    "chat.js": "text/javascript",
    "bubbles.js": "text/javascript",
    "bubbles.css": "text/css",
    "composer.js": "text/javascript",
    "dialogs.js": "text/javascript",
    "messenger.js": "text/javascript",
    "side.js": "text/javascript",
    "words.js": "text/javascript",
    "Vazirmatn-Regular.woff2": "font/woff2",
    "Vazirmatn-Bold.woff2": "font/woff2",
    "OFL.txt": "text/plain",
}


def add_page_routes(application: web.Application) -> None:
    """Serve the page at / and its files beside it; nothing else on the disk is reachable."""
    application.router.add_get("/", _index)
    application.router.add_get("/page/{name}", _asset)


async def _index(_: web.Request) -> web.Response:
    return _file("index.html", "text/html")


async def _asset(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in _KINDS:
        raise web.HTTPNotFound
    return _file(name, _KINDS[name])


def _file(name: str, kind: str) -> web.Response:
    is_text = kind.startswith("text/")
    return web.Response(
        body=(PAGE_DIR / name).read_bytes(),
        content_type=kind,
        charset="utf-8" if is_text else None,
        headers={"Cache-Control": "no-cache" if is_text else "max-age=86400"},
    )
