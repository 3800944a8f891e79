"""The control API under /sim: what the page and the storms do on behalf of people."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from itertools import islice

from aiohttp import web

from bot.simulator import actions, groups, payments, views
from bot.simulator.errors import ApiError, PersonError
from bot.simulator.methods.commands import menu_for
from bot.simulator.state import Chat, Person, World
from bot.simulator.wire import Json, Upload, dumps, loads

HEARTBEAT_SECONDS = 15.0
JOURNAL_LINES_MAX = 500

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Deed = Callable[[World, Json], Awaitable[object]]


def add_control_routes(application: web.Application, world: World) -> None:
    """Serve the control API."""
    desk = _Desk(world)
    routes = application.router
    routes.add_get("/sim/state", desk.state)
    routes.add_get("/sim/messages", desk.messages)
    routes.add_get("/sim/menu", desk.menu)
    routes.add_get("/sim/events", desk.events)
    routes.add_get("/sim/journal", desk.journal)
    routes.add_get("/sim/file/{file_id}", desk.file)
    routes.add_post("/sim/upload", desk.upload)
    routes.add_post("/sim/{deed}", desk.deed)


class _Desk:
    """Answers the page."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def state(self, _: web.Request) -> web.Response:
        return _answer(views.state(self._world))

    async def messages(self, request: web.Request) -> web.Response:
        chat = _chat(self._world, request.query)
        return _answer(views.messages(self._world, chat))

    async def menu(self, request: web.Request) -> web.Response:
        person, chat = _place(self._world, request.query)
        return _answer(menu_for(self._world, person, chat))

    async def journal(self, request: web.Request) -> web.Response:
        limit = int(request.query.get("limit", JOURNAL_LINES_MAX))
        calls = islice(reversed(self._world.journal.calls), max(0, limit))
        body = {"counts": self._world.journal.counts, "calls": [asdict(call) for call in calls]}
        return _answer(body)

    async def file(self, request: web.Request) -> web.Response:
        try:
            stored = self._world.files.by_id(request.match_info["file_id"])
        except ApiError:
            raise web.HTTPNotFound from None
        headers = {} if stored.picture_type else {"Content-Disposition": "attachment"}
        kind = stored.picture_type or "application/octet-stream"
        return web.Response(body=stored.content, content_type=kind, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Stream what happens, until the page goes or the simulator ends."""
        stream = web.StreamResponse(headers={"Cache-Control": "no-store"})
        stream.content_type = "text/event-stream"
        await stream.prepare(request)
        events = self._world.events
        number = int(request.headers.get("Last-Event-ID", request.query.get("after", 0)))
        while not events.is_closing:
            fresh = events.after(number)
            number = events.last_number
            lines = views.event_lines(self._world, fresh)
            try:
                await stream.write(lines)
            except ConnectionError:
                break
            if number == events.last_number:
                await events.changed.wait(HEARTBEAT_SECONDS)
        return stream

    async def upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        attached = form.get("file")
        if not isinstance(attached, web.FileField):
            return _answer({"error": "there is no file"}, status=400)
        name = attached.filename or "file"
        upload = Upload(name, attached.content_type, attached.file.read())
        wishes = {key: str(value) for key, value in form.items() if key != "file"}
        person, chat = _place(self._world, wishes)
        message = actions.send_file(
            self._world,
            person,
            chat,
            upload,
            as_photo=wishes.get("as_photo") == "1",
            caption=wishes.get("caption", ""),
            reply_to=_whole(wishes.get("reply_to")),
        )
        return _answer({"message_id": message.id})

    async def deed(self, request: web.Request) -> web.Response:
        """Do what the last part of the path names."""
        deed = _DEEDS.get(request.match_info["deed"])
        if deed is None:
            raise web.HTTPNotFound
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        return _answer(await deed(self._world, loads(await request.read())))


@web.middleware
async def complaints(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put into an answer what a page or a storm asked for wrongly."""
    if not request.path.startswith("/sim/"):
        return await handler(request)
    try:
        return await handler(request)
    except (PersonError, ApiError, KeyError, TypeError, ValueError) as error:
        return _answer({"error": f"{type(error).__name__}: {error}"}, status=400)


def _answer(body: object, *, status: int = 200) -> web.Response:
    return web.Response(body=dumps(body), status=status, content_type="application/json")


def _chat(world: World, wishes: views.Wishes) -> Chat:
    chat = world.chats.get(int(wishes["chat"]))
    if chat is None:
        raise PersonError("there is no such chat")
    return chat


def _place(world: World, wishes: views.Wishes) -> tuple[Person, Chat]:
    person = world.person(wishes["person"])
    return person, _chat(world, wishes) if wishes.get("chat") else world.chats[person.id]


def _whole(wish: str | int | None) -> int | None:
    return int(wish) if wish else None


async def _say(world: World, wishes: Json) -> Json:
    message = actions.say(
        world,
        *_place(world, wishes),
        wishes["text"],
        reply_to=_whole(wishes.get("reply_to")),
        is_anonymous=bool(wishes.get("is_anonymous")),
    )
    return {"message_id": message.id}


async def _edit(world: World, wishes: Json) -> Json:
    message = actions.edit(
        world, *_place(world, wishes), int(wishes["message_id"]), wishes["text"]
    )
    return {"message_id": message.id}


async def _press(world: World, wishes: Json) -> Json:
    person, chat = _place(world, wishes)
    query_id = actions.press(world, person, chat, int(wishes["message_id"]), wishes["data"])
    return {"query_id": query_id}


async def _contact(world: World, wishes: Json) -> Json:
    return {"message_id": actions.share_contact(world, *_place(world, wishes)).id}


async def _pay(world: World, wishes: Json) -> Json:
    ends = payments.Ending(wishes.get("ends", "paid"))
    place = _place(world, wishes)
    return {"failure": await payments.pay(world, *place, int(wishes["message_id"]), ends)}


async def _repeat_receipt(world: World, wishes: Json) -> Json:
    return {"message_id": payments.repeat_receipt(world, *_place(world, wishes)).id}


async def _block(world: World, wishes: Json) -> Json:
    is_blocked = bool(wishes.get("is_blocked", True))
    actions.set_blocked(world, world.person(wishes["person"]), is_blocked=is_blocked)
    return {}


async def _push(world: World, wishes: Json) -> Json:
    world.updates.push(wishes)
    return {}


async def _fault(world: World, wishes: Json) -> Json:
    world.faults.order(**wishes)
    return {}


async def _calm(world: World, wishes: Json) -> Json:
    del wishes
    world.faults.clear()
    return {}


async def _shuffle(world: World, wishes: Json) -> Json:
    world.updates.duplicate_next(int(wishes.get("duplicate", 0)))
    world.updates.reverse_next(int(wishes.get("reverse", 0)))
    return {}


async def _person(world: World, wishes: Json) -> Json:
    return {"id": world.add_person(wishes["key"], int(wishes["id"]), wishes["first_name"]).id}


async def _group(world: World, wishes: Json) -> Json:
    members = [world.person(member).id for member in wishes["members"]]
    chat = world.add_chat(wishes.get("kind", "supergroup"), wishes["title"], members)
    if not wishes.get("has_bot", True):
        chat.bot_status = "left"
    return {"id": chat.id}


async def _member(world: World, wishes: Json) -> Json:
    groups.set_bot_member(world, *_place(world, wishes), wishes["status"])
    return {}


async def _join(world: World, wishes: Json) -> Json:
    groups.join(world, *_place(world, wishes))
    return {}


async def _leave(world: World, wishes: Json) -> Json:
    groups.leave(world, *_place(world, wishes))
    return {}


async def _migrate(world: World, wishes: Json) -> Json:
    return {"id": groups.migrate(world, _chat(world, wishes)).id}


_DEEDS: dict[str, Deed] = {
    "block": _block,
    "calm": _calm,
    "contact": _contact,
    "edit": _edit,
    "fault": _fault,
    "group": _group,
    "join": _join,
    "leave": _leave,
    "member": _member,
    "migrate": _migrate,
    "pay": _pay,
    "person": _person,
    "press": _press,
    "push": _push,
    "repeat_receipt": _repeat_receipt,
    "say": _say,
    "shuffle": _shuffle,
}
