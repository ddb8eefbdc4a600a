"""Who may see and do what, as data: each role is a row to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.codes import SharingMarking
from service.domain.errors import NotAllowed


class AccessRole(StrEnum):
    """The roles a token or an account can have."""

    READER = "reader"
    TRAINEE = "trainee"
    RESPONDER = "responder"
    TRAINER = "trainer"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ADMIN = "admin"
    MONITOR = "monitor"


class Permission(StrEnum):
    """What a role permits, worded as the end of "your role does not permit you to …"."""

    READ = "read the library"
    PUBLISH = "publish entries"
    MANAGE_TOKENS = "manage tokens"
    WATCH = "read the metrics"


_PUBLIC = frozenset({SharingMarking.TLP_CLEAR, SharingMarking.TLP_GREEN})
_PARTNERS = _PUBLIC | {SharingMarking.TLP_AMBER}
_ORGANISATION = _PARTNERS | {SharingMarking.TLP_AMBER_STRICT}
_NAMED = _ORGANISATION | {SharingMarking.TLP_RED}

_VISIBLE: Mapping[AccessRole, frozenset[SharingMarking]] = {
    AccessRole.READER: _PUBLIC,
    AccessRole.TRAINEE: _PUBLIC,
    AccessRole.RESPONDER: _ORGANISATION,
    AccessRole.TRAINER: _ORGANISATION,
    AccessRole.EDITOR: _ORGANISATION,
    AccessRole.REVIEWER: _ORGANISATION,
    AccessRole.ADMIN: _NAMED,
    AccessRole.MONITOR: frozenset(),
}

_PERMITTED: Mapping[AccessRole, frozenset[Permission]] = {
    AccessRole.READER: frozenset({Permission.READ}),
    AccessRole.TRAINEE: frozenset({Permission.READ}),
    AccessRole.RESPONDER: frozenset({Permission.READ}),
    AccessRole.TRAINER: frozenset({Permission.READ}),
    AccessRole.EDITOR: frozenset({Permission.READ}),
    AccessRole.REVIEWER: frozenset({Permission.READ, Permission.PUBLISH}),
    AccessRole.ADMIN: frozenset(Permission),
    AccessRole.MONITOR: frozenset({Permission.WATCH}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks; without a role, nobody."""

    name: str
    role: AccessRole | None

    @property
    def visible(self) -> frozenset[SharingMarking]:
        """The markings of the entries this actor may see."""
        return _VISIBLE[self.role] if self.role is not None else frozenset()

    def permits(self, permission: Permission) -> bool:
        """Whether the actor's role permits this."""
        return self.role is not None and permission in _PERMITTED[self.role]

    def require(self, permission: Permission) -> None:
        """Raise `NotAllowed` unless the actor's role permits this."""
        if not self.permits(permission):
            raise NotAllowed(permission.value)


NOBODY = Actor("nobody", None)
OPERATOR = Actor("operator", AccessRole.ADMIN)
