"""What the registry says, so far as it can be believed."""

from threading import Lock

from ..contract.prompt_registry import current_key
from .deployment import Deployment, Release, require_deployment
from .ports import PromptStore
from .published_prompt import PublishedPrompt, require_published
from .signing_key import SigningKey


class RegistryReader:
    def __init__(self, store: PromptStore, environment: str, key_id: str | None) -> None:
        """`key_id` is None where nothing is signed: in the sandbox."""
        self._store = store
        self._environment = environment
        self._key_id = key_id
        self._key: SigningKey | None = None
        self._turn = Lock()

    def deployment(self, prompt_id: str) -> Deployment | None:
        """What the environment serves; None when nothing is deployed there."""
        item = self._store.deployment(current_key(self._environment, prompt_id))
        return None if item is None else require_deployment(item, self._environment, prompt_id, self._signing_key())

    def prompt(self, prompt_id: str, release: Release) -> PublishedPrompt:
        return require_published(self._store.object(release.key, release.object_version_id), prompt_id, release, self._signing_key())

    def _signing_key(self) -> SigningKey | None:
        """Asked for once; again only after it could not be had."""
        if self._key_id is None:
            return None
        with self._turn:
            self._key = self._key or SigningKey(self._store.signing_key(self._key_id), self._key_id)
            return self._key
