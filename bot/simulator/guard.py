"""Keeps other web sites away from the simulator: names, origins and what a page may load."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def guard(*, is_open: bool) -> Middleware:
    """Refuse foreign host names (DNS rebinding) and, outside the Bot API, foreign origins."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        host = request.headers.get("Host", "")
        if not is_open and not _is_loopback_name(host):
            raise web.HTTPForbidden(text="The simulator answers to loopback names only.")
        if request.path.startswith("/bot"):
            return await handler(request)
        if not _is_own_origin(request, host):
            raise web.HTTPForbidden(text="Other sites may not use the simulator.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_PAGE_HEADERS)
        return response

    return check


def _is_loopback_name(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _is_own_origin(request: web.Request, host: str) -> bool:
    site = request.headers.get("Sec-Fetch-Site", "none")
    is_visit = (
        request.method == "GET" and request.path == "/"
    )  # A link to the page may be followed.
    if site not in {"same-origin", "none"} and not is_visit:
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == host
