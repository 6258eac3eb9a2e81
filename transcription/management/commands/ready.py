from typing import Any

from django.core.management.base import BaseCommand, CommandError

from transcription import health


class Command(BaseCommand):
    help = (
        "Say whether database, migrations, queue and storage can be used, as /readyz does; for containers of workers."
    )
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = health.readiness()
        self.stdout.write("\n".join(f"{name}: {said}" for name, said in found.items()))
        if set(found.values()) != {health.OK}:
            raise CommandError("Not ready.")
