"""Every case of the demonstration, told part by part."""

from __future__ import annotations

from app.demo.stories.disability import DISABILITY
from app.demo.stories.family import FAMILY
from app.demo.stories.health import HEALTH
from app.demo.stories.housing import HOUSING
from app.demo.stories.money import MONEY
from app.demo.stories.papers import PAPERS
from app.demo.stories.retirement import RETIREMENT
from app.demo.stories.sickness import SICKNESS
from app.demo.stories.work import WORK
from app.demo.story import Story

STORIES: tuple[Story, ...] = (
    *HOUSING,
    *FAMILY,
    *HEALTH,
    *SICKNESS,
    *RETIREMENT,
    *DISABILITY,
    *MONEY,
    *WORK,
    *PAPERS,
)
