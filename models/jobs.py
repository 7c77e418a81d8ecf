"""What runs by itself, and when it last did."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import UTCDateTime


class JobRun(SQLModel, table=True):
    """The last run of a job: ``result`` is a short sentence without personal data, ``failures`` how many failed
    in a row, ``asked_at`` when an administrator asked for one that has not begun."""

    __tablename__ = "job_run"

    name: str = Field(max_length=40, primary_key=True)
    started_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    failures: int = 0
    asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    result: str = Field(default="", max_length=300)
