"""One prompt as its environment serves it."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from math import inf
from threading import RLock
from time import monotonic
from typing import Literal, NamedTuple, TypeVar

from ..bedrock.retry.call_deadline import call_deadline
from ..contract import document
from .deployment import Deployment, Release, release_for
from .ports import PromptEvent, PromptLimits, PromptMetric, PromptPorts
from .prompt_problem import PromptProblem, integrity_problem, problem_of
from .published_prompt import PublishedPrompt
from .registry_reader import RegistryReader
from .release_reader import ReleaseReader, in_thread, is_within

T = TypeVar("T")

_RESERVE = document("client-policy")["deadlineReserve"]


class FoundPrompt(NamedTuple):
    """A prompt, and where it comes from."""

    prompt: PublishedPrompt
    source: Literal["registry", "stale", "bundled", "file"]


class _Known(NamedTuple):
    deployment: Deployment
    # When it was asked for, and not when the answer was read: between the two the function may have been frozen.
    asked_at: float


@dataclass(slots=True)
class _Refresh:
    asked_at: float
    done: "Future[_Known] | None" = None


class _Failure(NamedTuple):
    problem: PromptProblem
    at: float


class PromptSource:
    """
    Kept for a while, read anew within the invocation that asks for it after that, served once more while the registry is away, and then
    no longer.
    """

    def __init__(
        self,
        environment: str,
        prompt_id: str,
        registry: RegistryReader,
        ports: PromptPorts,
        limits: PromptLimits,
        try_bundled: Callable[[], PublishedPrompt | None],
    ) -> None:
        """`try_bundled` gives the copy in the function's code; None when it has none."""
        self._environment = environment
        self._id = prompt_id
        self._registry = registry
        self._ports = ports
        self._limits = limits
        self._bundled = try_bundled
        self._lock = RLock()
        # The deployment that is served.
        self._known: _Known | None = None
        # The last one that was seen: nothing older is believed. Its prompt may still be missing.
        self._newest: _Known | None = None
        self._refreshing: _Refresh | None = None
        self._failed: _Failure | None = None
        self._releases = ReleaseReader(lambda release: registry.prompt(prompt_id, release), self._tell_integrity, ports, limits)
        self._told_of: PromptProblem | None = None

    def find(self, session_key: str | None) -> FoundPrompt:
        """Raises a PromptProblem when there is none that may be served."""
        known = self._known
        if known is not None and self._is_younger(known, self._limits.fresh):
            prompt = self._try_kept(known, session_key)
            if prompt is not None:
                return FoundPrompt(prompt, "registry")
        return self._find_slowly(session_key)

    def _find_slowly(self, session_key: str | None) -> FoundPrompt:
        deadline = call_deadline(self._ports.remaining_time_ms(), reserve_ms=_RESERVE["ms"], reserve_share=_RESERVE["share"])
        try:
            release = self._release_of(self._refreshed(session_key, deadline).deployment, session_key)
            if self._is_revoked(release):
                raise PromptProblem("refused", "revoked", f"Version {release.version} is deployed, and was revoked.")
            prompt = self._releases.try_kept(release) or _waited(self._releases.read(release), self._limits.total, deadline)
            return FoundPrompt(prompt, "registry")
        except Exception as error:
            return self._fall_back(problem_of(error), session_key)

    def _refreshed(self, session_key: str | None, deadline: float) -> _Known:
        with self._lock:
            if self._known is not None and self._is_younger(self._known, self._limits.fresh):
                return self._known
            if self._failed is not None and is_within(self._ports.now() - self._failed.at, self._limits.retry):
                raise self._failed.problem
            done = self._current_refresh()
            wait = self._limits.total if self._try_stale(session_key) is None else self._limits.wait
        return _waited(done, wait, deadline)

    def _current_refresh(self) -> "Future[_Known]":
        refresh = self._refreshing
        if refresh is not None and refresh.done is not None:
            if is_within(self._ports.now() - refresh.asked_at, 2 * self._limits.total):
                return refresh.done
            # It is older than one can become: the function was frozen, and its answer would be old.
            self._releases.give_up()
        refresh = _Refresh(self._ports.now())
        self._refreshing = refresh
        started = refresh
        refresh.done = in_thread(lambda: self._refresh(started))
        return refresh.done

    def _refresh(self, refresh: _Refresh) -> _Known:
        try:
            found = self._registry.deployment(self._id)
            with self._lock:
                if self._refreshing is not refresh:
                    raise PromptProblem("unavailable", "late", "The answer came after a newer question.")
                known = _Known(self._require_newer(found), refresh.asked_at)
                self._newest = known
            self._read_releases(known.deployment)
        except Exception as error:
            problem = problem_of(error)
            with self._lock:
                if self._refreshing is refresh:
                    self._refreshing = None
                    self._fail(problem)
            raise problem from error
        with self._lock:
            if self._refreshing is refresh:
                self._refreshing = None
                self._keep(known)
        return known

    def _require_newer(self, found: Deployment | None) -> Deployment:
        before = None if self._newest is None else self._newest.deployment
        if found is None and before is None:
            raise PromptProblem("refused", "not_deployed", "The prompt was never promoted to this environment.")
        if found is not None and (before is None or found.sequence > before.sequence or _is_same(found, before)):
            return found
        now = "none" if found is None else f"deployment {found.sequence}"
        was = "none" if before is None else before.sequence
        raise integrity_problem("deployment_sequence", f"Deployment {was} was there; now there is {now}, which is older or another one.")

    def _read_releases(self, deployment: Deployment) -> None:
        """That of a candidate may fail: who is to get it is told."""
        if deployment.candidate is not None and not self._is_revoked(deployment.candidate):
            self._releases.read(deployment.candidate)
        if not self._is_revoked(deployment.active) and self._releases.try_kept(deployment.active) is None:
            _waited(self._releases.read(deployment.active), self._limits.total, inf)

    def _keep(self, known: _Known) -> None:
        active, candidate = known.deployment.active, known.deployment.candidate
        self._releases.keep_only([active] if candidate is None else [active, candidate])
        self._known = known
        self._failed = None
        # A metric of which only the bad moments are known looks the same as one that nobody emits.
        self._count("PromptIntegrityFailureCount", 0)

    def _fail(self, problem: PromptProblem) -> None:
        """Once something was not what was signed, only an answer that is ends it, and no silence."""
        before = self._failed
        is_lasting = before is not None and before.problem.kind == "integrity" and problem.kind == "unavailable"
        self._failed = _Failure(before.problem if before is not None and is_lasting else problem, self._ports.now())
        self._tell_integrity(problem)

    def _fall_back(self, problem: PromptProblem, session_key: str | None) -> FoundPrompt:
        with self._lock:
            reason = self._failed.problem if self._failed is not None and self._failed.problem.kind == "integrity" else problem
            if reason.kind == "unavailable":
                stale = self._try_stale(session_key)
                if stale is not None:
                    return self._told(FoundPrompt(stale, "stale"), "promptStale", "PromptStaleCount", reason)
                bundled = self._try_bundled(session_key)
                if bundled is not None:
                    return self._told(FoundPrompt(bundled, "bundled"), "promptBundled", "PromptBundledCount", reason)
        self._ports.log("error", "promptUnavailable", self._fields_of(reason))
        self._count("PromptUnavailableCount", 1)
        raise reason

    def _try_stale(self, session_key: str | None) -> PublishedPrompt | None:
        """What was served until now, unless it is too old or is known to be revoked."""
        if self._known is None or (self._failed is not None and self._failed.problem.kind == "integrity"):
            return None
        return self._try_kept(self._known, session_key) if self._is_younger(self._known, self._limits.max_stale) else None

    def _try_bundled(self, session_key: str | None) -> PublishedPrompt | None:
        """The copy in the code stands in for what nobody could ask about, and for what is known to be the same."""
        newest = self._newest
        if newest is not None and not self._is_younger(newest, self._limits.max_stale):
            return None
        copy = self._bundled()
        if copy is None or newest is None:
            return copy
        release = self._release_of(newest.deployment, session_key)
        return copy if release.template_hash == copy.template_hash and not self._is_revoked(release) else None

    def _try_kept(self, known: _Known, session_key: str | None) -> PublishedPrompt | None:
        release = self._release_of(known.deployment, session_key)
        return None if self._is_revoked(release) else self._releases.try_kept(release)

    def _release_of(self, deployment: Deployment, session_key: str | None) -> Release:
        return release_for(deployment, self._id, session_key, self._revoked())

    def _is_revoked(self, release: Release) -> bool:
        return release.template_hash in self._revoked()

    def _revoked(self) -> frozenset[str]:
        newest = self._newest
        return frozenset() if newest is None else newest.deployment.revoked

    def _is_younger(self, known: _Known, seconds: float) -> bool:
        return is_within(self._ports.now() - known.asked_at, seconds)

    def _told(self, found: FoundPrompt, event: PromptEvent, metric: PromptMetric, reason: PromptProblem) -> FoundPrompt:
        named = {"prompt_version": found.prompt.version, "template_hash": found.prompt.template_hash}
        self._ports.log("warn", event, {**named, **self._fields_of(reason)})
        self._count(metric, 1)
        return found

    def _tell_integrity(self, problem: PromptProblem) -> None:
        if problem.kind != "integrity" or self._told_of is problem:
            return
        self._told_of = problem
        self._ports.log("error", "promptIntegrityFailed", self._fields_of(problem))
        self._count("PromptIntegrityFailureCount", 1)

    def _fields_of(self, problem: PromptProblem) -> dict[str, object]:
        where = {"prompt_id": self._id, "prompt_environment": self._environment}
        return {**where, "reason": problem.reason, "problem": str(problem)}

    def _count(self, metric: PromptMetric, value: int) -> None:
        self._ports.count(metric, value, {"prompt_id": self._id})


def _is_same(one: Deployment, other: Deployment) -> bool:
    return one.sequence == other.sequence and one.text == other.text


def _waited(work: "Future[T]", seconds: float, deadline: float) -> T:
    try:
        return work.result(max(0.0, min(seconds, deadline - monotonic())))
    except TimeoutError as error:
        raise PromptProblem("unavailable", "slow", "The registry has not answered yet.") from error
