"""What centres say of their rooms, and associations of their places."""

from datetime import timedelta

from portal.demo.national.rooms import Centre
from portal.demo.national.world import World
from portal.demo.national.writer import Writer
from portal.models.vacancies import Place


def write(world: World, rooms: list[Centre]) -> None:
    """Free rooms by the women who stay; told today, and by one in five houses too long ago to be trusted."""
    writer = Writer(Place)
    for room, house in zip(rooms, world.country.centres, strict=True):
        writer.add(
            {
                "organisation_id": house.id,
                "rooms": max(0, room.rooms - room.taken),
                "free_on": world.today,
                "most_children": world.random.choice((1, 2, 3, 4)),
                "is_accessible": world.random.random() < 0.3,
                "languages": [],
                "told_at": world.now - timedelta(days=5 if world.random.random() < 0.2 else 0, hours=1),
                "told_by_id": house.workers[0].now.user_id,
            }
        )
    writer.flush()
