"""What is kept never changes an answer, whatever happens to the files and to the store."""

from __future__ import annotations

from cache_machine import CacheMachine
from hypothesis import settings

TestKeptAndFresh = CacheMachine.TestCase
TestKeptAndFresh.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
